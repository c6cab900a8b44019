"""The proof: what was seen afterwards, and the certificate that says no more than that.

Every place of every source was searched. What is left and held by no rule puts the request into
`attention` with the place; only where nothing is left, or a named approver judged what is, a
certificate is signed.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.application.fulfilment.execution import fail, kept_of
from bot.application.outbound.after_erasure import LastMail, LastWord
from bot.application.ports.sources import Hit, Left, Looked
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests.request_context import by_desk
from bot.domain.addresses import RequestId
from bot.domain.fulfilment.certificate import ApprovedBy, Certificate, Kept, SourceCertified
from bot.domain.fulfilment.plan import PlanAction, SourceKind, SourcePlan
from bot.domain.fulfilment.steps import (
    LEFT,
    SLOT_LIVES,
    ExecutionStep,
    FindingState,
    ResidualFinding,
    StepState,
    TickReason,
)
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import RequestState


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was seen in one source afterwards."""

    looked: Looked
    left: tuple[Left, ...] = ()
    after: SourcePlan | None = None
    """Of a company's database: the plan as it would be now, which names what a law keeps."""


async def note_seen(work: UnitOfWork, request_id: RequestId, seen: Mapping[str, Seen]) -> bool:
    """Whether nothing is left; else the places are on record, and a person is told."""
    request = await work.requests.get(request_id)
    if request.state is not RequestState.VERIFYING:
        return False
    for step in await work.fulfilments.steps(request.id):
        if step.state is StepState.DONE and step.error:
            await work.fulfilments.put_step(replace(step, error=""))
    still_open = await note_findings(work, request, seen)
    cells = sum(one.looked.cells for one in seen.values())
    masked = sum(sum(one.looked.masked.values()) for one in seen.values())
    request.note_look(cells, masked, still_open, await by_desk(work))
    if still_open:
        await fail(work, request.id)
    return not still_open


async def note_findings(work: UnitOfWork, request: DataRequest, seen: Mapping[str, Seen]) -> int:
    """Keep where something was found; how many of these nobody has judged."""
    known = {one.id: one for one in await work.fulfilments.findings(request.id)}
    now, found = work.clock.now(), dict[str, ResidualFinding]()
    for source, one in seen.items():
        for hit in (*one.looked.hits, *map(_as_hit, one.left)):
            finding = _finding(request.id, source, hit)
            if finding.id in found:
                finding = replace(finding, hits=finding.hits + found[finding.id].hits)
            found[finding.id] = finding
    for gone in known.keys() - found.keys():
        if known[gone].state is FindingState.OPEN:
            await work.fulfilments.put_finding(
                replace(known[gone], state=FindingState.GONE, at=now)
            )
    still_open = 0
    for finding in found.values():
        earlier = known.get(finding.id)
        if earlier is not None and _is_settled(earlier, finding):
            continue
        still_open += 1
        await work.fulfilments.put_finding(replace(finding, at=now))
    return still_open


async def certificate_of(
    work: UnitOfWork, request_id: RequestId, seen: Mapping[str, Seen], *, version: str, head: str
) -> Certificate:
    """The facts of it, from what is on record and what was seen just now."""
    request, kept = await work.requests.get(request_id), await kept_of(work, request_id)
    steps = await work.fulfilments.steps(request_id)
    findings = await work.fulfilments.findings(request_id)
    now = work.clock.now()
    slot = kept.slot
    return Certificate(
        number=request.number,
        reference=hashlib.sha256(f"privacydesk:{request.id}".encode()).hexdigest(),
        company=work.rules.company,
        version=version,
        plan_hash=request.facts.plan_hash,
        round=kept.round,
        received_at=request.received_at,
        carried_out_at=max((one.done_at for one in steps if one.done_at), default=now),
        certified_at=now,
        approvals=tuple(ApprovedBy(approver=a.approver, at=a.at) for a in request.facts.approvals),
        sources=tuple(_sources(steps, seen, findings)),
        kept=tuple(_kept(seen)),
        slot_until=None if slot is None or slot.is_done else slot.until or now + SLOT_LIVES,
        backups="certificate.backups",
        audit_head=head,
    )


