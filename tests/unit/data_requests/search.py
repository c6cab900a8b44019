"""Exhaustive search over data requests: every action, by everybody, from every state reached.

The code under search is the real one. What must hold is judged by a witness that writes down what
really happened (who proved what, who said yes when) and never reads the request's own facts.
"""

from collections import deque
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.addresses import Role
from bot.data_requests.execution import may_execute
from bot.data_requests.facts import DEFAULT_RULES
from bot.data_requests.request import DataRequest
from bot.data_requests.states import (
    FINAL,
    DenialCode,
    ExtensionReason,
    HoldReason,
    RequestType,
    State,
)
from bot.data_requests.timers import TimerKind, timers
from bot.errors import Refused
from bot.identity.levels import Level
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
    PLAN,
    ROLES,
    START,
    STRANGER,
    by,
    identity,
    in_review,
    new_request,
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
VOID_IN = {
    State.RECEIVED,
    State.AWAITING_IDENTITY,
    State.AWAITING_CONFIRMATION,
    State.IN_REVIEW,
    State.ON_HOLD,
    State.DENIED,
    State.APPEALED,
    State.DUPLICATE,
    *FINAL - {State.FULFILLED},
}


@dataclass(frozen=True)
class Witness:
    """What really happened, written down beside the request."""

    proved: object = None
    path_m_at: datetime | None = None
    unconfirmed_phone: bool = False
    confirmed: bool = False
    yes: tuple = ()
    yes_at: datetime | None = None
    plan: str = ""
    rang: frozenset = frozenset()
    vouched: frozenset = frozenset()
    frozen: bool = False
    was_legal: bool = False
    """An execution began, rightly, under the approvals that stand."""


@dataclass
class Node:
    request: DataRequest
    now: datetime
    roles: dict
    witness: Witness = field(default_factory=Witness)

    def key(self):
        """Everything the future depends on; moments only as "over" or "not yet"."""
        request, facts, now = self.request, self.request.facts, self.now
        proof = facts.identity
        over = tuple(
            sorted({timer.kind for timer in timers(request, GDPR) if timer.due_at <= now} & ACTS)
        )
        approvals = tuple(
            (a.approver, a.plan_hash, a.state_version >= facts.review_version)
            for a in facts.approvals
        )
        freeze = (facts.is_frozen, facts.freezes[-1].lifting if facts.is_frozen else ())
        return (
            request.state,
            request.subject,
            proof and (proof.level, proof.subject, proof.phone_not_confirmed),
            facts.confirmed_at is not None,
            facts.plan_hash,
            approvals,
            facts.path_m_at is not None,
            facts.vouchers,
            frozenset(c.by for c in facts.call_backs),
            facts.hold_until is not None and now < facts.hold_until,
            facts.held_since is not None,
            freeze,
            facts.denied,
            facts.deniers,
            facts.duplicate_of,
            facts.waits_for,
            facts.execution_began_at is not None,
            facts.retained_until is not None,
            facts.extension is not None,
            over,
            tuple(sorted(self.roles)),
            self.witness.proved,
            self.witness.confirmed,
            self.witness.yes,
            self.witness.frozen,
        )


Act = Callable[[DataRequest, Node], None]


def canonical(state: State, *, proved: bool = True):
    other = in_review(RequestType.ERASURE, name="canonical")
    other.state = state
    if not proved:
        other.facts = replace(other.facts, identity=None)
    return other


CARRIES = canonical(State.IN_REVIEW)
UNPROVED = canonical(State.IN_REVIEW, proved=False)
ENDED = canonical(State.WITHDRAWN)
DONE = canonical(State.FULFILLED)
BASIC = (AMINA, BINA)


