"""One pass of the replay: load by windows, poll to the end, compare what the API says with the file."""

import argparse
import random
import time
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import Role, User  # noqa: E402
from accounts.services import tokens  # noqa: E402
from benchmarks.replay_file import File, Row, expected_text  # noqa: E402
from channels import registry  # noqa: E402
from channels.contracts import FetchPage, StreamKind, type_json  # noqa: E402
from channels.models import Brand, Channel, Stream  # noqa: E402
from inbox.services import polling  # noqa: E402
from inbox.services.desks import create_first_desks  # noqa: E402
from tests.domain.channels import kit  # noqa: E402
from tests.sandbox.running import Sandbox  # noqa: E402

LONG_AGO = datetime(2010, 12, 1, tzinfo=UTC)
BATCH = 500
ENOUGH = 20  # each kind of fault must really have fired so often
TRIES = 200
EXAMPLES = 5
FAULTS: dict[str, dict[str, Any]] = {
    "429": {"rate": 0.04, "retry_after": 1},
    "5xx": {"rate": 0.04},
    "timeout": {"rate": 0.02, "seconds": 12},
    "truncated": {"rate": 0.04},
    "duplicate_page": {"rate": 0.25},
    "reordered": {"rate": 0.2},
}


class EarlyMark:
    """The deliberate break: says after its first page that the walk has closed."""

    def __init__(self, adapter: Any) -> None:
        self._adapter = adapter

    def __getattr__(self, name: str) -> Any:
        return getattr(self._adapter, name)

    def fetch(self, stream: StreamKind, *, mark: type_json, resume: type_json | None, options: type_json) -> FetchPage:
        return replace(self._adapter.fetch(stream, mark=mark, resume=resume, options=options), resume=None)


