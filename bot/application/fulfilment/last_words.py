"""The last word to the subject: what was done, and the certificate; then the desk knows nobody."""

from dataclasses import dataclass, replace
from enum import StrEnum

from bot.application.fulfilment.execution import kept_of
from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import Language, RequestId
from bot.domain.errors import NotFound
from bot.wording import say


class Way(StrEnum):
    """How the last word goes."""

    CHAT = "chat"
    MAIL = "mail"


@dataclass(frozen=True, slots=True, kw_only=True)
class LastWordContent:
    """What is carried, and whereto."""

    address: str
    """The chat (`telegram:123`) or the mail address."""
    language: Language
    subject: str
    text: str
    certificate: str
    """The signed JSON; whoever carries it makes the readable document of it."""
    file_name: str
    """Without its ending."""


async def last_word(work: UnitOfWork, request_id: RequestId, way: Way) -> LastWordContent:
    """What is to be said. Raises NotFound: nothing is, any more."""
    kept = await kept_of(work, request_id)
    slot = kept.slot
    if slot is None or not kept.certificate:
        raise NotFound("requests.no_such_number")
    address = slot.chat if way is Way.CHAT else slot.email
    is_done = slot.chat_done if way is Way.CHAT else slot.email_done
    if not address or is_done:
        raise NotFound("requests.no_such_number")
    request, language = await work.requests.get(request_id), Language(slot.language)
    key = "fulfilment.last_word"
    if request.facts.retained_until is not None:
        key = "fulfilment.last_word_in_part"
    return LastWordContent(
        address=address,
        language=language,
        subject=say("mail_subjects.last_word", language, number=request.number),
        text=say(key, language, number=request.number, company=work.rules.company),
        certificate=kept.certificate,
        file_name=f"certificate-{request.number}",
    )


async def close_way(work: UnitOfWork, request_id: RequestId, way: Way) -> None:
    """It arrived, or can never: this address is needed no more."""
    kept = await kept_of(work, request_id)
    if kept.slot is None:
        return
    if way is Way.CHAT:
        kept.slot = replace(kept.slot, chat="", chat_done=True)
    else:
        kept.slot = replace(kept.slot, email="", email_done=True)
    await work.fulfilments.put(kept)
