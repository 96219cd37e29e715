"""The queue of one stream is bounded, whatever the browser does."""

import asyncio

from web.live_hub import AGAIN, FULL, Listener


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
