"""The queue of one stream is bounded, whatever the browser does."""

import asyncio

from web.live_hub import AGAIN, FULL, Listener, hub, pings


async def _slow_browser() -> list[bytes | None]:
    listener = Listener("key", 1, {"lane:1:1"})
    for number in range(FULL * 3):
        listener.put(b"%d" % number)
    listener.put(None)
    return [listener.queue.get_nowait() for _ in range(listener.queue.qsize())]


def test_a_slow_browser_is_told_to_look_again_and_still_ends() -> None:
    found = asyncio.run(_slow_browser())
    assert len(found) <= FULL
    assert found[0] == AGAIN
    assert found[-1] is None


async def _goes_while_told(ticks: int) -> int:
    """A browser that goes so many turns of the loop after a ping; how many streams are left a second later."""
    listener = Listener("key", 1, {"lane:1:1"})

    async def browse() -> None:
        async for _ in pings(listener):
            await asyncio.sleep(0)

    task = asyncio.create_task(browse())
    while not hub.size:
        await asyncio.sleep(0)
    listener.put(b"ping")
    for _ in range(ticks):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task], timeout=1)
    left = hub.size
    task.cancel()
    await asyncio.wait([task])
    return left


async def _all_go() -> list[int]:
    return [await _goes_while_told(ticks) for ticks in range(6)]


def test_a_browser_that_goes_while_it_is_told_something_leaves_nothing() -> None:
    assert asyncio.run(_all_go()) == [0] * 6
