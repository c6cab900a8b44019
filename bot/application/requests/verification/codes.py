"""One-time codes: asked for, and tried. Known and unknown addresses take the same steps.

Once an hour what counts no more is forgotten, also where no code is ever sent by mail.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.application.outbound.to_mailbox import MailCode
from bot.application.outbound.to_staff import Alert
from bot.application.ports.desk import Timer
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests.verification.claimed_address import Claim
from bot.domain.addresses import AccountId, RequestId, new_id
from bot.domain.clients.people import Account
from bot.domain.identity.challenges import Challenge, ChallengeId, CodeState, Outcome
from bot.domain.identity.codes import Binding, ChallengePurpose
from bot.domain.identity.events import LimitReached
from bot.domain.identity.levels import Purpose
from bot.domain.identity.limits import Alarm, Asker, Limiter, Try
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import DenialCode, RequestType
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
TOLD_FOR = timedelta(hours=72)
"""So long it is known where the desk said something: a chat platform takes words back for 48 hours,
and one that waited may have been carried late."""
TIMER = "forgetting"
FORGETS_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of a code that was typed.

    Where it was not accepted, what the client hears follows from `told` and `chat_is_locked`: they
    are the same for every address that could have been claimed.
    """

    outcome: Outcome
    request: DataRequest | None
    """None: the code ties this chat to a person."""
    claim: Claim
    told: CodeState = CodeState.WAITED_FOR
    """How the chat's newest code stands, as far as the chat may hear of it."""
    chat_is_locked: bool = False


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
    asker = await _asker(work, account, claim)
    permit = await Limiter(work.budgets).permit_code(asker, now)
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
    latest = await work.challenges.latest_of(account.id)
    if latest is None:
        return None
    found = await _newest(work, account) or latest
    now, limiter = work.clock.now(), Limiter(work.budgets)
    claim = Claim.parse(found.binding.subject)
    asker = await _asker(work, account, claim)
    tries = await limiter.count_tries(latest.id, now)
    tried = await limiter.charge_try(asker, now)
    challenge = await work.challenges.get(found.id)
    request = await _request_of(work, account, challenge)
    told = latest.as_told(now, tries=tries)
    if not (tried.allowed and challenge.is_open(now)):
        challenge.turn_away(code, work.digests.pepper)
        await _keep(work, challenge)
        await _note_refused(work, limiter, tried, now)
        return Tried(Outcome.ENDED, request, claim, told, tried.chat_is_locked)
    purpose = linking_purpose(account.id) if request is None else purpose_of(request)
    binding = _binding(account, purpose, str(claim))
    outcome = challenge.answer(code, binding, now, work.digests.pepper)
    await _keep(work, challenge)
    if outcome is Outcome.ACCEPTED:
        await limiter.note_success(asker)
    else:
        await _alarm(work, await limiter.note_failure(tried, now))
    return Tried(outcome, request, claim, told, tried.chat_is_locked)


def purpose_of(request: DataRequest) -> ChallengePurpose:
    return ChallengePurpose(request.id, PURPOSES[request.kind])


def linking_purpose(account: AccountId) -> ChallengePurpose:
    """An account has one such purpose at a time: to show whose it is."""
    return ChallengePurpose(RequestId(account), Purpose.LINK_ACCOUNT)


async def forget(work: UnitOfWork, ref: str) -> None:
    """Drop codes that ended, and what was spent, more than a day ago; look again in an hour.

    Likewise contacts that left the client list, when their time on record is over, links that
    work no more, and where the desk said what can be taken back no more.
    """
    del ref
    before = work.clock.now() - SECRET_FOR
    await work.challenges.purge(before)
    await work.budgets.purge(before)
    await work.people.forget_contacts()
    await work.signed_links.purge(work.clock.now())
    await work.chat_traces.forget_told(work.clock.now() - TOLD_FOR)
    await forget_later(work)


async def forget_later(work: UnitOfWork) -> None:
    """Nothing happens where the next turn is set already."""
    if await work.timers.get(TIMER) is None:
        due = work.clock.now() + FORGETS_EVERY
        await work.timers.put(Timer(key=TIMER, kind=TIMER, ref="", due_at=due))


async def _note_refused(work: UnitOfWork, limiter: Limiter, tried: Try, now: datetime) -> None:
    """One on a code that ended counts as wrong; one that was not allowed only takes as long."""
    if tried.allowed:
        await _alarm(work, await limiter.note_failure(tried, now))
    else:
        await limiter.note_refusal(now)


async def _newest(work: UnitOfWork, account: Account) -> Challenge | None:
    """Of those that are open; a decoy made later does not stand before a code still good."""
    now = work.clock.now()
    good = [one for one in await _open(work, account.id) if one.is_open(now)]
    real = [one for one in good if not one.is_decoy]
    return max(real or good, key=lambda one: one.made_at, default=None)


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


async def _asker(work: UnitOfWork, account: Account, claim: Claim) -> Asker:
    return Asker(
        chat=account.id,
        subject=claim.subject,
        claimed=claim.mailbox,
        is_known=claim.is_known,
        proved_as=await _proved_as(work, account, claim),
    )


async def _proved_as(work: UnitOfWork, account: Account, claim: Claim) -> str:
    """Whom of those to whom the address belongs this chat is known to be; empty: none of them.

    By a tie, or by a proof for a request; nothing counts that somebody said was not them, or that
    was refused as a fraud. The same is read for every address.
    """
    shown = [one for one in await work.requests.of_account(account.id) if _stands(one)]
    people = {account.person, *(one.subject.person for one in shown)}
    known = next((one for one in claim.people if one in people), "")
    return "" if account.link.is_barred else known


def _stands(request: DataRequest) -> bool:
    denied = {denial.code for denial in request.facts.denials if request.facts.denied}
    is_fraud = DenialCode.SUSPECTED_FRAUD in denied
    return request.is_verified and not request.facts.is_frozen and not is_fraud


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
