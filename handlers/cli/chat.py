"""The client's side in a terminal: the same use cases that Telegram calls, over lines of text."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

import click

from bot.answering.engine import Answer
from bot.application.bus import Bus
from bot.application.conversation import api
from bot.application.conversation.inbound_message import Incoming
from bot.application.outbound.delivery import Delivery
from bot.application.outbound.to_client import (
    Choice,
    DeleteReply,
    EditReply,
    Reply,
    Say,
    SendReply,
    ToClient,
)
from bot.application.ports.queues import (
    Arrived,
    ClaimedDelivery,
    DeliveryAdapter,
    Lane,
    NotSent,
    Outcome,
)
from bot.application.queues.outbox import spoken
from bot.domain.addresses import SYSTEM, ClientAddress, Language, MessageId, Surface
from bot.domain.clients.people import Account
from bot.domain.errors import Refused, Tampered
from bot.domain.text import clean
from bot.wording import say
from bot.wording.refusals import refusal_text

HERE = ClientAddress(Surface.CONSOLE, "local")
"""Whoever sits at this terminal; the machine's own account tells people apart, not we."""
LOOK_EVERY = 1.0
"""Seconds between looks for what staff wrote while nothing is typed."""
END = ("/quit", "/exit")
TO_CLIENT: tuple[type[Delivery], ...] = (Say, SendReply, EditReply, DeleteReply)
Write = Callable[[str], None]


class ChatDesk(Protocol):
    """What the chat needs of an open desk."""

    @property
    def bus(self) -> Bus: ...
    @property
    def ask(self) -> Callable[[str], Awaitable[Answer]]: ...
    @property
    def carry_out(self) -> Callable[[Sequence[DeliveryAdapter]], Awaitable[None]]: ...


class Lines(Protocol):
    """Where lines come from."""

    async def line(self) -> str | None:
        """The next line without its end; None: there are no more."""
        ...


class Piped:
    """Lines of a script; nobody waits while they are read."""

    async def line(self) -> str | None:
        read = sys.stdin.buffer.readline()
        return _decoded(read) if read else None


class Typed:
    """Lines of a keyboard, which leave the desk free to speak meanwhile."""

    def __init__(self) -> None:
        self._rest = b""
        self._lines: asyncio.Queue[str | None] = asyncio.Queue()
        self._is_open = False

    async def line(self) -> str | None:
        if not self._is_open:
            asyncio.get_running_loop().add_reader(sys.stdin.fileno(), self._take)
            self._is_open = True
        return await self._lines.get()

    def _take(self) -> None:
        read = os.read(sys.stdin.fileno(), 65_536)
        *whole, self._rest = (self._rest + read).split(b"\n")
        for raw in whole:
            self._lines.put_nowait(_decoded(raw))
        if not read:
            asyncio.get_running_loop().remove_reader(sys.stdin.fileno())
            self._lines.put_nowait(None)


class TerminalAdapter:
    """Prints what is for this account, and numbers what can be chosen."""

    def __init__(self, bus: Bus, account: Account, write: Write) -> None:
        self._bus, self._account, self._write = bus, account, write
        self.choices: list[Choice] = []
        """What the numbers now stand for."""

    @property
    def lane(self) -> Lane:
        conversation = ToClient(self._account.id).conversation
        return Lane(kinds=TO_CLIENT, at_once=1, conversation=conversation)

    async def deliver(self, claimed: ClaimedDelivery) -> Outcome:
        match claimed.delivery:
            case Say(reply=reply):
                self._show(reply)
            case SendReply(message=message):
                await self._tell("terminal.support", message)
            case EditReply(message=message):
                await self._tell("terminal.support_edited", message)
            case DeleteReply(message=message):
                await self._tell("terminal.support_deleted", message)
            case _:
                return NotSent("not_for_terminal", is_final=True)
        return Arrived(Surface.CONSOLE)

    async def probe(self) -> None:
        """A terminal is never away."""

    def _show(self, reply: Reply) -> None:
        self._write(clean(_with_quotes_marked(reply)))
        if reply.document is not None:
            self._write(f"--- {reply.document.name}\n{clean(reply.document.content)}\n---")
        for row in reply.rows:
            self._write("  ".join(self._numbered(choice) for choice in row))
        self._write("")

    def _numbered(self, choice: Choice) -> str:
        self.choices.append(choice)
        return f"  [{len(self.choices)}] {clean(choice.label)}"

    async def _tell(self, key: str, message: MessageId) -> None:
        told = await self._bus.look(spoken, message=message)
        words = told.message
        files = " ".join(f"[{clean(one.name) or one.kind}]" for one in words.attachments)
        said = " ".join(filter(None, (clean(words.body), files)))
        said = f"{told.heading}\n{said}" if told.heading else said
        self._write(say(key, self._account.language, text=said) + "\n")


