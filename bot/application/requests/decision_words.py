"""The words of a decision: a note of the ticket, what the client reads, and in no event.

They are told by whoever decides, because no reaction knows them.
"""

from collections.abc import Mapping

from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests.notices.subject import SHOW, Word, tell_step
from bot.application.staff_desk.words import Words, write_note
from bot.domain.addresses import Language, MessageId
from bot.domain.errors import Refused
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import RequestState
from bot.wording import say

LONGEST_REASON = 2000
FIRST_FIELD = "text_en"


def stated(
    texts: Mapping[Language, str], *, lacking: str = "", field: str = FIRST_FIELD
) -> dict[Language, str]:
    """What was written, by language; one of the two is enough, both are sent.

    `lacking`: the refusal where there must be something; `field`: where it was to be written.

    Raises:
        Refused: nothing where something is needed, or too much.
    """
    said = {language: text.strip() for language, text in texts.items() if text.strip()}
    if lacking and not said:
        raise Refused(lacking, field=field)
    if any(len(text) > LONGEST_REASON for text in said.values()):
        raise Refused("request_card.reason_too_long", field=field, most=LONGEST_REASON)
    return said


async def keep_words(
    work: UnitOfWork, request: DataRequest, head: str, said: Mapping[Language, str]
) -> MessageId:
    """As a note below the request's card. `head`: the wording key of what they are."""
    first = say(head, work.rules.staff_language)
    words = Words(text="\n".join((first, *said.values())))
    return await write_note(work, ticket=request.ticket, words=words)


def in_both(said: Mapping[Language, str]) -> dict[Language, str]:
    """Each language with all that was written: its own words first, then the other's."""
    return {
        language: "\n".join(
            said[one]
            for one in sorted(Language, key=lambda each: each is not language)
            if one in said
        )
        for language in Language
    }


async def tell_asked(work: UnitOfWork, request: DataRequest, texts: Mapping[Language, str]) -> None:
    """It is on hold until the client has answered, and what is asked."""
    own = {language: {"text": text} for language, text in texts.items()}
    await tell_step(work, request, Word(key="requests.held_question", buttons=(SHOW,), own=own))


async def tell_judged(
    work: UnitOfWork, request: DataRequest, texts: Mapping[Language, str]
) -> None:
    """How the appeal ended and, where the judge wrote any, the reason."""
    key = {
        RequestState.DENIED_FINAL: "requests.notice_upheld",
        RequestState.AWAITING_IDENTITY: "requests.notice_overturned_prove",
    }.get(request.state, "requests.notice_overturned")
    own = {language: {"why": _why(language, texts.get(language, ""))} for language in Language}
    await tell_step(work, request, Word(key=key, buttons=(SHOW,), own=own))


def _why(language: Language, text: str) -> str:
    return "\n" + say("requests.judge_says", language, text=text) if text else ""
