"""Exhaustive search over data requests: every action, by everybody, from every state reached.

The code under search is the real one. What must hold is judged by a witness that writes down what
really happened (who proved what, who said yes when) and never reads the request's own facts.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.domain.addresses import Role
from bot.domain.errors import Refused
from bot.domain.requests.deadlines import timers
from bot.domain.requests.execution_rules import may_execute
from bot.domain.requests.request import DataRequest
from bot.domain.requests.rules import DEFAULT_RULES
from bot.domain.requests.states import FINAL, RequestState, RequestType
from tests.unit.data_requests.moves import ACTS, Act, actions
from tests.unit.data_requests.people import (
    AMINA,
    DRIFTED,
    GDPR,
    HOUR,
    PLAN,
    ROLES,
    START,
    new_request,
)

V4_TYPES = {RequestType.ERASURE, RequestType.CONTACT_CHANGE}
_BY_HAND_FROM = {RequestState.IN_REVIEW, RequestState.COOLING_OFF, RequestState.EXECUTING}
VOID_IN = {
    RequestState.RECEIVED,
    RequestState.AWAITING_IDENTITY,
    RequestState.AWAITING_CONFIRMATION,
    RequestState.IN_REVIEW,
    RequestState.DENIED,
    RequestState.APPEALED,
    RequestState.DUPLICATE,
    *FINAL - {RequestState.FULFILLED},
}


@dataclass(frozen=True)
class Witness:
    """What really happened, written down beside the request."""

    proved: object = None
    path_m_at: datetime | None = None
    unconfirmed_phone: bool = False
    by_half: bool = False
    """Only a code or a phone was shown (V2)."""
    confirmed: bool = False
    yes: tuple = ()
    yes_at: datetime | None = None
    held_at: datetime | None = None
    stood: timedelta = timedelta(0)
    """How long the waiting time stood still since the last yes."""
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
            request.kind,
            request.subject,
            proof and (proof.level, proof.subject, proof.phone_not_confirmed),
            facts.confirmed_at is not None,
            facts.plan_hash,
            approvals,
            facts.path_m_at is not None,
            facts.named_at is not None,
            facts.proofs.code_at is not None,
            facts.vouchers,
            frozenset(c.by for c in facts.call_backs),
            facts.hold_until is not None and now < facts.hold_until,
            facts.held_since is not None,
            facts.held_from,
            freeze,
            facts.denied,
            facts.deniers,
            facts.duplicate_of,
            facts.waits_for,
            facts.copy_waived,
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


@dataclass
class Found:
    nodes: dict
    leads_to: dict
    used: set


AREAS = ("staff path", "naming", "merges", "duplicates", "roles", "appeals", "rest")
_DENIALS = {"deny", "appeal", "overturn", "close"}
_RETURNS = {"drift", "lapse", "send"}
ASIDE = {
    "staff path": frozenset({*_DENIALS, *_RETURNS, "hold", "fail"}),
    "naming": frozenset({*_DENIALS, *_RETURNS, "hold", "fail", "freeze", "lift"}),
    "merges": frozenset(),
    "duplicates": frozenset({*_DENIALS, *_RETURNS, "fail"}),
    "roles": frozenset({*_DENIALS, "drift", "hold"}),
    "appeals": frozenset({*_RETURNS, "hold"}),
    "rest": frozenset({*_DENIALS, *_RETURNS}),
}
"""What the gate leaves out beside each corner (merges walk the whole core); nightly: nothing."""


def explore(kind, area, *, access_approvals=1, leave_out: Iterable[str] = (), **options) -> Found:
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
    request = object.__new__(DataRequest)
    request.__dict__.update(node.request.__dict__, events=[])
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
    if moved and (request.state in VOID_IN or name == "hold for fraud"):
        witness = replace(witness, yes=(), yes_at=None, was_legal=False)
    if moved and request.state in {RequestState.AWAITING_IDENTITY, RequestState.UNDELIVERED}:
        witness = replace(witness, proved=None, confirmed=False)
    if moved and request.state is RequestState.AWAITING_IDENTITY:
        witness = replace(witness, vouched=frozenset())
    return witness


def seen(name: str, before: Node, after: Node, *, moved: bool) -> dict:
    """What an eyewitness of a successful action would add to the record."""
    witness, subject = before.witness, after.request.subject
    verb, _, who = name.partition(" ")
    proof = {
        "proved": subject,
        "path_m_at": None,
        "unconfirmed_phone": "without" in name,
        "by_half": name == "prove by half",
    }
    vouched = {"vouched": witness.vouched | {who}}
    if verb == "vouch" and moved:
        return vouched | proof | {"path_m_at": after.now}
    if verb == "lift":
        return {"frozen": len(before.request.facts.freezes[-1].lifting) == 0}
    return {
        "prove": proof,
        "vouch": vouched,
        "confirm": {"confirmed": True},
        "plan": {"plan": PLAN},
        "drift": {"plan": DRIFTED},
        "ring": {"rang": witness.rang | {AMINA}},
        "approve": {
            "yes": (*witness.yes, (who, witness.plan)),
            "yes_at": after.now,
            "stood": timedelta(0),
        },
        "hold": {"held_at": after.now},
        "release": {"stood": witness.stood + (after.now - (witness.held_at or after.now))},
        "by": {} if witness.yes else {"yes": ((AMINA, witness.plan),), "yes_at": after.now},
        "freeze": {"frozen": True},
    }.get(verb, {})


def judge(before: Node, after: Node) -> None:
    """No way into execution, and no open door to it, without everything that it takes."""
    entered = after.request.state is RequestState.EXECUTING is not before.request.state
    by_hand = (
        after.request.state is RequestState.FULFILLED and before.request.state in _BY_HAND_FROM
    )
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
        assert len(witness.vouched) > 1, "nobody vouched for whom it is about now"
        assert not vouched[0], "the first approver vouched"
        assert sum(vouched) <= 1, "two vouchers approved"
        assert node.now >= witness.path_m_at + timedelta(days=7), "the seven days are not over"
    if witness.unconfirmed_phone:
        assert who[0] in witness.rang, "nobody rang the phone on record"
    if request.kind is RequestType.ERASURE:
        assert witness.confirmed, "erased without confirmation"
    if request.kind in V4_TYPES:
        assert not witness.by_half, "half a proof"
        assert len(set(who)) >= 2
        assert witness.yes_at is not None
        assert node.now - witness.yes_at - witness.stood >= 72 * HOUR, "the hold is not over"


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
