"""After a backup was put back: whoever was erased since is erased again, before anybody is served.

The ledger outside the store says who it was, by keyed digests. What it says is no order to erase by
itself: a request that is still being carried out goes its own way, under its own guards, and a
freeze holds. Only what was proved before, or whose request the store does not know, is done here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.application.fulfilment.own_store import erase_own
from bot.application.outbound.to_staff import Alert
from bot.application.ports.certificates import Tombstone
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests.request_context import by_desk
from bot.domain.addresses import AccountId, HolderId, PersonId, RequestId
from bot.domain.errors import NotFound
from bot.domain.fulfilment.identifiers import Identifiers
from bot.domain.fulfilment.plan import SourceKind
from bot.domain.fulfilment.steps import StepState
from bot.domain.requests.case import ProvedBefore
from bot.domain.requests.execution_rules import standing_approvals
from bot.domain.requests.record import Subject
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import LIVE, RequestState, RequestType
from bot.domain.store_keys import LedgerBegunAnew, RestoredErased
from bot.wording import say

Digest = Callable[[HolderId], str]


class Ground(StrEnum):
    """Why somebody whose key stands is to be erased again, or is not."""

    PROVED = "proved"  # it was certified before the store was put back
    DONE = "done"  # the store's own record says that its own part was done
    UNKNOWN = "unknown"  # the store does not know the request: it is older than that
    RUNNING = "running"  # the request is still open here, and goes its own way


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """An erasure in the ledger, and whoever of its holders can be read here all the same."""

    tombstone: Tombstone
    holders: tuple[HolderId, ...]
    ground: Ground

    @property
    def is_to_go(self) -> bool:
        return self.ground is not Ground.RUNNING


async def who_returned(
    work: UnitOfWork, *, tombstones: Sequence[Tombstone], digest: Digest
) -> list[Returned]:
    """Whoever was erased and can be read in this store. Pure reading."""
    if not tombstones:
        return []
    standing = {digest(one): one for one in await work.holder_keys.standing()}
    found = list[Returned]()
    for one in tombstones:
        holders = tuple(standing[name] for name in one.holders if name in standing)
        if holders:
            ground = await _ground(work, one)
            found.append(Returned(tombstone=one, holders=holders, ground=ground))
    return found


async def erase_again(work: UnitOfWork, *, returned: Returned) -> int:
    """Erase them once more, in one transaction: rows first, keys last; how many rows went.

    Raises:
        Refused: something of them is left; nothing was changed.
    """
    request, rows = RequestId(returned.tombstone.request), 0
    for who in await _whose(work, returned.holders):
        rows += sum((await erase_own(work, who, request)).values())
    now = work.clock.now()
    await work.fulfilments.forget_who(request, now)
    await _settle(work, request, returned)
    work.record(
        RestoredErased(stream="desk", request=request, holders=len(returned.holders), rows=rows)
    )
    return rows


async def make_good(
    work: UnitOfWork, *, tombstones: Sequence[Tombstone], digest: Digest
) -> list[Returned]:
    """All that is to go, in this one transaction, and staff are told how many it was."""
    found = await who_returned(work, tombstones=tombstones, digest=digest)
    for one in found:
        if one.is_to_go:
            await erase_again(work, returned=one)
    if count := sum(one.is_to_go for one in found):
        text = say("ledger.alert_erased_again", work.rules.staff_language, count=count)
        await work.outbox.put(Alert("privacy", text))
    return found


async def rows_left(
    work: UnitOfWork, *, tombstones: Sequence[Tombstone], digest: Digest
) -> Mapping[str, int]:
    """How many rows there are of holders that the ledger calls erased, by place.

    What waits to go out is left out: erasing emptied that too, and looked; a card that is drawn
    anew since then is on its way there, and says nothing of them.
    """
    erased = {name for one in tombstones for name in one.holders}
    every = [
        *await work.holder_keys.standing(),
        *(h for h, _ in await work.holder_keys.destroyed()),
    ]
    holders = tuple(one for one in every if digest(one) in erased)
    if not holders:
        return {}
    people = [one for one in holders if await _is_person(work, one)]
    accounts = [one for one in holders if one not in set(people)]
    first = (
        Subject(person=PersonId(people[0])) if people else Subject(account=AccountId(holders[0]))
    )
    who = Identifiers(
        subject=first,
        persons=tuple(PersonId(one) for one in people),
        accounts=tuple(AccountId(one) for one in accounts),
    )
    left = await work.records.left(who)
    return {place: count for place, count in left.items() if place != "outbox"}


async def note_anew(work: UnitOfWork, *, known: int) -> None:
    """A lost ledger was given up: that is on record, with by whom."""
    work.record(LedgerBegunAnew(stream="desk", known=known))


async def _is_person(work: UnitOfWork, holder: HolderId) -> bool:
    subject = await _subject(work, holder)
    return subject is not None and subject.person is not None


async def _ground(work: UnitOfWork, tombstone: Tombstone) -> Ground:
    if tombstone.certified_at is not None:
        return Ground.PROVED
    try:
        request = await work.requests.get(RequestId(tombstone.request))
    except NotFound:
        return Ground.UNKNOWN
    steps = await work.fulfilments.steps(request.id)
    own = [one for one in steps if one.kind is SourceKind.DESK]
    is_done = any(one.state is StepState.DONE for one in own)
    return Ground.DONE if is_done and not request.facts.is_frozen else Ground.RUNNING


async def _whose(work: UnitOfWork, holders: Sequence[HolderId]) -> list[Identifiers]:
    """By person, and by account where no person is theirs; nobody beside those of the ledger."""
    wanted, found = set(holders), list[Identifiers]()
    for subject in [await _subject(work, one) for one in holders]:
        if subject is None or subject.holder not in wanted:
            continue
        who = await work.records.identifiers(subject)
        who = replace(
            who,
            persons=tuple(one for one in who.persons if one in wanted),
            accounts=tuple(one for one in who.accounts if one in wanted),
        )
        wanted -= {*who.holders}
        found.append(who)
    return found


async def _subject(work: UnitOfWork, holder: HolderId) -> Subject | None:
    """None: it is neither a person's nor an account's, but a request's own."""
    try:
        return Subject(person=(await work.people.get(PersonId(holder))).id)
    except NotFound:
        pass
    try:
        account = await work.accounts.get(AccountId(holder))
    except NotFound:
        return None
    return Subject(account=account.id)


async def _settle(work: UnitOfWork, request_id: RequestId, returned: Returned) -> None:
    """A certified request is not carried out and certified a second time."""
    certified = returned.tombstone.certified_at
    try:
        request = await work.requests.get(request_id)
    except NotFound:
        return
    is_open = request.state in LIVE - {RequestState.FULFILLED_WITH_RETENTION}
    if certified is None or not is_open or request.kind is not RequestType.ERASURE:
        return
    until = returned.tombstone.kept_until
    if until is not None and not await _can_go_on(work, request):
        text = say("ledger.alert_rest_by_hand", work.rules.staff_language, number=request.number)
        await work.outbox.put(Alert("privacy", text))
        until = None
    request.settle_restored(ProvedBefore(certified, until), await by_desk(work))


async def _can_go_on(work: UnitOfWork, request: DataRequest) -> bool:
    """Whether what a law keeps can be erased here later, under approvals that are on record."""
    kept = await work.fulfilments.get(request.id)
    is_approved = len(standing_approvals(request.facts)) >= request.approvals_needed
    return is_approved and kept is not None and kept.plan is not None
