"""The terminal chat over the fakes: scripted talks."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

import pytest

from bot.answering.engine import Answer
from bot.application.bus import Bus
from bot.application.outbound.to_client import DeleteReply, EditReply, SendReply, ToClient
from bot.application.outbound.to_staff import RefreshHome
from bot.application.ports.queues import ClaimedDelivery, DeliveryAdapter, NotSent, Outcome
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.queues.outbox import LaneCapacity, settle_and_hand_out
from bot.domain.addresses import (
    SYSTEM,
    AccountId,
    Actor,
    ClientAddress,
    MessageId,
    StaffId,
    Surface,
)
from bot.domain.clients.people import AccountStatus
from bot.domain.tickets.message import Attachment, DeliveryStatus, Direction, Message
from bot.domain.tickets.states import TicketState
from handlers.cli.chat import Piped, TerminalAdapter, TerminalChat, Typed
from tests.support.builders.desk import Desk, a_desk, an_account
from tests.support.drivers.talker import KEPT, POLICY, VERSION, an_answer

Word = Callable[[AccountId, MessageId], ToClient]
"""A delivery about one message."""
LOCAL = ClientAddress(Surface.CONSOLE, "local")


@dataclass
class Terminal:
    """A script of lines, and what was printed."""

    desk: Desk
    script: list[str] = field(default_factory=list)
    printed: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    before_line: Callable[[], Awaitable[None]] | None = None

    @property
    def bus(self) -> Bus:
        return self.desk.bus

    @property
    def text(self) -> str:
        return "\n".join(self.printed)

    async def ask(self, question: str) -> Answer:
        self.asked.append(question)
        return an_answer()

    async def carry_out(self, adapters: Sequence[DeliveryAdapter]) -> None:
        endings: list[tuple[ClaimedDelivery, Outcome]] = []
        while True:
            rooms = [LaneCapacity(adapter.lane, 10) for adapter in adapters]
            turn = await self.bus.handle(SYSTEM, settle_and_hand_out, endings, rooms)
            pairs = [
                (adapter, claimed)
                for adapter, taken in zip(adapters, turn.taken, strict=True)
                for claimed in taken
            ]
            if not pairs:
                return
            endings = [(claimed, await adapter.deliver(claimed)) for adapter, claimed in pairs]

    async def line(self) -> str | None:
        if self.before_line is not None:
            await self.before_line()
        return self.script.pop(0) if self.script else None


async def a_session(*lines: str, desk: Desk | None = None) -> Terminal:
    own = desk or a_desk()
    own.store.policies[VERSION] = POLICY
    own.store.published.append((VERSION, own.clock.now()))
    terminal = Terminal(own, list(lines))
    await TerminalChat(terminal, lines=terminal, write=terminal.printed.append).run()
    return terminal


async def test_the_first_time_it_welcomes_and_later_it_shows_the_menu():
    first = await a_session()
    second = await a_session(desk=first.desk)

    assert "Welcome" in first.text
    assert "Welcome" not in second.text
    assert "[1] Ask about privacy" in second.text


async def test_a_question_is_answered_with_the_policys_words_behind_a_bar():
    terminal = await a_session("How long do you keep my information?")

    assert f"| {KEPT}" in terminal.text
    assert terminal.asked == ["How long do you keep my information?"]


async def test_a_number_presses_the_button_of_that_number():
    terminal = await a_session("How long do you keep my information?", "2")

    assert "If you leave, we erase it." in terminal.text


async def test_a_whole_ticket_from_the_keyboard():
    terminal = await a_session(
        "/new", "1", "No internet since morning", "1", "/status", "2", "/quit"
    )

    (ticket,) = terminal.desk.store.tickets.values()
    assert ticket.state is TicketState.CLOSED
    assert "T-000001 is open" in terminal.text


async def test_a_number_that_is_no_choice_is_text():
    terminal = await a_session("/new", "1", "99")

    assert "| 99" in terminal.text


async def test_an_empty_line_says_nothing_and_quit_ends():
    terminal = await a_session("", "   ", "/quit", "/tickets")

    assert terminal.script == ["/tickets"]


async def test_a_transcript_is_printed_whole():
    terminal = await a_session("/new", "1", "No internet since morning", "1", "/status", "3")

    assert "--- T-000001.txt" in terminal.text


async def test_what_is_for_others_is_left_alone():
    desk = a_desk()
    alice = await an_account(desk)
    await desk.bus.handle(SYSTEM, put, ToClient(alice.id))

    await a_session(desk=desk)

    assert [type(one) for one in desk.outbox].count(ToClient) == 1


async def test_what_staff_write_is_shown_while_nothing_is_typed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("handlers.cli.chat.LOOK_EVERY", 0.001)
    desk = (await a_session()).desk
    terminal, has_shown = Terminal(desk), asyncio.Event()

    def write(text: str) -> None:
        terminal.printed.append(text)
        if "We are on it" in text:
            has_shown.set()

    async def wait_for_staff() -> None:
        await relay(desk, "We are on it", SendReply)
        await has_shown.wait()

    terminal.before_line = wait_for_staff
    await TerminalChat(terminal, lines=terminal, write=write).run()

    assert has_shown.is_set()


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        (SendReply, "Support: We are on it [plan.pdf]"),
        (partial(EditReply, version=2), "Support (edited): We are on it [plan.pdf]"),
        (DeleteReply, "Support took a message back."),
    ],
)
async def test_words_of_staff_are_printed_without_control_characters(kind: Word, shown: str):
    terminal = await a_session()
    await relay(terminal.desk, "We are\x1b on it", kind)

    again = await a_session(desk=terminal.desk)

    assert shown in again.text
    assert "\x1b" not in again.text


async def test_what_is_not_for_a_terminal_is_not_sent():
    terminal = await a_session()
    account = next(iter(terminal.desk.store.accounts.values()))
    adapter = TerminalAdapter(terminal.bus, account, print)
    claimed = ClaimedDelivery(
        id=1, delivery=RefreshHome(StaffId("bob")), key="k", tries=0, is_repeat=False
    )

    ending = await adapter.deliver(claimed)

    assert isinstance(ending, NotSent)


async def test_a_refusal_is_one_sentence():
    terminal = await a_session()
    account = next(iter(terminal.desk.store.accounts.values()))
    account.status = AccountStatus.ERASED

    again = await a_session("hello", desk=terminal.desk)

    assert "erased" in again.text


@pytest.fixture
async def keyboard(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    """Standard input is a pipe into which the test types."""
    read, write = os.pipe()
    with os.fdopen(read) as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        yield write


async def test_typed_lines_come_one_by_one_and_end(keyboard: int):
    typed = Typed()
    os.write(keyboard, "one\r\nবাং".encode())
    first = await typed.line()
    os.write(keyboard, "লা\n".encode())
    second = await typed.line()
    os.close(keyboard)

    assert (first, second, await typed.line()) == ("one", "বাংলা", None)


async def test_piped_lines_come_one_by_one_and_end(keyboard: int):
    os.write(keyboard, b"one\ntw\xff")
    os.close(keyboard)
    piped = Piped()

    assert [await piped.line(), await piped.line(), await piped.line()] == ["one", "tw\udcff", None]


async def put(work: UnitOfWork, delivery: ToClient) -> None:
    await work.outbox.put(delivery)


async def relay(desk: Desk, text: str, kind: Word) -> None:
    account = next(row for row in desk.store.accounts.values() if row.address == LOCAL)

    async def write(work: UnitOfWork) -> None:
        message = Message(
            id=MessageId(f"m-{text[:3]}"),
            account=account.id,
            ticket=None,
            direction=Direction.OUT,
            author=Actor.staff(StaffId("bob")),
            body=text,
            at=work.clock.now(),
            attachments=(Attachment("document", file_ref="f", name="plan.pdf"),),
            delivery=DeliveryStatus.QUEUED,
        )
        await work.messages.add(message)
        await work.outbox.put(kind(account.id, message.id))

    await desk.bus.handle(SYSTEM, write)