async def certify(work: UnitOfWork, request_id: RequestId, signed: str) -> bool:
    """Nothing is left, save what a law keeps: the request is answered, and its subject told."""
    request, kept = await work.requests.get(request_id), await kept_of(work, request_id)
    if request.state is not RequestState.VERIFYING:
        return False
    now = work.clock.now()
    kept.certificate, kept.certified_at, kept.looked_last_at = signed, now, None
    if kept.slot is not None and kept.slot.until is None:
        kept.slot = replace(kept.slot, until=now + SLOT_LIVES)
    await work.fulfilments.put(kept)
    digest = hashlib.sha256(signed.encode()).hexdigest()
    request.note_certificate(digest, await by_desk(work))
    until = _first_lapse(await work.fulfilments.steps(request_id), now)
    request.prove_erased(await by_desk(work), retained_until=until)
    if kept.slot is not None and not kept.slot.chat_done:
        await work.outbox.put(LastWord(request.id), key=f"last-word:{request.id}:{kept.round}")
    if kept.slot is not None and not kept.slot.email_done:
        await work.outbox.put(LastMail(request.id), key=f"last-mail:{request.id}:{kept.round}")
    return True


def _first_lapse(steps: Sequence[ExecutionStep], now: datetime) -> datetime | None:
    """When the first of what a law keeps lapses, by each source's newest step."""
    newest = {one.source: one for one in steps}
    lapses = [one.kept_until for one in newest.values() if one.kept_until is not None]
    return max(now, min(lapses)) if lapses else None


def _sources(
    steps: Sequence[ExecutionStep], seen: Mapping[str, Seen], findings: Sequence[ResidualFinding]
) -> list[SourceCertified]:
    """What was done in each, in every round, and what the look went through."""
    names = dict.fromkeys(one.source for one in steps)
    return [
        _source([one for one in steps if one.source == name], seen.get(name), findings)
        for name in names
    ]


def _source(
    steps: Sequence[ExecutionStep], seen: Seen | None, findings: Sequence[ResidualFinding]
) -> SourceCertified:
    source, kind = steps[0].source, steps[0].kind
    rows = dict[str, int]()
    for step in steps:
        for place, count in step.rows.items():
            rows[place] = rows.get(place, 0) + count
    looked = seen.looked if seen is not None else Looked()
    stated = dict.fromkeys(one for step in steps for one in (*step.stated, *looked.stated))
    return SourceCertified(
        source=source,
        kind=kind,
        rows=rows,
        done_at=max((one.done_at for one in steps if one.done_at), default=None),
        stated=tuple(stated),
        tables=looked.tables,
        cells=looked.cells,
        bytes=looked.bytes,
        files=looked.files,
        posts=looked.posts,
        masked=sum(looked.masked.values()),
        ticked_off=sum(
            one.source == source and one.state is FindingState.TICKED_OFF for one in findings
        ),
    )


def _kept(seen: Mapping[str, Seen]) -> list[Kept]:
    """What a law keeps, as it was read back."""
    return [
        Kept(source=name, place=item.place, law=item.law, rows=item.rows, until=item.until)
        for name, one in seen.items()
        if one.after is not None and one.after.kind is SourceKind.COMPANY
        for item in one.after.items
        if item.action is PlanAction.KEEP and item.rows
    ]


def _is_settled(earlier: ResidualFinding, now: ResidualFinding) -> bool:
    """Somebody judged it, and no more is there than then.

    What a person said they removed, and is seen again, is open again, whatever it is.
    """
    if earlier.state is not FindingState.TICKED_OFF or now.hits > earlier.hits:
        return False
    return earlier.reason is not TickReason.REMOVED


def _as_hit(left: Left) -> Hit:
    return Hit(place=left.place, kind=LEFT, hits=left.rows)


def _finding(request: RequestId, source: str, hit: Hit) -> ResidualFinding:
    strength = "strong" if hit.is_strong else "weak"
    where = f"{request}\n{source}\n{hit.place}\n{hit.kind}\n{strength}"
    return ResidualFinding(
        id=hashlib.sha256(where.encode()).hexdigest(),
        request=request,
        source=source,
        place=hit.place,
        kind=hit.kind,
        is_strong=hit.is_strong,
        hits=hit.hits,
        link=hit.link,
    )
