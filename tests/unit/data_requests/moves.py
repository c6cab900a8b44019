"""Every action of the search, by everybody by whom it could be tried."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

from bot.domain.errors import Refused
from bot.domain.identity.levels import Level
from bot.domain.requests.deadlines import TimerKind, timers
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import (
    DenialCode,
    ExtensionReason,
    HoldReason,
    ProofCode,
    RequestState,
    RequestType,
)
from tests.unit.data_requests.people import (
    AMINA,
    BINA,
    CHANDRA,
    CLIENT,
    DIPU,
    DRIFTED,
    GDPR,
    HOUR,
    OTHER,
    PERSON,
    PLAN,
    STRANGER,
    by,
    identity,
    in_review,
    system,
    vouch,
)

ACTS = {
    TimerKind.EXPIRE,
    TimerKind.EXECUTE,
    TimerKind.PACKAGE_LAPSES,
    TimerKind.DESTROY_PACKAGE,
    TimerKind.RESUME,
    TimerKind.CLOSE_DENIAL,
}


Act = Callable[[DataRequest, Any], object]
"""Does something to a request at a node of the search (tests/unit/data_requests/search.py)."""


@cache
def canonical(kind: RequestType, state: RequestState, *, proved: bool = True):
    """Another request of the same person and type, that could carry one."""
    other = in_review(kind, name="canonical")
    other.state = state
    if not proved:
        other.facts = replace(other.facts, identity=None)
    return other


BASIC = (AMINA, BINA)


def actions(area: str) -> Iterator[tuple[str, Act]]:
    """Every action by everybody it could be tried by; `area` adds one rarer corner to the core."""
    yield from _core()
    match area:
        case "staff path":
            yield from _staff_path()
        case "naming":
            yield from _naming()
        case "merges":
            yield "merge", lambda r, n: r.merge_subject(OTHER, system(n.now))
            yield "absorb", lambda r, n: r.merge_subject(r.subject, system(n.now))
        case "duplicates":
            yield from _duplicates()
        case "roles":
            yield "bina leaves", _leave(BINA)
            yield "approve chandra", _approve(CHANDRA)
            yield "lift chandra", _lift(CHANDRA)
        case "appeals":
            yield from _appeals()
        case _:
            yield from _rest()


def _core() -> Iterator[tuple[str, Act]]:
    yield "ask", lambda r, n: r.ask_identity(system(n.now))
    yield "prove", lambda r, n: r.verify(identity(r, n.now), system(n.now), GDPR)
    yield "prove weakly", _prove(level=Level.V1)
    yield "prove by half", _prove(level=Level.V2)
    yield "prove another", _prove(subject=OTHER)
    yield "prove by account", _prove(level=Level.ACCOUNT)
    yield "confirm", lambda r, n: r.confirm(by(CLIENT, n.now))
    yield "stranger confirms", lambda r, n: r.confirm(by(STRANGER, n.now))
    yield "withdraw", lambda r, n: r.withdraw(by(CLIENT, n.now))
    yield "expire", lambda r, n: r.expire(system(n.now))
    yield "plan", lambda r, n: r.make_plan(PLAN, system(n.now))
    yield "drift", lambda r, n: r.make_plan(DRIFTED, system(n.now))
    yield from _deciding()
    yield from _carrying_out()
    yield "wait", _wait


def _deciding() -> Iterator[tuple[str, Act]]:
    for staff in (*BASIC, DIPU):
        yield f"approve {staff}", _approve(staff)
    yield "client approves", lambda r, n: r.approve(by(CLIENT, n.now), plan_hash=r.facts.plan_hash)
    yield "approve old plan", lambda r, n: r.approve(by(AMINA, n.now), plan_hash="old plan")
    yield "send back", lambda r, n: r.send_back(by(AMINA, n.now, roles=n.roles))
    yield "lapse", lambda r, n: r.let_approvals_lapse(system(n.now, n.roles))
    yield "deny", lambda r, n: r.deny(DenialCode.NO_MATCH, by(AMINA, n.now, roles=n.roles), GDPR)
    yield "hold", lambda r, n: r.hold(HoldReason.INTERNAL, by(AMINA, n.now, roles=n.roles))
    yield "hold for fraud", lambda r, n: r.hold(HoldReason.FRAUD, by(AMINA, n.now, roles=n.roles))
    yield "release", lambda r, n: r.release(by(AMINA, n.now, roles=n.roles), GDPR)
    yield "freeze", lambda r, n: r.freeze(by(STRANGER, n.now))
    for staff in BASIC:
        yield f"lift {staff}", _lift(staff)
    yield "appeal", lambda r, n: r.appeal(by(CLIENT, n.now), GDPR)
    for staff in BASIC:
        yield f"overturn {staff}", _overturn(staff)
    yield "close denial", lambda r, n: r.close_denial(system(n.now), GDPR)


def _carrying_out() -> Iterator[tuple[str, Act]]:
    yield "execute", lambda r, n: r.execute(system(n.now, n.roles))
    yield "fail", lambda r, n: r.fail(system(n.now))
    yield "retry", lambda r, n: r.retry(system(n.now, n.roles))
    yield "finish", lambda r, n: r.finish_steps(system(n.now))
    yield "erased", lambda r, n: r.prove_erased(system(n.now))
    yield "kept", lambda r, n: r.prove_erased(system(n.now), retained_until=n.now + 9 * HOUR)
    yield "package", lambda r, n: r.prove_package(system(n.now))
    yield "resume", lambda r, n: r.resume(system(n.now, n.roles))
    yield "fetch", lambda r, n: r.fetch(by(CLIENT, n.now))
    yield "lapse package", lambda r, n: r.let_package_lapse(system(n.now))
    yield "destroy", lambda r, n: r.destroy_package(system(n.now))
    yield "hand over", lambda r, n: r.hand_over(by(AMINA, n.now, roles=n.roles))
    yield "by hand", lambda r, n: r.fulfil_by_hand(by(AMINA, n.now, roles=n.roles))
    erasure = canonical(RequestType.ERASURE, RequestState.EXECUTING)
    yield "end with erasure", lambda r, n: r.end_with_erasure(erasure, system(n.now))


def _staff_path() -> Iterator[tuple[str, Act]]:
    yield "staff path", lambda r, n: r.open_staff_path(by(CLIENT, n.now))
    yield "prove without phone", _prove(phone_not_confirmed=True)
    yield "claim manual verification", _prove(level=Level.M)
    for staff in (AMINA, BINA, CHANDRA):
        yield f"vouch {staff}", _vouch(staff)
    yield "ring back", lambda r, n: r.record_call_back(by(AMINA, n.now, roles=n.roles))
    yield "approve chandra", _approve(CHANDRA)
    yield "lift chandra", _lift(CHANDRA)


def _naming() -> Iterator[tuple[str, Act]]:
    """Whose data it is about: claimed and shown in the chat, looked up by staff; with vouches."""
    yield "staff path", lambda r, n: r.open_staff_path(by(CLIENT, n.now))
    yield "name other", lambda r, n: r.name_subject(OTHER, by(DIPU, n.now))
    yield "name person", lambda r, n: r.name_subject(PERSON, by(AMINA, n.now))
    yield "name stranger", lambda r, n: r.name_subject(OTHER, by(STRANGER, n.now))
    yield "settle other", lambda r, n: r.settle_subject(OTHER, system(n.now))
    yield "settle person", lambda r, n: r.settle_subject(PERSON, system(n.now))
    yield "show", _show
    yield "absorb", lambda r, n: r.merge_subject(r.subject, system(n.now))
    for staff in (AMINA, BINA, CHANDRA):
        yield f"vouch {staff}", _vouch(staff)
    yield "approve chandra", _approve(CHANDRA)


def _show(request, node):
    """A code for the present subject's mailbox; it alone proves nobody."""
    proofs = replace(request.facts.proofs, code_at=node.now)
    request.show_proof(proofs, ProofCode.EMAIL_CODE, by(CLIENT, node.now))


