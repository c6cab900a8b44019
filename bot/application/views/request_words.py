"""What was asked of a client and what they said for themselves, for those who decide.

The request keeps which messages they are; they are read as they stand now, edits and all.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.tickets.talk_rendering import written_out
from bot.domain.addresses import MessageId
from bot.domain.errors import NotFound
from bot.domain.identity.levels import Level, manual_verification_needs
from bot.domain.requests.record import RequestRecord
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import RequestState
from bot.domain.text import reveal, shorten

LONGEST = 700
MOST = 5


@dataclass(frozen=True, slots=True)
class Said:
    """Words, and when they were said; the words may be gone."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class RequestWords:
    """Empty where nothing was asked and nothing appealed."""

    question: Said | None = None
    answer: Said | None = None
    appealed_at: datetime | None = None
    """While the appeal waits for its judge."""
    appeal: tuple[str, ...] = ()
    """The last words for the judge; all of them stand in the thread."""


async def request_words(
    work: UnitOfWork, facts: RequestRecord, state: RequestState
) -> RequestWords:
    question = answer = None
    if (asked := facts.question) is not None:
        question = Said(asked.at, await _text(work, asked.message, has_head=True))
        if asked.answer is not None and asked.answered_at is not None:
            answer = Said(asked.answered_at, await _text(work, asked.answer))
    if state is not RequestState.APPEALED or not facts.appeals:
        return RequestWords(question, answer)
    appeal = facts.appeals[-1]
    words = tuple([await _text(work, one) for one in appeal.words[-MOST:]])
    return RequestWords(question, answer, appeal.at, words)


def proof_shown(request: DataRequest, level: Level) -> str:
    """Never more than was shown: a phone on record that nobody matched proves nothing."""
    proofs = request.facts.proofs
    match level:
        case Level.M if _rests_on_young_code(request):
            return "m_code"
        case Level.M | Level.ACCOUNT:
            return level.lower()
        case _ if proofs.code_at is not None and proofs.phone_matched_at is not None:
            return "both"
        case _ if proofs.phone_matched_at is not None:
            return "phone"
        case Level.V2 if proofs.code_at is None:
            return "either"
        case _:
            return "email"


def _rests_on_young_code(request: DataRequest) -> bool:
    """The vouchers alone would not have been enough, but beside the code they were."""
    facts = request.facts
    return facts.has_young_code(request.subject) and bool(manual_verification_needs(facts.vouches))


async def _text(work: UnitOfWork, message: MessageId, *, has_head: bool = False) -> str:
    """`has_head`: the first line of the note says what it is."""
    try:
        said = await work.messages.get(message)
    except NotFound:
        return ""
    if said.deleted_at is not None:
        return ""
    whole = written_out(said.body, said.spans).strip()
    words = whole.partition("\n")[2] if has_head else whole
    return shorten(reveal(words), LONGEST)
