"""The people and things of the data request tests, and short ways to make a request."""

from datetime import UTC, datetime, timedelta

from bot.domain.addresses import (
    SYSTEM,
    AccountId,
    Actor,
    PersonId,
    RequestId,
    Role,
    StaffId,
    TicketId,
)
from bot.domain.identity.levels import Level, ProofKind, Vouch
from bot.domain.legal_calendar.clock import legal_clock
from bot.domain.requests.execution_rules import may_execute
from bot.domain.requests.receipt import NewRequest, receive
from bot.domain.requests.record import Attempt, Identity, Subject
from bot.domain.requests.rules import DEFAULT_RULES
from bot.domain.requests.states import RequestType

ACCESS, ERASURE = RequestType.ACCESS, RequestType.ERASURE
START = datetime(2026, 6, 10, 6, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
AMINA, BINA, CHANDRA, DIPU = (StaffId(name) for name in ("amina", "bina", "chandra", "dipu"))
CLIENT_ACCOUNT = AccountId("client-account")
CLIENT = Actor.account(CLIENT_ACCOUNT)
STRANGER = Actor.account(AccountId("stranger"))
ROLES = {
    AMINA: Role.APPROVER,
    BINA: Role.APPROVER,
    CHANDRA: Role.APPROVER,
    DIPU: Role.AGENT,
}
PERSON = Subject(person=PersonId("person"))
OTHER = Subject(person=PersonId("another person"))
PLAN, DRIFTED = "plan", "plan that drifted"
GDPR = legal_clock("gdpr")
UK = legal_clock("uk")
PROOF_OF = {
    AMINA: ProofKind.CALL_BACK,
    BINA: ProofKind.LETTER_CODE,
    CHANDRA: ProofKind.LETTER_CODE,
    DIPU: ProofKind.PHONE_MATCH,
}
ENOUGH = {
    RequestType.ACCESS: Level.V3,
    RequestType.ERASURE: Level.V4,
    RequestType.RECTIFICATION: Level.V2,
    RequestType.CONTACT_CHANGE: Level.V4,
    RequestType.OBJECTION: Level.V2,
}


def by(who, now=START, *, roles=None, seen=None) -> Attempt:
    actor = who if isinstance(who, Actor) else Actor.staff(who)
    return Attempt(by=actor, now=now, roles=ROLES if roles is None else roles, seen=seen)


def system(now=START, roles=None) -> Attempt:
    return by(SYSTEM, now, roles=roles)


def new_request(
    kind=RequestType.ERASURE, *, clock=GDPR, rules=DEFAULT_RULES, name="request", **wish
):
    """`wish`: subject, account or created_by where they are not the usual ones."""
    usual = {"subject": PERSON, "account": CLIENT_ACCOUNT, "created_by": CLIENT}
    asked_for = NewRequest(
        kind=kind, ticket=TicketId("ticket"), received_at=START, **(usual | wish)
    )
    return receive(asked_for, id=RequestId(name), number="R-000001", clock=clock, rules=rules)


def identity(request, now=START, *, level=None, subject=None, phone_not_confirmed=False):
    return Identity(
        level=level or ENOUGH[request.kind],
        at=now,
        subject=subject or request.subject,
        phone_not_confirmed=phone_not_confirmed,
    )


def vouch(staff, now=START, kind=None) -> Vouch:
    return Vouch(by=staff, kind=kind or PROOF_OF[staff], at=now)


def asked(kind=RequestType.ERASURE, **options):
    """A request that waits for a proof of identity."""
    request = new_request(kind, **options)
    request.ask_identity(system())
    return request


def in_review(kind=RequestType.ERASURE, *, phone_not_confirmed=False, **options):
    """A request that is proved, confirmed and planned."""
    clock = options.get("clock", GDPR)
    request = asked(kind, **options)
    proof = identity(request, phone_not_confirmed=phone_not_confirmed)
    request.verify(proof, system(), clock)
    if kind is RequestType.ERASURE:
        request.confirm(by(CLIENT if request.account else request.created_by))
    if kind in {RequestType.ACCESS, RequestType.ERASURE}:
        request.make_plan(PLAN, system())
    return request


def approved(kind=RequestType.ERASURE, **options):
    """A request that has every approval it needs."""
    request = in_review(kind, **options)
    for staff in (AMINA, BINA)[: request.approvals_needed]:
        request.approve(by(staff), plan_hash=request.facts.plan_hash)
    return request


def executing(kind=RequestType.ERASURE, **options):
    request = approved(kind, **options)
    if kind is RequestType.ERASURE:
        request.execute(system(START + 73 * HOUR))
    return request


def vouched_for(kind=RequestType.ERASURE):
    """A request proved by manual verification by Amina and Bina, and in review."""
    request = asked(kind)
    request.open_staff_path(by(CLIENT))
    request.vouch(vouch(AMINA), by(AMINA), GDPR)
    request.vouch(vouch(BINA), by(BINA), GDPR)
    if kind is RequestType.ERASURE:
        request.confirm(by(CLIENT))
    request.make_plan(PLAN, system())
    return request


def key(error) -> str:
    """Why something was refused, as the last part of the wording's key."""
    return error.value.key.removeprefix("requests.reason_")


def reasons(request, now=START, roles=ROLES):
    """Why it may not be executed."""
    return set(may_execute(request, now, roles).reasons)
