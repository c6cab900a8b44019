"""Statements and questions, each said by a client with a live ticket, and questions without one.

`python -m tests.faults.live.talk_in_tickets [--statements FILE] [--questions FILE]`: a line each,
or JSON lines with `text` or `question`; without files ours, and the questions of `../shared/eval`
where it is there. 0: all reach staff, and 95 % of the questions that are answered without a ticket
get the same answer with one.
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

from bot.answering.document.policy_document import shipped_policy
from handlers.sandbox.slack.block_kit.block_state import said
from handlers.sandbox.telegram import VirtualUser
from tests.faults.live.places import a_place
from tests.faults.live.town import PATIENCE, Town, a_town
from tests.inputs import BESIDE
from tests.support.drivers.office import SUPPORT
from tests.volume import ROOT, seed

TALK = ROOT / "tests" / "golden" / "talk"
MORE = BESIDE / "eval" / "policy-questions-dev.jsonl"
SHARE_ALIKE = 0.95
AT_ONCE = 16
QUIET_SECONDS = 3.0
POLICY = " ".join(shipped_policy().text.split())


@dataclass
class Tally:
    """What came of one kind of text."""

    lost: list[str] = field(default_factory=list[str])
    answered: list[str] = field(default_factory=list[str])
    outside: int = 0
    other: list[str] = field(default_factory=list[str])


@dataclass
class Ear:
    """Says things in live tickets and outside of any, each as another client."""

    town: Town
    number: int = 0

    async def inside(self, text: str) -> tuple[bool, str]:
        """Whether staff see it, and what the client is told."""
        client = self._somebody()
        await self._opens(client)
        told = await self._says(client, text)
        return _flat(text) in self._threads(client), told

    async def outside(self, text: str) -> str:
        client = self._somebody()
        await self._enters(client)
        return await self._says(client, text)

    def _somebody(self) -> VirtualUser:
        self.number += 1
        return self.town.telegram.user(70_000 + self.number, f"Voice{self.number}")

    async def _enters(self, client: VirtualUser) -> None:
        await client.start()
        await client.expect(button="English", timeout_seconds=PATIENCE)

    async def _opens(self, client: VirtualUser) -> None:
        await self._enters(client)
        await client.say("/new")
        await client.expect(button="Technical problem", timeout_seconds=PATIENCE)
        await client.tap("Technical problem")
        await client.expect("happened", timeout_seconds=PATIENCE)
        await client.say(f"No internet in house {client.id}")
        await client.expect(button="Send", timeout_seconds=PATIENCE)
        await client.tap("Send")
        await client.expect("is open", timeout_seconds=PATIENCE)
        await self.town.until(lambda: self._card(client))

    async def _says(self, client: VirtualUser, text: str) -> str:
        """Until something is said to it and then nothing more for a while."""
        await client.say(text)
        spoke = client.messages[-1].message_id
        await client.expect(timeout_seconds=PATIENCE)
        known = -1
        while known != client.messages[-1].message_id:
            known = client.messages[-1].message_id
            await asyncio.sleep(QUIET_SECONDS)
        return "\n".join(
            one.text for one in client.visible if one.is_from_bot and one.message_id > spoke
        )

    def _card(self, client: VirtualUser) -> str:
        for one in self.town.slack.channel(SUPPORT).messages.values():
            if one.bot_id and not one.is_reply and f"house {client.id}" in str(one.blocks):
                return one.ts
        return ""

    def _threads(self, client: VirtualUser) -> str:
        posts = self.town.slack.channel(SUPPORT).thread(self._card(client))
        return _flat("\n".join(said(one.blocks) for one in posts))


def _flat(text: str) -> str:
    return " ".join(text.split())


def quotes(told: str) -> list[str]:
    """What of it is the policy's."""
    lines = (_flat(line) for line in told.splitlines())
    return [line for line in lines if len(line) > 20 and line in POLICY]


async def say_all(ear: Ear, texts: Sequence[str], *, are_questions: bool) -> Tally:
    tally = Tally()
    for first in range(0, len(texts), AT_ONCE):
        some = texts[first : first + AT_ONCE]
        heard = await asyncio.gather(*(ear.inside(text) for text in some))
        alone = await asyncio.gather(*(ear.outside(text) for text in some if are_questions))
        for number, (text, (is_seen, told)) in enumerate(zip(some, heard, strict=True)):
            if not is_seen:
                tally.lost.append(text)
            if quotes(told):
                tally.answered.append(text)
            if are_questions and (wanted := quotes(alone[number])):
                tally.outside += 1
                tally.other += [text] if {*wanted} - {*quotes(told)} else []
    return tally


def texts(file: Path) -> list[str]:
    """A line each; of JSON lines the text."""
    lines = file.read_text(encoding="utf-8").splitlines()
    if file.suffix == ".jsonl":
        found = [json.loads(line) for line in lines if line.strip()]
        return [one.get("text") or one["question"] for one in found]
    return [line for line in lines if line.strip() and not line.startswith("#")]


async def play(folder: Path, url: str, statements: list[str], questions: list[str]) -> int:
    async with a_town(folder, url, seed=seed(), clients=0) as town:
        await town.desk.start()
        ear = Ear(town)
        stated = await say_all(ear, statements, are_questions=False)
        asked = await say_all(ear, questions, are_questions=True)
    for name, found in (
        ("LOST", [*stated.lost, *asked.lost]),
        ("ANSWERED", stated.answered),
        ("OTHER ANSWER", asked.other),
    ):
        print("\n".join(f"{name}: {text}" for text in found), end="\n" if found else "")
    alike = asked.outside - len(asked.other)
    print(
        f"{len(statements) - len(stated.lost)} of {len(statements)} statements reached staff, "
        f"{len(stated.answered)} were answered from the policy; "
        f"{len(questions) - len(asked.lost)} of {len(questions)} questions did, "
        f"{alike} of {asked.outside} got the answer that they get without a ticket"
    )
    is_right = not stated.lost and not asked.lost and alike >= SHARE_ALIKE * asked.outside
    return 0 if is_right else 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--statements", type=Path, action="append")
    parser.add_argument("--questions", type=Path, action="append")
    options = parser.parse_args()
    given = options.statements or options.questions
    more = [MORE] if MORE.exists() else []
    stated = options.statements or ([] if given else [TALK / "statements.txt"])
    asked = options.questions or ([] if given else [TALK / "questions.txt", *more])
    folder = Path(tempfile.mkdtemp(prefix="talk-"))
    statements = [text for file in stated for text in texts(file)]
    questions = [text for file in asked for text in texts(file)]
    began = time.monotonic()
    with a_place("sqlite", folder) as url:
        ended = asyncio.run(play(folder, url, statements, questions))
    print(f"{len(statements)} + {len(questions)} texts in {time.monotonic() - began:.0f} s")
    return ended


if __name__ == "__main__":
    sys.exit(main())
