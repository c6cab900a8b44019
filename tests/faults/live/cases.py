"""Small inputs that went wrong in comparable systems, played whole against a live desk.

`python -m tests.faults.live.cases [FOLDER] [--store sqlite]`: the cases of tests/data, and those of
FOLDER, or of `../shared/cases/telegram` where it is there. Prints what staff see, what the client
is told, `tickets show` and the export of each. 0: each is as tests/data says that it should be.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from handlers.sandbox.slack.block_kit.block_state import said
from handlers.sandbox.slack.workspace import Message as Posted
from handlers.sandbox.telegram import VirtualUser
from tests.faults.live.places import STORES, a_place
from tests.faults.live.town import PATIENCE, Town, a_town
from tests.inputs import BESIDE, DATA, rows
from tests.support.drivers.office import SUPPORT
from tests.volume import seed

Json = dict[str, Any]
OWN = DATA / "telegram" / "played_cases.json"
RIGHTS = DATA / "telegram" / "case_rights.json"
"""What is right of a case that lies outside of the project, by its name."""
SHARED = BESIDE / "cases" / "telegram"
EXPORT = ("tickets", "export", "--format", "jsonl", "--personal")
AT_ONCE = 8
REST_SECONDS = 8
"""An album is awaited, a reply is held, a post is edited: by then each has been."""


@dataclass
class Observed:
    """What people saw of a case."""

    staff: list[str] = field(default_factory=list[str])
    told: list[str] = field(default_factory=list[str])
    bot: list[Json] = field(default_factory=list[Json])
    show: str = ""
    export: str = ""

    def lines(self) -> list[str]:
        return [
            *(f"  staff  | {line}" for text in self.staff for line in text.splitlines()),
            *(f"  client | {line}" for text in self.told for line in text.splitlines()),
            *(f"  show   | {line}" for line in self.show.splitlines()),
            *(f"  export | {line}" for line in self.export.splitlines()),
        ]


@dataclass
class Play:
    """One case, with a client and a ticket of its own."""

    town: Town
    case: Json
    client: VirtualUser
    number: str = ""
    card: str = ""
    since: int = 0
    posts_before: int = 0

    async def run(self) -> Observed:
        await self._set_up()
        await asyncio.sleep(2)
        self.since = self.town.telegram.world.last_message_id
        self.posts_before = len(self._thread())
        for step in self.case["steps"]:
            await self._step(step)
        await asyncio.sleep(REST_SECONDS)
        return await self._observed()

    async def _set_up(self) -> None:
        client = self.client
        await client.start()
        await client.expect(button="English", timeout_seconds=PATIENCE)
        if self.case.get("setup") == "none":
            return
        await client.say("/new")
        await client.expect(button="Technical problem", timeout_seconds=PATIENCE)
        await client.tap("Technical problem")
        await client.expect("happened", timeout_seconds=PATIENCE)
        if self.case.get("setup") == "draft":
            return
        await client.say(f"No internet in the house of {client.id}")
        await client.expect(button="Send", timeout_seconds=PATIENCE)
        await self._send()

    async def _send(self) -> None:
        client = self.client
        await client.tap("Send")
        told = await client.expect("is open", timeout_seconds=PATIENCE)
        self.number = next(word for word in told.text.split() if word.startswith("T-"))
        await self.town.until(self._has_card)

    def _has_card(self) -> bool:
        for one in self.town.slack.channel(SUPPORT).messages.values():
            if one.bot_id and not one.is_reply and self.number in str(one.blocks):
                self.card = one.ts
        return bool(self.card)

    async def _step(self, step: Json) -> None:
        if "wait" in step:
            await asyncio.sleep(step["wait"])
        if "staff_reply" in step:
            text = f">> {step['staff_reply']}"
            bob = self.town.slack.people["U0BOB"]
            await bob.say(SUPPORT, text, thread_ts=self.card)
        if "say" in step:
            await self.client.say(step["say"])
        if "tap" in step:
            await self.client.tap(step["tap"])
        if step.get("update"):
            self._arrives(step["update"], step["content"])

    def _arrives(self, kind: str, content: Json) -> None:
        """The update as Telegram would send it, and the chat as its screen would show it."""
        world, chat, face = self.town.telegram.world, self.client.chat, self.client.face
        content = {
            k: self.client.last.message_id if v == "LAST_BOT" else v for k, v in content.items()
        }
        chat.topics |= {content["message_thread_id"]} if "message_thread_id" in content else set()
        if kind == "message":
            world.updates.put(kind, world.post(chat, content, author=face).json, chat.id)
            return
        head: Json = {"chat": chat.face, "date": world.now}
        if kind == "edited_message":
            known = chat.messages.get(content["message_id"])
            head |= {"from": face, "date": known.json["date"] if known else world.now}
        else:
            head |= {"user": face}
        world.updates.put(kind, head | content, chat.id)

    async def _observed(self) -> Observed:
        if self.case.get("setup") == "draft":
            await self._send_draft()
        news = [one for one in self.client.messages if one.message_id > self.since]
        bot = [one for one in news if one.is_from_bot and not one.is_deleted]
        shown = await self.town.desk.command("tickets", "show", self.number) if self.number else ""
        staff = [said(one.blocks) or one.text for one in self._thread()[self.posts_before :]]
        told = [one.text for one in bot]
        return Observed(staff, told, [one.json for one in bot], shown)

    async def _send_draft(self) -> None:
        self.client.forget()
        await self._send()
        await asyncio.sleep(REST_SECONDS)

    def _thread(self) -> list[Posted]:
        return self.town.slack.channel(SUPPORT).thread(self.card) if self.card else []


def wrong_with(seen: Observed, right: Json) -> list[str]:
    """What is not as it should be."""
    staff, told = "\n".join(seen.staff), "\n".join(seen.told)
    kept = right.get("kept", right.get("staff", []))
    export = _plain(seen.export)
    wrong = [f"staff do not see {one!r}" for one in right.get("staff", []) if one not in staff]
    wrong += [f"staff see {one!r}" for one in right.get("staff_not", []) if one in staff]
    wrong += [
        f"staff see {one!r} {staff.count(one)} times"
        for one in right.get("once", [])
        if staff.count(one) != 1
    ]
    wrong += [f"the client is not told {one!r}" for one in right.get("told", []) if one not in told]
    wrong += [f"the client is told {one!r}" for one in right.get("told_not", []) if one in told]
    wrong += [f"`show` lacks {one!r}" for one in kept if one not in seen.show]
    wrong += [f"the export lacks {one!r}" for one in kept if one not in export]
    if right.get("silent") and (seen.staff or seen.told):
        wrong.append("it is not silent")
    for name, value in right.get("bot_json", {}).items():
        wrong += [f"{name} is missing" for one in seen.bot if one.get(name) != value]
    return wrong


def _plain(exported: str) -> str:
    """All texts of the export as they read."""
    found: list[str] = []
    for line in exported.splitlines():
        try:
            found += _texts(json.loads(line))
        except ValueError:
            found.append(line)
    return "\n".join(found)


def _texts(part: object) -> list[str]:
    if isinstance(part, dict):
        return [text for value in part.values() for text in _texts(value)]
    if isinstance(part, list):
        return [text for value in part for text in _texts(value)]
    return [str(part)]


def cases(folder: Path) -> list[Json]:
    """Ours, then those of the folder, each with what is right of it as far as we know."""
    rights = {one["name"]: one["expect"] for one in rows(RIGHTS)}
    found = [json.loads(file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*.json"))]
    return [*rows(OWN), *({"expect": rights.get(one["name"], {})} | one for one in found)]


async def play(folder: Path, url: str, chosen: Sequence[Json]) -> dict[str, list[str]]:
    """What is wrong, by case; some are played side by side."""
    wrong: dict[str, list[str]] = {}
    async with a_town(folder, url, seed=seed(), clients=0) as town:
        await town.desk.start()
        for first in range(0, len(chosen), AT_ONCE):
            some = chosen[first : first + AT_ONCE]
            plays = [
                Play(town, case, town.telegram.user(50_001 + first + place, f"Kind{first + place}"))
                for place, case in enumerate(some)
            ]
            ended = await asyncio.gather(*(one.run() for one in plays), return_exceptions=True)
            exported = (await town.desk.command(*EXPORT)).splitlines()
            for one, seen in zip(plays, ended, strict=True):
                own = [line for line in exported if one.number and one.number in line]
                wrong[one.case["name"]] = _told(one.case, seen, "\n".join(own))
    return wrong


def _told(case: Json, seen: Observed | BaseException, exported: str) -> list[str]:
    print(f"== {case['name']}")
    if isinstance(seen, BaseException):
        wrong = [f"not played: {type(seen).__name__}: {seen}"[:300]]
    else:
        seen.export = exported
        print("\n".join(seen.lines()))
        wrong = wrong_with(seen, case["expect"])
    print("\n".join(f"  WRONG  | {one}" for one in wrong) or "  right", flush=True)
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=SHARED)
    parser.add_argument("--store", action="append", choices=STORES)
    parser.add_argument("--only", default="", help="names that hold this")
    options = parser.parse_args()
    chosen = [one for one in cases(options.folder) if options.only in one["name"]]
    bad: list[str] = []
    began = time.monotonic()
    for store in options.store or STORES:
        folder = Path(tempfile.mkdtemp(prefix="cases-"))
        with a_place(store, folder) as url:
            wrong = asyncio.run(play(folder, url, chosen))
        bad += [f"{name} ({store})" for name, found in wrong.items() if found]
    where = "" if options.folder.is_dir() else f"; {options.folder.name}/ is not here"
    took = time.monotonic() - began
    print(
        f"{len(chosen)} cases on {len(options.store or STORES)} databases in {took:.0f} s{where}; "
        f"wrong: {', '.join(bad) or 'none'}"
    )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
