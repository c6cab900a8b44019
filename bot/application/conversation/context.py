"""One client's talk within one transaction: who it is with, and how the desk speaks there."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.application.outbound.to_client import Choice, Document, Press, Reply, Say
from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import TicketId
from bot.domain.clients.people import Account
from bot.domain.tickets.message import Span
from bot.domain.tickets.ticket import Ticket
from bot.wording import say
from bot.wording.times import moment

Rows = tuple[tuple[Choice, ...], ...]


class RichTextBuilder:
    """A text under construction; `text` and `spans` are what a reply takes."""

    def __init__(self, text: str = "") -> None:
        self.text = text
        self.spans: tuple[Span, ...] = ()

    def add(self, text: str, kind: str = "") -> "RichTextBuilder":
        """Go on in the same line; `kind` names the markup: bold, italic, blockquote."""
        if kind and text:
            self.spans = (*self.spans, Span(kind, len(self.text), len(text)))
        self.text += text
        return self

    def line(self, text: str, kind: str = "") -> "RichTextBuilder":
        """A new line."""
        return self.add("\n" if self.text else "").add(text, kind)

    def paragraph(self, text: str, kind: str = "") -> "RichTextBuilder":
        """A new line after an empty one."""
        return self.add("\n\n" if self.text else "").add(text, kind)


@dataclass(frozen=True, slots=True)
class ConversationContext:
    """The account, the transaction, and words in the account's language."""

    work: UnitOfWork
    account: Account

    @property
    def now(self) -> datetime:
        return self.work.clock.now()

    def text(self, key: str, **params: object) -> str:
        return say(key, self.account.language, **params)

    def moment(self, at: datetime) -> str:
        """A time as the client reads it, with its zone."""
        return moment(at, self.work.rules.zone, self.account.language)

    def state_of(self, ticket: Ticket) -> str:
        """Where a ticket stands, as the client reads it."""
        return self.text(f"client_tickets.state_{ticket.state}")

    def choice(self, key: str, verb: str, ref: str = "", **params: object) -> Choice:
        """A button whose label stands in the wording."""
        return Choice(self.text(key, **params), Press(verb, ref))

    async def tell(
        self, reply: Reply, *, key: str = "", not_before: datetime | None = None
    ) -> None:
        """Queue a reply for this client."""
        await self.work.outbox.put(
            Say(self.account.id, replace(reply, topic=self.account.topic)),
            holder=self.account.holder,
            key=key,
            not_before=not_before,
        )

    async def say(
        self, key: str, *, rows: Rows = (), about: TicketId | None = None, **params: object
    ) -> None:
        """Queue a plain text of the wording."""
        await self.tell(Reply(text=self.text(key, **params), rows=rows, about=about))

    def reply(
        self,
        written: RichTextBuilder,
        *,
        rows: Rows = (),
        about: TicketId | None = None,
        document: Document | None = None,
    ) -> Reply:
        spans: tuple[Span, ...] = written.spans
        return Reply(text=written.text, spans=spans, rows=rows, about=about, document=document)