def actions(area: str) -> Iterator[tuple[str, Act]]:
    """Every action by everybody it could be tried by; `area` adds one rarer corner to the core."""
    yield from _core()
    match area:
        case "staff path":
            yield from _staff_path()
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
    yield "prove another", _prove(subject=OTHER)
    yield "prove by account", _prove(level=Level.ACCOUNT)
    yield "confirm", lambda r, n: r.confirm(by(CLIENT, n.now))
    yield "stranger confirms", lambda r, n: r.confirm(by(STRANGER, n.now))
    yield "withdraw", lambda r, n: r.withdraw(by(CLIENT, n.now))
    yield "expire", lambda r, n: r.expire(system(n.now))
    yield "plan", lambda r, n: r.make_plan(PLAN, system(n.now))
    yield "drift", lambda r, n: r.make_plan(DRIFTED, system(n.now))
    for staff in (*BASIC, DIPU):
        yield f"approve {staff}", _approve(staff)
    yield "client approves", lambda r, n: r.approve(by(CLIENT, n.now), plan_hash=r.facts.plan_hash)
    yield "approve old plan", lambda r, n: r.approve(by(AMINA, n.now), plan_hash="old plan")
    yield "send back", lambda r, n: r.send_back(by(AMINA, n.now, roles=n.roles))
    yield "lapse", lambda r, n: r.let_approvals_lapse(system(n.now, n.roles))
    yield "deny", lambda r, n: r.deny(DenialCode.NO_MATCH, by(AMINA, n.now, roles=n.roles), GDPR)
    yield "hold", lambda r, n: r.hold(HoldReason.FRAUD, by(AMINA, n.now, roles=n.roles))
    yield "release", lambda r, n: r.release(by(AMINA, n.now, roles=n.roles), GDPR)
    yield "freeze", lambda r, n: r.freeze(by(STRANGER, n.now))
    for staff in BASIC:
        yield f"lift {staff}", _lift(staff)
    yield "appeal", lambda r, n: r.appeal(by(CLIENT, n.now), GDPR)
    for staff in BASIC:
        yield f"overturn {staff}", _overturn(staff)
    yield "close denial", lambda r, n: r.close_denial(system(n.now), GDPR)
    yield from _carrying_out()
    yield "wait", _wait


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
    yield "by hand", lambda r, n: r.fulfil_by_hand(by(AMINA, n.now, roles=n.roles))


def _staff_path() -> Iterator[tuple[str, Act]]:
    yield "staff path", lambda r, n: r.open_staff_path(by(CLIENT, n.now))
    yield "prove without phone", _prove(phone_not_confirmed=True)
    yield "claim path M", _prove(level=Level.M)
    for staff in (AMINA, BINA, CHANDRA):
        yield f"vouch {staff}", _vouch(staff)
    yield "ring back", lambda r, n: r.record_call_back(by(AMINA, n.now, roles=n.roles))
    yield "approve chandra", _approve(CHANDRA)
    yield "lift chandra", _lift(CHANDRA)


def _duplicates() -> Iterator[tuple[str, Act]]:
    yield "duplicate", lambda r, n: r.mark_duplicate(CARRIES, by(AMINA, n.now))
    yield "merge", lambda r, n: r.merge_subject(OTHER, system(n.now))
    yield "duplicate of nothing", lambda r, n: r.mark_duplicate(UNPROVED, by(AMINA, n.now))
    yield "duplicate of ended", lambda r, n: r.mark_duplicate(ENDED, system(n.now))
    for name, other in (("open", CARRIES), ("ended", ENDED), ("done", DONE)):
        yield f"reinstate {name}", lambda r, n, o=other: r.reinstate(o, system(n.now))
        yield f"close {name}", lambda r, n, o=other: r.close_duplicate(o, system(n.now))


def _appeals() -> Iterator[tuple[str, Act]]:
    yield "bina denies", lambda r, n: r.deny(DenialCode.OTHER, by(BINA, n.now), GDPR)
    yield "overturn chandra", _overturn(CHANDRA)
    for staff in BASIC:
        yield f"uphold {staff}", lambda r, n, s=staff: r.uphold(by(s, n.now))


def _rest() -> Iterator[tuple[str, Act]]:
    extend = ExtensionReason.COMPLEX
    yield "extend", lambda r, n: r.extend(extend, by(AMINA, n.now), GDPR)
    yield "access first", lambda r, n: r.put_access_first(CARRIES.id, system(n.now))
    yield "access done", lambda r, n: r.put_access_first(None, system(n.now))


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


@dataclass
class Found:
    nodes: dict
    leads_to: dict
    used: set


AREAS = ("staff path", "merges", "duplicates", "roles", "appeals", "rest")
ASIDE = {"hold", "release", "deny", "appeal", "overturn", "close", "drift", "lapse", "send", "fail"}
"""Left out with the staff path in the gate; the nightly search leaves nothing out."""


def explore(
    kind: RequestType, area: str, *, access_approvals=1, leave_out=frozenset(), **options
) -> Found:
    """Walk everywhere; raises AssertionError at the first node that must not be."""
    rules = replace(DEFAULT_RULES, access_approvals=access_approvals)
    start = Node(new_request(kind, rules=rules, **options), START, ROLES)
    found = Found({start.key(): start}, {}, set())
    queue = deque([start])
    acts = [(name, act) for name, act in actions(area) if name.split()[0] not in leave_out]
    while queue:
        node = queue.popleft()
        here = node.key()
        found.leads_to[here] = set()
        for name, act in acts:
            after = step(node, name, act)
            if after is None:
                continue
            there = after.key()
            found.leads_to[here].add(there)
            found.used.add((node.request.state, name, after.request.state))
            if there not in found.nodes:
                found.nodes[there] = after
                queue.append(after)
    return found