def _duplicates() -> Iterator[tuple[str, Act]]:
    yield "duplicate", lambda r, n: r.mark_duplicate(_carries(r), by(AMINA, n.now))
    yield "merge", lambda r, n: r.merge_subject(OTHER, system(n.now))
    yield "duplicate of nothing", lambda r, n: r.mark_duplicate(_unproved(r), by(AMINA, n.now))
    yield "duplicate of ended", lambda r, n: r.mark_duplicate(_ended(r), system(n.now))
    for name, other in (("open", _carries), ("ended", _ended), ("done", _done)):
        yield f"reinstate {name}", lambda r, n, o=other: r.reinstate(o(r), system(n.now))
        yield f"close {name}", lambda r, n, o=other: r.close_duplicate(o(r), system(n.now))


def _carries(request):
    return canonical(request.kind, RequestState.IN_REVIEW)


def _unproved(request):
    return canonical(request.kind, RequestState.IN_REVIEW, proved=False)


def _ended(request):
    return canonical(request.kind, RequestState.WITHDRAWN)


def _done(request):
    return canonical(request.kind, RequestState.FULFILLED)


def _appeals() -> Iterator[tuple[str, Act]]:
    yield "bina denies", lambda r, n: r.deny(DenialCode.OTHER, by(BINA, n.now), GDPR)
    yield "overturn chandra", _overturn(CHANDRA)
    for staff in BASIC:
        yield f"uphold {staff}", lambda r, n, s=staff: r.uphold(by(s, n.now))


def _rest() -> Iterator[tuple[str, Act]]:
    extend = ExtensionReason.COMPLEX
    yield "extend", lambda r, n: r.extend(extend, by(AMINA, n.now), GDPR)
    yield "access first", lambda r, n: r.put_access_first(_carries(r).id, system(n.now))
    yield "waive copy", lambda r, n: r.waive_copy(_carries(r).id, by(CLIENT, n.now))
    yield "access done", lambda r, n: r.put_access_first(None, system(n.now))
    yield "call contact change", lambda r, n: r.call_contact_change(by(DIPU, n.now))


def _prove(**options) -> Act:
    return lambda r, n: r.verify(identity(r, n.now, **options), system(n.now), GDPR)


def _approve(staff) -> Act:
    return lambda r, n: r.approve(by(staff, n.now, roles=n.roles), plan_hash=r.facts.plan_hash)


def _lift(staff) -> Act:
    return lambda r, n: r.agree_to_lift_freeze(by(staff, n.now, roles=n.roles))


def _vouch(staff) -> Act:
    return lambda r, n: r.vouch(vouch(staff, n.now), by(staff, n.now), GDPR)


def _overturn(staff) -> Act:
    return lambda r, n: r.overturn(by(staff, n.now, roles=n.roles))


def _leave(staff) -> Act:
    def leave(_request, node):
        if staff not in node.roles:
            raise Refused("gone")
        node.roles = {name: role for name, role in node.roles.items() if name != staff}

    return leave


def _wait(request, node):
    """Let time pass until just after the next moment at which something may happen."""
    moments = [t.due_at for t in timers(request, GDPR) if t.kind in ACTS]
    moments += [request.facts.hold_until] if request.facts.hold_until else []
    later = [moment for moment in moments if moment >= node.now]
    if not later:
        raise Refused("nothing to wait for")
    node.now = min(later) + timedelta(seconds=1)
