"""What is said last after an erasure, and to which address: from the request's sealed slot."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import ClientAddress, Language, RequestId

SLOT_LIVES = timedelta(days=7)
"""So long after the certificate the last word is tried; then its address is blanked."""


class Way(StrEnum):
    """By which way it goes."""

    CHAT = "chat"
    MAIL = "mail"


@dataclass(frozen=True, slots=True, kw_only=True)
class LastWordContent:
    """The word, ready to leave."""

    address: ClientAddress | str
    """A chat's address, or a mail address."""
    language: Language
    texts: tuple[str, ...]
    """In a chat one message each; in a letter one paragraph each."""
    subject: str
    """Of a letter."""
    files: tuple[tuple[str, bytes], ...] = ()
    """The certificate, by file name."""


LastWordOf = Callable[..., Awaitable[LastWordContent | None]]
"""(work, *, request, way): as `last_word`."""


async def last_word(work: UnitOfWork, *, request: RequestId, way: Way) -> LastWordContent | None:
    """None: it was said, or its time is over, and nothing is sent."""
    del work, request, way
    return None


async def note_said(work: UnitOfWork, request: RequestId, way: Way) -> None:
    """It arrived: its address is blanked."""
    await _close(work, request, way)


async def note_unsayable(work: UnitOfWork, request: RequestId, way: Way) -> None:
    """It cannot ever arrive: its address is blanked too."""
    await _close(work, request, way)


async def sayable_until(work: UnitOfWork, request: RequestId) -> datetime | None:
    """Until when it is tried; None: there is nothing to say any more."""
    found = await work.fulfilments.get(request)
    if found is None or found.slot is None or found.certified_at is None:
        return None
    return found.certified_at + SLOT_LIVES


async def _close(work: UnitOfWork, request: RequestId, way: Way) -> None:
    found = await work.fulfilments.get(request)
    if found is None or found.slot is None:
        return
    if way is Way.CHAT:
        found.slot.chat, found.slot.chat_done = "", True
    else:
        found.slot.email, found.slot.email_done = "", True
    await work.fulfilments.put(found)