class Rig:
    """The installation of one pass."""

    def __init__(self, sandbox: Sandbox, chosen: argparse.Namespace, *, with_id: bool) -> None:
        self.sandbox = sandbox
        self.chosen = chosen
        self.with_id = with_id
        self.random = random.Random(chosen.seed)
        self.file = File(chosen.file, limit=chosen.limit, by_parents=not with_id)
        self.channels: dict[str, Channel] = {}
        self.retries: Counter[str] = Counter()
        self.polls = 0

    def run(self) -> dict[str, Any]:
        call_command("migrate", verbosity=0)
        self._people()
        if self.chosen.broken:
            whole = registry.adapter_for
            registry.adapter_for = lambda channel: EarlyMark(whole(channel))  # type: ignore[assignment]
        begun = time.monotonic()
        self._play()
        seconds = time.monotonic() - begun
        result = self._compare() | {
            "seconds": round(seconds, 1),
            "polls": self.polls,
            "polls_tried_again": dict(self.retries),
        }
        if self.chosen.faults:
            result["faults_fired"] = self._fired()
        before = self._size()
        self._play()
        return result | {"second_run_added": self._size() - before}

    # --- the installation

    def _people(self) -> None:
        create_first_desks()
        ada = User.objects.create_user("ada@example.org", None, name="Ada", role=Role.ADMINISTRATOR)
        _, token = tokens.create(ada.pk, name="replay", actor=None)
        self.client = Client(SERVER_NAME="127.0.0.1", headers={"authorization": f"Bearer {token}"})

    def _connect(self) -> None:
        """A fresh network with the brands' accounts, the same ids each time; marks begin anew."""
        self.sandbox.control("POST", "reset")
        self.sandbox.control("POST", "settings", {"rate_limits": False, "conversation_ids": self.with_id})
        for number, handle in enumerate(self.file.brands):
            account = self.sandbox.brand(handle, id=str(9_000_000_000 + number))
            credentials = kit.oauth1(account["credentials"])
            channel = self.channels.get(handle) or Channel(
                brand=Brand.objects.create(name=handle, slug=f"brand-{number}"),
                kind="x",
                external_id=account["id"],
                handle=handle,
                import_since=LONG_AGO,
                connected_at=LONG_AGO,
                sealed_credentials=b"",
            )
            channel.save()
            self.channels[handle] = kit.give_keys(channel, credentials)
            for kind in (StreamKind.MENTIONS, StreamKind.OWN_POSTS):
                Stream.objects.update_or_create(
                    channel=channel,
                    kind=kind,
                    defaults={"mark": {}, "resume": None, "read_since": LONG_AGO, "lease_until": None},
                )

    # --- playing the file

    def _play(self) -> None:
        self._connect()
        if self.chosen.faults:
            for number, (kind, more) in enumerate(FAULTS.items()):
                self.sandbox.fault("GET /2/*", kind, seed=self.chosen.seed * 100 + number, **more)
        for window in self._windows():
            self._load(window)
            self._poll({(brand, row.inbound) for row in window for brand in row.brands})

    def _windows(self) -> list[list[Row]]:
        """Rows in order of time, at most so many per account and direction."""
        windows: list[list[Row]] = [[]]
        held: Counter[tuple[str, bool]] = Counter()
        for row in self.file.rows:
            keys = [(brand, row.inbound) for brand in row.brands]
            if any(held[key] >= self.chosen.window for key in keys):
                windows.append([])
                held.clear()
            windows[-1].append(row)
            held.update(keys)
        return windows

    def _load(self, window: list[Row]) -> None:
        rows = window[:]
        if not self.with_id:
            self.random.shuffle(rows)
        self.sandbox.control("POST", "clock", {"now": window[-1].at.isoformat()})
        for start in range(0, len(rows), BATCH):
            posts = [self.file.post(row, with_id=self.with_id) for row in rows[start : start + BATCH]]
            self.sandbox.control("POST", "posts", posts)

    def _poll(self, touched: set[tuple[str, bool]]) -> None:
        """Every stream that the window concerns, until its walk has closed; in an order of its own each time."""
        wanted = [(brand, StreamKind.MENTIONS if inbound else StreamKind.OWN_POSTS) for brand, inbound in touched]
        wanted.sort()
        self.random.shuffle(wanted)
        for brand, kind in wanted:
            stream = Stream.objects.get(channel=self.channels[brand], kind=kind)
            for _ in range(TRIES):
                now = timezone.now()
                Stream.objects.filter(pk=stream.pk).update(next_poll_at=now, lease_until=None)
                Channel.objects.filter(pk=stream.channel_id).update(breaker_until=None, failures_in_row=0)
                report = polling.poll_stream(stream.pk)
                self.polls += 1
                if report.closed:
                    break
                self.retries[report.error or "not_closed"] += 1
                self._disarm()
            else:
                raise RuntimeError(f"{brand} {kind}: the walk does not close: {report}")

    def _fired(self) -> dict[str, int]:
        return dict(self.sandbox.control("GET", "faults")["fired"])

    def _disarm(self) -> None:
        """The slow kind has fired often enough: a run need not take all day."""
        if self.chosen.faults and self._fired().get("timeout", 0) >= ENOUGH + 2:
            kept = {kind: more for kind, more in FAULTS.items() if kind != "timeout"}
            if len(self.sandbox.control("GET", "faults")["faults"]) > len(kept):
                self.sandbox.control("DELETE", "faults")
                for number, (kind, more) in enumerate(kept.items()):
                    self.sandbox.fault("GET /2/*", kind, seed=self.chosen.seed * 1000 + number, **more)

    # --- comparing

    def _size(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT (SELECT count(*) FROM inbox_message) + (SELECT count(*) FROM inbox_conversation)"
                " + (SELECT count(*) FROM inbox_case) + (SELECT count(*) FROM inbox_profile)"
            )
            return int(cursor.fetchone()[0])

    def _pages(self, path: str, **query: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        cursor = ""
        while True:
            answer = self.client.get(
                f"/api/v1/{path}", {**query, "limit": 200, **({"cursor": cursor} if cursor else {})}
            )
            if answer.status_code != 200:
                raise RuntimeError(f"{path}: {answer.status_code} {answer.content[:300]!r}")
            found += answer.json()["results"]
            cursor = answer.json()["next"] or ""
            if not cursor:
                return found

    def _compare(self) -> dict[str, Any]:
        rows = {row.id: row for row in self.file.rows}
        messages = {brand: self._pages(f"channels/{channel.pk}/messages") for brand, channel in self.channels.items()}
        ours = {(brand, m["external_id"]): m for brand, found in messages.items() for m in found}
        expected = {(brand, row.id): row for row in rows.values() for brand in row.brands}
        found = {key: ours[key] for key in expected if key in ours}
        total = sum(len(found) for found in messages.values())
        parents = {key: row for key, row in expected.items() if row.parent}
        return {
            "expected": len(rows),
            "stored": len({id_ for _, id_ in found}),
            "copies_expected": len(expected),
            "copies_stored": len(found),
            "duplicates": total - len(ours),
            "context_besides": len(ours) - len(found),
            **self._compare_conversations(found),
            "parents_expected": len(parents),
            "parents_wrong": sum(
                1
                for key, row in parents.items()
                if key not in found or found[key]["in_reply_to"] != self.file.ids[row.parent]
            ),
            "texts_wrong": sum(
                1
                for key, row in expected.items()
                if key not in found or (found[key]["text"] != expected_text(row) and "card" not in found[key]["notes"])
            ),
            "masked": sum(1 for message in found.values() if "card" in message["notes"]),
        }

    def _compare_conversations(self, found: dict[tuple[str, str], dict[str, Any]]) -> dict[str, Any]:
        members: dict[int, set[str]] = defaultdict(set)
        for (_, external_id), message in found.items():
            if message["conversation"] is not None:
                members[message["conversation"]].add(external_id)
        ours: dict[tuple[str, str, str], set[str]] = {}
        twice = 0
        for line in self._pages("conversations", status="any"):
            key = (line["thread_key"].removeprefix("post:"), line["profile"]["external_id"], line["brand"]["name"])
            twice += key in ours
            ours[key] = members[line["id"]]
        expected = self.file.conversations()
        return {
            "rows_whose_root_no_parent_tells": self.file.beyond_reach,
            "conversations_expected": len(expected),
            "conversations_exact": sum(1 for key, ids in expected.items() if ours.get(key) == ids),
            "conversations_extra": len(ours.keys() - expected.keys()) + twice,
            "examples": [
                {"expected": [*key, sorted(ids)], "found": sorted(ours.get(key, ()))}
                for key, ids in sorted(expected.items())
                if ours.get(key) != ids
            ][:EXAMPLES],
        }
