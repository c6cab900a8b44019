"""Random lives of a request, on the real code and on a small model: they must never differ."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.domain.addresses import PersonId, StaffId
from bot.domain.errors import Refused
from bot.domain.requests.execution_rules import may_execute
from bot.domain.requests.record import Subject
from bot.domain.requests.rules import DEFAULT_RULES
from bot.domain.requests.states import DenialCode, HoldReason, ProofCode, RequestState, RequestType
from tests.unit.data_requests.model import Model
from tests.unit.data_requests.people import (
    CLIENT,
    GDPR,
    ROLES,
    START,
    STRANGER,
    by,
    identity,
    new_request,
    system,
    vouch,
)

STAFF = st.sampled_from(["amina", "bina", "chandra", "dipu"])
PEOPLE = st.sampled_from(["person", "another person"])
HOURS = st.sampled_from([1, 5, 24, 71, 72, 100, 7 * 24, 29 * 24])


class Life(RuleBasedStateMachine):
    """Each rule does the same to both, and asks whether both agreed to it."""

    @initialize(
        kind=st.sampled_from([RequestType.ERASURE, RequestType.ACCESS]),
        two=st.booleans(),
        far=st.integers(0, 6),
    )
    def receive(self, kind, two, far):
        rules = replace(DEFAULT_RULES, access_approvals=2 if two else 1)
        self.request = new_request(kind, rules=rules)
        self.model = Model(str(kind), START, self.request.approvals_needed)
        self.roles, self.people = dict(ROLES), 0
        for step in range(far):
            self.go_on("amina" if step % 2 else "chandra")

    def both(self, expected, method, *args, **kwargs):
        try:
            getattr(self.request, method)(*args, **kwargs)
            happened = True
        except Refused:
            happened = False
        assert happened == expected, f"{method}: code {happened}, model {expected}"

    def by(self, who):
        return by(StaffId(who), self.model.now, roles=self.roles)

    def client(self):
        return by(CLIENT, self.model.now)

    def system(self):
        return system(self.model.now, self.roles)

    @rule(hours=HOURS)
    def wait(self, hours):
        self.model.now += timedelta(hours=hours)

    @rule()
    def ask(self):
        self.both(self.model.ask(), "ask_identity", self.system())

    @rule(phone_open=st.booleans())
    def prove(self, phone_open):
        proof = identity(self.request, self.model.now, phone_not_confirmed=phone_open)
        self.both(self.model.prove(phone_open), "verify", proof, self.system(), GDPR)

    @rule()
    def open_staff_path(self):
        self.both(self.model.open_staff_path(), "open_staff_path", self.client())

    @rule(who=STAFF)
    def vouch_for(self, who):
        given = vouch(StaffId(who), self.model.now)
        self.both(self.model.vouch(who), "vouch", given, self.by(who), GDPR)

    @rule(who=STAFF, about=PEOPLE)
    def name_subject(self, who, about):
        subject = Subject(person=PersonId(about))
        self.both(self.model.name(who, about), "name_subject", subject, self.by(who))

    @rule(about=PEOPLE)
    def settle_subject(self, about):
        subject = Subject(person=PersonId(about))
        self.both(self.model.settle(about), "settle_subject", subject, self.system())

    @rule()
    def show_proof(self):
        proofs = replace(self.request.facts.proofs, code_at=self.model.now)
        self.both(self.model.show(), "show_proof", proofs, ProofCode.EMAIL_CODE, self.client())

    @rule()
    def confirm(self):
        self.both(self.model.confirm(), "confirm", self.client())

    @rule(plan=st.sampled_from(["plan", "other plan"]))
    def make_plan(self, plan):
        self.both(self.model.set_plan(plan), "make_plan", plan, self.system())

    @rule(who=STAFF)
    def ring(self, who):
        self.both(self.model.ring(who), "record_call_back", self.by(who))

    @rule(who=STAFF)
    def approve(self, who):
        plan = self.request.facts.plan_hash
        self.both(self.model.approve(who), "approve", self.by(who), plan_hash=plan)

    @rule()
    def execute(self):
        self.both(self.model.execute(), "execute", self.system())

    @rule()
    def lapse(self):
        self.both(self.model.lapse(), "let_approvals_lapse", self.system())

    @rule(who=STAFF)
    def send_back(self, who):
        self.both(self.model.send_back(who), "send_back", self.by(who))

    @rule(who=STAFF, reason=st.sampled_from(HoldReason))
    def hold(self, who, reason):
        expected = self.model.hold(who, fraud=reason is HoldReason.FRAUD)
        self.both(expected, "hold", reason, self.by(who))

    @rule(who=STAFF)
    def release(self, who):
        self.both(self.model.release(who), "release", self.by(who), GDPR)

    @rule(who=STAFF)
    def deny(self, who):
        self.both(self.model.deny(who), "deny", DenialCode.OTHER, self.by(who), GDPR)

    @rule()
    def appeal(self):
        self.both(self.model.appeal(), "appeal", self.client(), GDPR)

    @rule(who=STAFF)
    def overturn(self, who):
        self.both(self.model.overturn(who), "overturn", self.by(who))

    @rule()
    def withdraw(self):
        self.both(self.model.withdraw(), "withdraw", self.client())

    @rule(who=STAFF)
    def hand_over(self, who):
        self.both(self.model.hand_over(who), "hand_over", self.by(who))

    @rule()
    def expire(self):
        self.both(self.model.expire(), "expire", self.system())

    @rule()
    def freeze(self):
        self.both(self.model.freeze(), "freeze", by(STRANGER, self.model.now))

    @rule(who=STAFF)
    def lift(self, who):
        self.both(self.model.lift(who), "agree_to_lift_freeze", self.by(who))

    @rule()
    def merge(self):
        self.people += 1
        name = f"person {self.people}"
        into = Subject(person=PersonId(name))
        self.both(self.model.merge(name), "merge_subject", into, self.system())

    @rule()
    def fail(self):
        expected = self.model.state == "executing" and self.model.go("attention")
        self.both(expected, "fail", self.system())

    @rule(who=st.sampled_from(["amina", "chandra"]))
    def go_on(self, who):
        """The usual next step, so that lives get far often enough."""
        match self.model.state:
            case "received":
                self.ask()
            case "awaiting_identity":
                self.prove(phone_open=False)
            case "awaiting_confirmation":
                self.confirm()
            case "in_review" | "second_approval":
                self.make_plan("plan")
                self.approve(who)
            case "cooling_off":
                self.wait(72)
                self.execute()
            case "denied":
                self.appeal()
            case _:
                self.release(who)

    @rule(who=st.sampled_from(["bina", "chandra"]))
    def lose_role(self, who):
        self.model.roles.discard(who)
        self.roles.pop(StaffId(who), None)

    @invariant()
    def they_agree(self):
        request, model = self.request, self.model
        assert request.state == model.state
        assert request.facts.is_frozen == model.frozen
        assert str(request.subject) == f"person:{model.about}"
        assert {str(who) for who in request.facts.vouchers} == set(model.vouched)
        assert [a.approver for a in request.facts.approvals] == model.yes
        assert request.facts.hold_until == max(
            (t for t in (model.cool_until, model.m_until) if t), default=None
        )

    @invariant()
    def the_door_is_open_only_where_the_model_would_go(self):
        allowed = may_execute(self.request, self.model.now, self.roles).allowed
        if allowed:
            assert self.model.proved
            assert not self.model.frozen
            assert len(set(self.model.yes)) >= self.model.needed
            assert self.model.confirmed or self.model.kind == "access"
            assert self.request.state in {
                RequestState.COOLING_OFF,
                RequestState.EXECUTING,
                RequestState.ATTENTION,
            }


Life.TestCase.settings = settings(
    max_examples=250, stateful_step_count=40, deadline=None, derandomize=True
)
TestLife = Life.TestCase
