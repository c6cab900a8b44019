"""What is said last after an erasure, and to which address: from the request's sealed slot."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests.request_context import by_desk
from bot.domain.addresses import ClientAddress, Language, RequestId, Surface
from bot.domain.fulfilment.steps import SLOT_LIVES, DeliverySlot
from bot.wording import say


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
"""(work, *, request, way): `last_word`, with whoever makes the document."""
Readable = Callable[[str, Language], bytes]
"""The signed certificate as a document that a person reads."""


async def last_word(
    work: UnitOfWork, *, request: RequestId, way: Way, readable: Readable
) -> LastWordContent | None:
    """None: it was said, or its time is over, and nothing is sent."""
    kept = await work.fulfilments.get(request)
    if kept is None or kept.slot is None or not kept.certificate:
        return None
    address = _address(kept.slot, way)
    if address is None:
        return None
    found, language = await work.requests.get(request), Language(kept.slot.language)
    is_part = found.facts.retained_until is not None
    key = "fulfilment.last_word_in_part" if is_part else "fulfilment.last_word"
    text = say(key, language, number=found.number, company=work.rules.company)
    name = f"certificate-{found.number}"
    return LastWordContent(
        address=address,
        language=language,
        texts=(text,),
        subject=say("mail_subjects.last_word", language, number=found.number),
        files=(
            (f"{name}.pdf", readable(kept.certificate, language)),
            (f"{name}.json", kept.certificate.encode()),
        ),
    )


async def note_said(work: UnitOfWork, request: RequestId, way: Way) -> None:
    """It arrived: its address is blanked."""
    await _close(work, request, way, arrived=True)


async def note_unsayable(work: UnitOfWork, request: RequestId, way: Way) -> None:
    """It cannot ever arrive: its address is blanked too."""
    await _close(work, request, way, arrived=False)


async def sayable_until(work: UnitOfWork, request: RequestId) -> datetime | None:
    """Until when it is tried; None: there is nothing to say any more."""
    found = await work.fulfilments.get(request)
    if found is None or found.slot is None or found.certified_at is None:
        return None
    return found.slot.until or found.certified_at + SLOT_LIVES


def _address(slot: DeliverySlot, way: Way) -> ClientAddress | str | None:
    if way is Way.MAIL:
        return None if slot.email_done else slot.email or None
    surface, _, user = slot.chat.partition(":")
    return None if slot.chat_done or not user else ClientAddress(Surface(surface), user)


async def _close(work: UnitOfWork, request: RequestId, way: Way, *, arrived: bool) -> None:
    """Which of the two it was is on record, for those who look at the card."""
    found = await work.fulfilments.get(request)
    slot = None if found is None else found.slot
    if found is None or slot is None or (slot.chat_done if way is Way.CHAT else slot.email_done):
        return
    found.slot = _without(slot, way)
    await work.fulfilments.put(found)
    told = await work.requests.get(request)
    told.note_last_word(way, await by_desk(work), arrived=arrived)


def _without(slot: DeliverySlot, way: Way) -> DeliverySlot:
    if way is Way.CHAT:
        return replace(slot, chat="", chat_done=True)
    return replace(slot, email="", email_done=True)
