"""One-time codes: asked for, and tried. Known and unknown addresses take the same steps.

Once an hour what counts no more is forgotten, also where no code is ever sent by mail.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from bot.application.outbound.to_mailbox import MailCode
from bot.application.outbound.to_staff import Alert
from bot.application.ports.desk import Timer
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests.verification.claimed_address import Claim
from bot.domain.addresses import AccountId, RequestId, new_id
from bot.domain.clients.people import Account
from bot.domain.identity.challenges import Challenge, ChallengeId, Outcome
from bot.domain.identity.codes import Binding, ChallengePurpose
from bot.domain.identity.events import LimitReached
from bot.domain.identity.levels import Purpose
from bot.domain.identity.limits import Alarm, Asker, Limiter
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import RequestType
from bot.domain.requests.verification import PROVING
from bot.domain.staff import DESK
from bot.wording import say

PURPOSES = {
    RequestType.ACCESS: Purpose.ACCESS,
    RequestType.ERASURE: Purpose.ERASURE,
    RequestType.RECTIFICATION: Purpose.CONTACT_CORRECTION,
    RequestType.CONTACT_CHANGE: Purpose.CHANGE_OF_CONTACT,
    RequestType.OBJECTION: Purpose.OBJECTION,
}
SECRET_FOR = timedelta(hours=24)
"""So long after a challenge nothing that looks like a code is shown to anybody."""
TIMER = "forgetting"
FORGETS_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of a code that was typed. The client hears one text for all but ACCEPTED."""

    outcome: Outcome
    request: DataRequest | None
    """None: the code ties this chat to a person."""
    claim: Claim


async def send_code(
    work: UnitOfWork, *, account: Account, purpose: ChallengePurpose, claim: Claim
) -> None:
    """Begin a challenge; whether a code will ever leave for it is known to nobody in the chat.

    A real one voids the real ones before it, a decoy the decoys: the work is the same, and a code
    that is still good stays so while another is refused.
    """
    now = work.clock.now()
    await work.challenges.purge(now - SECRET_FOR)
    await work.budgets.purge(now - SECRET_FOR)
    permit = await Limiter(work.budgets).permit_code(_asker(account, claim), now)
    earlier = [one for one in await _open(work, account.id) if one.is_decoy != permit.send]
    challenge = Challenge(
        id=ChallengeId(new_id()),
        binding=_binding(account, purpose, str(claim)),
        made_at=now,
        is_decoy=not permit.send,
    )
    challenge.start()
    for one in earlier:
        one.void(now, why="newer")
        await _keep(work, one)
    await work.challenges.add(challenge)
    _record(work, challenge)
    await work.outbox.put(MailCode(challenge.id), key=f"code:{challenge.id}")
    await _alarm(work, permit.alarms)


async def is_secret_time(work: UnitOfWork, account: AccountId) -> bool:
    """Whether a challenge began in this chat within the last 24 hours."""
    latest = await work.challenges.latest_of(account)
    return latest is not None and work.clock.now() - latest.made_at < SECRET_FOR


async def latest_claim(
    work: UnitOfWork, account: Account, purpose: ChallengePurpose
) -> Claim | None:
    """The address that was last claimed for this purpose in this chat."""
    open_ones = await work.challenges.open_of(account.id, purpose.id)
    latest = open_ones[0] if open_ones else await work.challenges.latest_of(account.id)
    if latest is None or latest.binding.request != purpose.id:
        return None
    return Claim.parse(latest.binding.subject)


