"""A whole desk in one process, with all its workers, among the servers of the sandbox.

Everybody acts over the wire: the client in the chat, staff by clicks and dialogs, mail by SMTP.
Only what came of it is read from the desk itself. Time passes by the clock of the sandbox.
"""

import asyncio
import os
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from bot.application.requests.queries import every_request, request_data
from bot.domain.addresses import Language
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import RequestState
from bot.wording import say
from handlers.open_desk import Desk
from handlers.runtime.desk_start import sandbox_desk
from handlers.runtime.runtime import run_live
from handlers.runtime.workers import fulfilment_worker, outbox_worker, timer_worker
from handlers.sandbox.environment import Environment, sandbox_environment
from handlers.sandbox.sample_people import ClientPart
from handlers.sandbox.slack import Person
from handlers.sandbox.slack.block_kit.block_state import said
from handlers.sandbox.slack.state.views import View
from handlers.sandbox.slack.workspace import Message
from handlers.sandbox.telegram import VirtualUser
from handlers.settings import read_settings

PRIVACY = "#privacy-requests"
PATIENCE_SECONDS = 30.0
LOOK_SECONDS = 0.1
PRESSES = 30
OURS = ("TELEGRAM_", "SLACK_", "SANDBOX", "DATABASE_URL", "SMTP_URL", "CLIENTS_", "COMPANY_")
FREEZE = re.compile(r"start=(f_[A-Za-z0-9_-]+)")
MINA, JAMIL, SALMA = "U0MINA", "U0JAMIL", "U0SALMA"
KEPT, DONE = RequestState.FULFILLED_WITH_RETENTION, RequestState.FULFILLED
RESTS_SECONDS = 0.5
"""So long nothing may happen where something must not."""
Tables = dict[str, dict[int, tuple[object, ...]]]


