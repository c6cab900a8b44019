"""Everything that happened to a data request, in words, oldest first."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum

from bot.application.fulfilment.last_words import Way
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.views.ticket_card import mention
from bot.domain.addresses import Actor, ActorKind, RequestId, StaffId
from bot.domain.errors import NotFound
from bot.domain.events import Event, Recorded
from bot.domain.fulfilment.steps import TickReason
from bot.domain.identity.levels import ProofKind
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import (
    DenialCode,
    ExtensionReason,
    Fulfilment,
    HoldReason,
    ProofCode,
    RequestState,
    RequestType,
)
from bot.wording import say
from bot.wording.times import due_day, moment

SHOWN_AT_ONCE = 20
MARK_LENGTH = 8
_HUMP = re.compile(r"(?<!^)(?=[A-Z])")
CODES: Mapping[tuple[str, str], tuple[str, type[StrEnum]]] = {
    ("RequestHeld", "reason"): ("request_card.hold_", HoldReason),
    ("DueDateExtended", "reason"): ("requests.extension_", ExtensionReason),
    ("RequestDenied", "code"): ("request_card.denial_", DenialCode),
    ("RequesterVouchedFor", "proof_kind"): ("identity.proof_", ProofKind),
    ("ProofShown", "proof"): ("request_history.shown_", ProofCode),
    ("RequestFulfilled", "how"): ("request_history.how_", Fulfilment),
    ("RequestExpired", "state"): ("request_card.state_", RequestState),
    ("HoldReleased", "state"): ("request_card.state_", RequestState),
    ("RequestReceived", "type"): ("request_card.title_", RequestType),
    ("FindingTickedOff", "reason"): ("fulfilment.tick_", TickReason),
    ("LastWordEnded", "way"): ("fulfilment.way_", Way),
}
"""Fields that hold a code of the core: the keys under which staff read it, and the closed list."""
_REQUESTS = frozenset({"duplicate_of", "access", "erasure"})
_YES_OR_NO = frozenset({"arrived"})
_DIGESTS = frozenset({"plan_hash", "digest", "finding"})


@dataclass(frozen=True, slots=True)
class History:
    """A page of what happened."""

    lines: tuple[str, ...]
    page: int
    pages: int


async def request_history(work: UnitOfWork, *, request: RequestId, page: int = 0) -> History:
    """Each with its time and who did it. Raises NotFound."""
    found = await work.requests.get(request)
    rows = await work.log.of(found.stream)
    pages = max(1, -(-len(rows) // SHOWN_AT_ONCE))
    shown = min(max(page, 0), pages - 1)
    part = rows[shown * SHOWN_AT_ONCE : (shown + 1) * SHOWN_AT_ONCE]
    return History(tuple([await _line(work, found, row) for row in part]), shown, pages)


def key_of(event_type: str) -> str:
    """The wording key of an event, by the name under which it is stored."""
    return f"request_history.{_HUMP.sub('_', event_type).lower()}"


async def _line(work: UnitOfWork, request: DataRequest, row: Recorded) -> str:
    language = work.rules.staff_language
    params = {} if row.event is None else await _params(work, row.type, row.event)
    said = say(key_of(row.type), language, **params) if row.event is not None else ""
    text = said or say("request_history.erased", language)
    at = moment(row.at, work.rules.zone, language)
    who = await _who(work, request, row.actor)
    return say("request_history.line", language, at=at, who=who, text=text)


async def _params(work: UnitOfWork, name: str, event: Event) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in fields(event):
        value: object = getattr(event, each.name)
        found[each.name] = await _shown(work, name, each.name, value)
    return found


async def _shown(work: UnitOfWork, event: str, field: str, value: object) -> str:
    language = work.rules.staff_language
    if (coded := CODES.get((event, field))) is not None:
        key, codes = coded
        return say(f"{key}{value}", language) if value in tuple(codes) else str(value)
    if field in _REQUESTS and value is not None:
        return await _number(work, RequestId(str(value)))
    match value:
        case bool() if field in _YES_OR_NO:
            return say(f"request_history.{field}_{'yes' if value else 'no'}", language)
        case datetime():
            return moment(value, work.rules.zone, language)
        case date():
            return due_day(value, language)
        case _:
            text = "–" if value is None else str(value)
            return text[:MARK_LENGTH] if field in _DIGESTS else text


async def _number(work: UnitOfWork, request: RequestId) -> str:
    try:
        return (await work.requests.get(request)).number
    except NotFound:
        return "–"


async def _who(work: UnitOfWork, request: DataRequest, actor: Actor) -> str:
    if actor.kind is ActorKind.STAFF:
        return await mention(work, StaffId(actor.id)) or "–"
    is_client = actor.kind is ActorKind.ACCOUNT and actor.id == request.account
    who = "client" if is_client else str(actor.kind)
    return say(f"request_history.by_{who}", work.rules.staff_language)