def step(node: Node, name: str, act: Act) -> Node | None:
    """One action on a copy; None: refused, and then nothing may have changed."""
    request = copy(node.request)
    request.events = []
    after = Node(request, node.now, node.roles, node.witness)
    try:
        act(request, after)
    except Refused:
        assert request.facts == node.request.facts
        assert (request.state, request.subject) == (node.request.state, node.request.subject)
        assert request.events == []
        return None
    assert node.request.state not in FINAL or name in {"wait", "bina leaves"}, name
    after.witness = testify(node, name, after)
    judge(node, after)
    return after


def testify(before: Node, name: str, after: Node) -> Witness:
    """Write down what happened, from the action's name and the state it led to."""
    request = after.request
    moved = request.state_version != before.request.state_version
    witness = replace(after.witness, **seen(name, before, after, moved=moved))
    if moved and request.state in VOID_IN:
        witness = replace(witness, yes=(), yes_at=None, was_legal=False)
    if moved and request.state in {State.AWAITING_IDENTITY, State.UNDELIVERED}:
        witness = replace(witness, proved=None, confirmed=False)
    if moved and request.state is State.AWAITING_IDENTITY:
        witness = replace(witness, vouched=frozenset())
    return witness


def seen(name: str, before: Node, after: Node, *, moved: bool) -> dict:
    """What an eyewitness of a successful action would add to the record."""
    witness, subject, now = before.witness, after.request.subject, after.now
    verb, _, who = name.partition(" ")
    match verb:
        case "prove":
            no_phone = name == "prove without phone"
            return {"proved": subject, "path_m_at": None, "unconfirmed_phone": no_phone}
        case "vouch":
            proved = {"proved": subject, "path_m_at": now, "unconfirmed_phone": False}
            return {"vouched": witness.vouched | {who}} | (proved if moved else {})
        case "confirm":
            return {"confirmed": True}
        case "plan" | "drift":
            return {"plan": PLAN if verb == "plan" else DRIFTED}
        case "ring":
            return {"rang": witness.rang | {AMINA}}
        case "approve":
            return {"yes": (*witness.yes, (who, witness.plan)), "yes_at": now}
        case "by":
            return {"yes": ((AMINA, witness.plan),), "yes_at": now}
        case "freeze" | "lift":
            last = verb == "lift" and len(before.request.facts.freezes[-1].lifting) == 1
            return {"frozen": not last}
        case _:
            return {}


def judge(before: Node, after: Node) -> None:
    """No way into execution, and no open door to it, without everything that it takes."""
    entered = after.request.state is State.EXECUTING is not before.request.state
    by_hand = after.request.state is State.FULFILLED and before.request.state is State.IN_REVIEW
    door = may_execute(after.request, after.now, after.roles).allowed
    if entered or door or by_hand:
        check_grounds(after)
    if entered:
        after.witness = replace(after.witness, was_legal=True)


def check_grounds(node: Node) -> None:
    request, witness = node.request, node.witness
    who = [name for name, _ in witness.yes]
    assert witness.proved == request.subject, "executed without identity"
    assert not witness.frozen, "executed though frozen"
    assert len(set(who)) >= request.approvals_needed, "too few different people"
    assert len(set(who)) == len(who)
    assert all(plan == witness.plan for _, plan in witness.yes), "another plan was approved"
    assert str(request.created_by) not in {f"staff:{name}" for name in who}, "approved by requester"
    if not witness.was_legal:
        assert all(node.roles.get(name) is Role.APPROVER for name in who), "approved without role"
    vouched = [name in witness.vouched for name in who]
    if witness.path_m_at is not None:
        assert not vouched[0], "the first approver vouched"
        assert sum(vouched) <= 1, "two vouchers approved"
        assert node.now >= witness.path_m_at + timedelta(days=7), "the seven days are not over"
    if witness.unconfirmed_phone:
        assert who[0] in witness.rang, "nobody rang the phone on record"
    if request.kind is RequestType.ERASURE:
        assert witness.confirmed, "erased without confirmation"
        assert len(set(who)) >= 2
        assert node.now >= witness.yes_at + 72 * HOUR, "the hold is not over"


def dead_ends(found: Found) -> list:
    """Live nodes from which no final state can be reached."""
    comes_from: dict = {}
    for here, theres in found.leads_to.items():
        for there in theres:
            comes_from.setdefault(there, set()).add(here)
    good = {key for key, node in found.nodes.items() if node.request.state in FINAL}
    queue = deque(good)
    while queue:
        for earlier in comes_from.get(queue.popleft(), ()):
            if earlier not in good:
                good.add(earlier)
                queue.append(earlier)
    return [key for key in found.nodes if key not in good]
