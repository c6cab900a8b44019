"""Where the desk's words about a subject stand on the chat platforms, as far as the desk knows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.application.ports.card_refs import CardKind, CardRef
from bot.domain.addresses import AccountId, MessageId
from bot.domain.fulfilment.identifiers import Identifiers
from bot.domain.tickets.message import Direction


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectCard:
    """The card of a ticket or a data request of theirs, where it stands or stood."""

    kind: CardKind
    about: str
    """The id of the ticket or the request."""
    card: CardRef


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectPost:
    """A part of something said, where it stands on one platform."""

    message: MessageId
    account: AccountId
    direction: Direction
    at: datetime
    """When it was said; it may have been carried later."""
    place: str
    remote: str


@dataclass(frozen=True, slots=True)
class ToldWord:
    """A word of the desk itself in a client's chat, under the platform's id."""

    account: AccountId
    remote: str


class ChatTraces(Protocol):
    """What the desk put where, of one subject; nobody else's is ever among it."""

    async def cards(self, who: Identifiers) -> list[SubjectCard]:
        """Of their tickets and data requests, lost ones too, in a fixed order."""
        ...

    async def posts(
        self, who: Identifiers, surface: str, *, since: datetime | None = None
    ) -> list[SubjectPost]:
        """Of everything said in their chats (since then); in the order in which it was put there.

        Those whose place can be read no more are left out.
        """
        ...

    async def files(self, who: Identifiers) -> list[str]:
        """The platform's ids of files that the desk brought to staff."""
        ...

    async def note_told(self, account: AccountId, remotes: Sequence[str], at: datetime) -> None:
        """The desk itself said something there; it may have to be taken back."""
        ...

    async def told_words(self, who: Identifiers, *, since: datetime) -> list[ToldWord]:
        """What the desk itself said since then, in that order."""
        ...

    async def forget_told(self, before: datetime) -> None:
        """What was said before then can be taken back no more."""
        ...