async def try_code(work: UnitOfWork, *, account: Account, code: str) -> Tried | None:
    """Try what was typed on the newest code that can still be good; None: there never was one.

    The try is charged to the chat and the subject, and counted on the challenge, before anything
    is compared; the same work is done where it is refused.
    """
    found = await _newest(work, account)
    if found is None:
        return None
    now, limiter = work.clock.now(), Limiter(work.budgets)
    claim = Claim.parse(found.binding.subject)
    asker = _asker(account, claim)
    tried = await limiter.charge_try(asker, now)
    challenge = await work.challenges.get(found.id)
    request = await _request_of(work, account, challenge)
    purpose = linking_purpose(account.id) if request is None else purpose_of(request)
    if not tried.allowed:
        challenge.turn_away(code, work.digests.pepper)
        await _keep(work, challenge)
        await limiter.note_refusal(now)
        return Tried(Outcome.ENDED, request, claim)
    binding = _binding(account, purpose, str(claim))
    outcome = challenge.answer(code, binding, now, work.digests.pepper)
    await _keep(work, challenge)
    if outcome is Outcome.ACCEPTED:
        await limiter.note_success(asker)
    else:
        await _alarm(work, await limiter.note_failure(tried, now))
    return Tried(outcome, request, claim)


def purpose_of(request: DataRequest) -> ChallengePurpose:
    return ChallengePurpose(request.id, PURPOSES[request.kind])


def linking_purpose(account: AccountId) -> ChallengePurpose:
    """An account has one such purpose at a time: to show whose it is."""
    return ChallengePurpose(RequestId(account), Purpose.LINK_ACCOUNT)


async def forget(work: UnitOfWork, ref: str) -> None:
    """Drop codes that ended, and what was spent, more than a day ago; look again in an hour."""
    del ref
    before = work.clock.now() - SECRET_FOR
    await work.challenges.purge(before)
    await work.budgets.purge(before)
    await forget_later(work)


async def forget_later(work: UnitOfWork) -> None:
    """Nothing happens where the next turn is set already."""
    if await work.timers.get(TIMER) is None:
        due = work.clock.now() + FORGETS_EVERY
        await work.timers.put(Timer(key=TIMER, kind=TIMER, ref="", due_at=due))


async def _newest(work: UnitOfWork, account: Account) -> Challenge | None:
    """A decoy made later does not stand before a code that is still good."""
    now = work.clock.now()
    good = [one for one in await _open(work, account.id) if one.is_open(now)]
    real = [one for one in good if not one.is_decoy]
    newest = max(real or good, key=lambda one: one.made_at, default=None)
    return newest or await work.challenges.latest_of(account.id)


async def _open(work: UnitOfWork, account: AccountId) -> list[Challenge]:
    requests = await work.requests.of_account(account)
    purposes = [purpose_of(one) for one in requests if one.state in PROVING]
    return [
        challenge
        for purpose in (*purposes, linking_purpose(account))
        for challenge in await work.challenges.open_of(account, purpose.id)
    ]


async def _request_of(
    work: UnitOfWork, account: Account, challenge: Challenge
) -> DataRequest | None:
    if challenge.binding.request == linking_purpose(account.id).id:
        return None
    return await work.requests.get(challenge.binding.request)


def _asker(account: Account, claim: Claim) -> Asker:
    return Asker(
        chat=account.id,
        subject=claim.subject,
        claimed=claim.mailbox,
        is_known=claim.is_known,
        chat_is_verified=account.person in claim.people,
    )


def _binding(account: Account, purpose: ChallengePurpose, subject: str) -> Binding:
    """Reckoned from who types now and what for, never read back from the challenge."""
    return Binding(
        request=purpose.id,
        purpose=purpose.kind,
        chat=account.id,
        user=account.address.user,
        subject=subject,
    )


async def _keep(work: UnitOfWork, challenge: Challenge) -> None:
    await work.challenges.save(challenge)
    _record(work, challenge)


def _record(work: UnitOfWork, challenge: Challenge) -> None:
    for event in challenge.events:
        work.record(event)
    challenge.events.clear()


async def _alarm(work: UnitOfWork, alarms: Iterable[Alarm]) -> None:
    """Staff hear that somebody is guessing, or flooding; never who or whom."""
    for alarm in alarms:
        work.record(LimitReached(stream=DESK, limit=alarm))
        text = say(f"identity.alarm_{alarm}", work.rules.staff_language)
        await work.outbox.put(Alert("privacy", text))