@dataclass
class Town:
    """The desk, and everybody around it."""

    world: Environment
    desk: Desk
    folder: Path
    """Where the store lies, and all that the desk writes."""
    began: Tables
    """The company's rows before anything happened."""
    seen: list[str] = field(default_factory=list[str])

    def staff(self, slack_id: str) -> Person:
        return self.world.slack.people[slack_id]

    def client(self, part: ClientPart) -> VirtualUser:
        return self.world.telegram.user(part.telegram_id)

    def tables(self) -> Tables:
        """The company's rows as they stand, by their keys."""
        self.world.company.look()
        shown = self.world.company.shown("", "", only_theirs=False)
        return {one["name"]: rows_of(self, one["name"]) for one in shown["tables"]}

    async def later(self, **time: float) -> None:
        """Time passes for everybody."""
        self.world.clock.advance(timedelta(**time))

    async def requests(self) -> list[DataRequest]:
        """Oldest first."""
        found = await self.desk.bus.look(every_request)
        return sorted(found, key=lambda one: one.number)

    async def request(self, number: str) -> DataRequest:
        return next(one for one in await self.requests() if one.number == number)

    async def reaches(self, number: str, *states: RequestState) -> DataRequest:
        """Wait until it is in one of these. Raises TimeoutError, with all that is to be seen."""
        request = await self.request(number)

        async def has() -> bool:
            nonlocal request
            request = await self.request(number)
            return request.state in states

        await self.comes(has, f"{number} in {states}")
        return request

    async def comes(self, found: "Callable[[], object]", what: str) -> None:
        """Wait until it is so. Raises AssertionError, with all that is to be seen."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while True:
                    now = found()
                    if await now if asyncio.iscoroutine(now) else now:
                        return
                    await asyncio.sleep(LOOK_SECONDS / 2)
        except TimeoutError as late:
            raise AssertionError(f"never came: {what}\n{await self.sight()}") from late

    async def sight(self) -> str:
        """What everybody has before their eyes, for whoever looks why a play got stuck."""
        lines = [f"{one.number}: {one.kind} {one.state}" for one in await self.requests()]
        for channel in self.world.slack.state.world.channels.values():
            lines += [f"#{channel.name}: {said(one.blocks)}" for one in channel.messages.values()]
        for person in self.world.slack.people.values():
            lines += [f"{person.id}> {one.text}" for one in person.ephemerals]
            if person.modal is not None:
                lines.append(f"{person.id} modal> {said(person.modal.blocks)}")
        for chat in self.world.telegram.world.chats.values():
            lines += [f"chat> {m.text} {m.is_deleted}" for m in chat.messages.values()]
        return "\n".join([*lines, *self.world.violations])

    # Slack

    def card(self, number: str) -> Message:
        """The request's card. Raises StopIteration: there is none."""
        channel = self.world.slack.channel(PRIVACY)
        return next(
            one
            for one in channel.messages.values()
            if not one.is_reply and said(one.blocks).startswith(f"{number} ·")
        )

    async def card_comes(self, number: str, label: str = "") -> Message:
        """Wait for the card with this button, or these words, on it."""

        def there() -> bool:
            try:
                return label in said(self.card(number).blocks) + str(self.card(number).blocks)
            except StopIteration:
                return False

        await self.comes(there, f"the card of {number} with {label!r}")
        return self.card(number)

    async def clicks(self, who: str, label: str, number: str) -> None:
        card = await self.card_comes(number, label)
        await self.staff(who).click(label, PRIVACY, card.ts)

    async def fills(self, who: str, label: str, number: str, **values: object) -> None:
        """Press, and send the dialog that opens with these values."""
        await self.opens(who, label, number)
        errors = await self.staff(who).submit(values)
        assert errors == {}, errors

    async def opens(self, who: str, label: str, number: str) -> View:
        """Press until its dialog opens: a card that was just being drawn anew says so."""
        person = self.staff(who)
        for _ in range(PRESSES):
            await self.clicks(who, label, number)
            await self.comes(lambda: person.modal is not None, f"the dialog of {label}")
            assert person.modal is not None
            if "submit" in person.modal.given:
                return person.modal
            await person.close_modal(everything=True)
            await asyncio.sleep(3 * LOOK_SECONDS)
        raise AssertionError(await self.sight())

    async def is_refused(self, who: str, label: str, number: str) -> bool:
        """Whether a press, on a card that shows how things stand, only says no."""
        await self.rests(number)
        await self.clicks(who, label, number)
        person = self.staff(who)
        await self.comes(lambda: person.modal is not None, f"an answer to {label}")
        assert person.modal is not None
        is_no = "submit" not in person.modal.given
        await person.close_modal(everything=True)
        return is_no

    async def rests(self, number: str) -> DataRequest:
        """As it stands, when everybody had time to do something."""
        await asyncio.sleep(RESTS_SECONDS)
        return await self.request(number)

    async def goes_on(self, number: str) -> None:
        """A freeze is over: what was stopped goes on."""

        async def has() -> bool:
            return not (await self.request(number)).facts.is_frozen

        await self.comes(has, f"the end of the freeze of {number}")

    async def names_client(self, who: str, number: str, external_id: str) -> None:
        """Say by the company's number of the client whose request it is."""
        await self.opens(who, card_word("do_name"), number)
        person = self.staff(who)
        await person.search("person", external_id)
        assert await person.submit({"person": external_id}) == {}

        async def has() -> bool:
            return (await self.request(number)).subject.person is not None

        await self.comes(has, f"the client of {number}")

    async def approves(self, who: str, number: str) -> None:
        count = len((await self.request(number)).facts.approvals)
        await self.fills(who, card_word("do_approve"), number)

        async def has() -> bool:
            return len((await self.request(number)).facts.approvals) > count

        await self.comes(has, f"approval of {number} by {who}")

    async def judges_findings(self, who: str, number: str) -> None:
        """Every name that is somebody else's is ticked off as that, page by page."""
        left = await self.open_findings(number)
        while left:
            shown = await self.opens(who, card_word("do_findings"), number)
            inputs = [one for one in shown.blocks if one["type"] == "input"]
            assert all(ANOTHER in str(one) for one in inputs), said(shown.blocks)
            chosen: dict[str, object] = {str(one["block_id"]): ANOTHER for one in inputs}
            errors = await self.staff(who).submit(chosen)
            assert errors == {}, errors
            before = left

            async def fewer(before: int = before) -> bool:
                return await self.open_findings(number) < before

            await self.comes(fewer, f"fewer findings than {before}")
            left = await self.open_findings(number)

    async def open_findings(self, number: str) -> int:
        data = await self.desk.bus.look(request_data, number=number)
        return int(str(data["findings_open"]))


ANOTHER = say("fulfilment.tick_another_person", Language.EN)


def card_word(name: str) -> str:
    return say(f"request_card.{name}", Language.EN)


def rows_of(town: Town, table: str) -> dict[int, tuple[object, ...]]:
    found = town.world.company._tables[table]  # noqa: SLF001  # as the page has read them
    return dict(found.cells)


@asynccontextmanager
async def a_town(
    folder: Path, monkeypatch: pytest.MonkeyPatch, *, approvers: str = f"{JAMIL},{SALMA}"
) -> AsyncIterator[Town]:
    """A running desk; no play may leave behind what the real platforms would have refused."""
    monkeypatch.chdir(folder)
    for name in [one for one in os.environ if one.startswith(OURS)]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(fulfilment_worker, "LOOK_EVERY_SECONDS", LOOK_SECONDS)
    monkeypatch.setattr(timer_worker, "LOOK_EVERY", LOOK_SECONDS)
    monkeypatch.setattr(outbox_worker, "POLL_SECONDS", LOOK_SECONDS)
    async with sandbox_environment(with_page=False, limits_on=False) as world:
        world.settings_overrides["SLACK_APPROVERS"] = approvers
        world.settings_overrides["REPLY_UNDO_SECONDS"] = "0"
        async with sandbox_desk(read_settings(), world) as desk:
            town = Town(world, desk, folder / ".sandbox", {})
            town.began = town.tables()
            ready = asyncio.Event()
            running = asyncio.create_task(run_live(desk, ready=ready.set))
            await asyncio.wait_for(ready.wait(), PATIENCE_SECONDS)
            try:
                yield town
            finally:
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)
        assert world.violations == []