def _decoded(line: bytes) -> str:
    """A line without its end; what is not UTF-8 is marked when it is cleaned, never an error."""
    return line.decode("utf-8", "surrogateescape").rstrip("\r\n")


def _with_quotes_marked(reply: Reply) -> str:
    """The text, each line of a quote behind a bar, so that the policy's words stand out."""
    text = reply.text
    for span in sorted(reply.spans, key=lambda one: one.offset, reverse=True):
        if span.kind == "blockquote":
            end = span.offset + span.length
            quote = text[span.offset : end].replace("\n", "\n| ")
            text = f"{text[: span.offset]}| {quote}{text[end:]}"
    return text


class TerminalChat:
    """A talk, line by line: text, a command, or the number of a choice."""

    def __init__(
        self, desk: ChatDesk, *, lines: Lines | None = None, write: Write = click.echo
    ) -> None:
        self._desk, self._write = desk, write
        self._lines = lines or (Typed() if sys.stdin.isatty() else Piped())
        self._choices: list[Choice] = []

    async def run(self) -> None:
        """Greet, then answer each line, until the lines end or the client says /quit."""
        if sys.stdin.isatty():
            click.echo(say("terminal.how_to"), err=True)
        is_known = await self._account() is not None
        await self._say("/menu" if is_known else "/start")
        while (line := await self._next_line()) is not None and line.strip() not in END:
            await self._take(line)

    async def _next_line(self) -> str | None:
        """The next line; while none comes, what staff write is shown as it arrives."""
        reading = asyncio.ensure_future(self._lines.line())
        try:
            while not (await asyncio.wait({reading}, timeout=LOOK_EVERY))[0]:
                await self._hear()
            return reading.result()
        finally:
            reading.cancel()

    async def _take(self, line: str) -> None:
        number = line.strip()
        if number.isascii() and number.isdigit() and 0 < int(number[:9]) <= len(self._choices):
            await self._press(self._choices[int(number[:9]) - 1])
        elif number:
            await self._say(line)

    async def _say(self, text: str) -> None:
        incoming = Incoming(text=text)
        bus, answer = self._desk.bus, None
        if asked := await bus.look(api.engine_question, address=HERE, incoming=incoming):
            answer = await self._desk.ask(asked)
        await self._do(
            bus.handle(SYSTEM, api.receive, address=HERE, incoming=incoming, answer=answer)
        )

    async def _press(self, choice: Choice) -> None:
        await self._do(self._desk.bus.handle(SYSTEM, api.press, address=HERE, press=choice.press))

    async def _do(self, act: Awaitable[object]) -> None:
        try:
            await act
        except (Refused, Tampered) as refusal:
            account = await self._account()
            language = account.language if account is not None else Language.EN
            self._write(refusal_text(refusal, language))
        await self._hear()

    async def _hear(self) -> None:
        """Carry out what waits for this account; new choices take the place of the old."""
        account = await self._account()
        if account is None:
            return
        adapter = TerminalAdapter(self._desk.bus, account, self._write)
        await self._desk.carry_out([adapter])
        if adapter.choices:
            self._choices = adapter.choices

    async def _account(self) -> Account | None:
        return await self._desk.bus.look(api.known_at, address=HERE)
