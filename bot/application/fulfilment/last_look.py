"""The last look: when the last word is said, or cannot be, its slot goes and all is searched again.

Then by what the subject was found is forgotten too, unless a law keeps a part: those rows must be
found once more when it lapses.
"""

from collections.abc import Mapping

from bot.application.fulfilment.attention import found_lines, occasion
from bot.application.fulfilment.execution import kept_of
from bot.application.fulfilment.last_words import Way, note_unsayable
from bot.application.fulfilment.proof import Seen, note_findings
from bot.application.fulfilment.tick_off import open_findings
from bot.application.outbound.to_staff import Alert
from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import RequestId
from bot.domain.requests.states import RequestState
from bot.wording import say

CERTIFIED = frozenset({RequestState.FULFILLED, RequestState.FULFILLED_WITH_RETENTION})


async def slots_to_close(work: UnitOfWork) -> list[RequestId]:
    """Requests whose last word is said, cannot be said, or is over its time."""
    found = list[RequestId]()
    for request in await work.fulfilments.with_open_slot():
        kept = await kept_of(work, request)
        if (await work.requests.get(request)).state not in CERTIFIED:
            continue  # what a law kept goes just now, and is looked for then
        if kept.slot is None or kept.slot.is_over(work.clock.now()):
            found.append(request)
    return found


async def close_slot(work: UnitOfWork, request_id: RequestId) -> bool:
    """Blank the addresses: what was not said by now never is; False: it goes on just now."""
    if (await work.requests.get(request_id)).state not in CERTIFIED:
        return False
    for way in Way:
        await note_unsayable(work, request_id, way)
    kept = await kept_of(work, request_id)
    if kept.slot is not None:
        kept.slot = None
        await work.fulfilments.put(kept)
    return True


async def note_last_look(work: UnitOfWork, request_id: RequestId, seen: Mapping[str, Seen]) -> None:
    """What was seen once the slot was gone: with nothing left it ends, else approvers are told."""
    request, kept = await work.requests.get(request_id), await kept_of(work, request_id)
    left = await note_findings(work, request, seen)
    if left:
        findings = await open_findings(work, request.id)
        head = say("fulfilment.left_after_all", work.rules.staff_language, number=request.number)
        text = "\n".join((head, *found_lines(work, request, findings)))
        key = f"{request.stream}:left:{kept.round}:{occasion((), findings)}"
        await work.outbox.put(Alert("privacy", text), key=key)
        return
    kept.looked_last_at = work.clock.now()
    await work.fulfilments.put(kept)
    if request.state is not RequestState.FULFILLED_WITH_RETENTION:
        await work.fulfilments.forget_who(request.id, work.clock.now())
