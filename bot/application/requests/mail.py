"""What the mail adapter asks of the desk: to make a code when it leaves, and where a word goes."""

from dataclasses import dataclass

from bot.application.outbound.delivery import Delivery
from bot.application.outbound.to_mailbox import MailCode, MailNotice
from bot.application.people import people_on_record, person_on_record
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests.objection_links import cutting_link, freeze_link
from bot.application.requests.verification.claimed_address import Claim, address_in
from bot.domain.addresses import AccountId, Language
from bot.domain.errors import NotFound, Stale
from bot.domain.identity.challenges import Challenge, ChallengeId
from bot.domain.identity.codes import new_code
from bot.domain.identity.levels import Purpose
from bot.wording import say


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail, ready to leave."""

    to: str
    subject: str
    text: str
    language: Language
    files: tuple[tuple[str, bytes], ...] = ()
    """What is attached, by name."""


async def write_code(work: UnitOfWork, *, challenge: str) -> Letter | None:
    """Make the code and keep its HMAC, before the mail leaves; None: there is nothing to send."""
    try:
        found = await work.challenges.get(ChallengeId(challenge))
        letter = await _letter(work, found)
        if letter is None:
            return None
        code = new_code()
        found.set_code(code, work.clock.now(), work.digests.pepper)
    except (NotFound, Stale):
        return None
    await _keep(work, found)
    return Letter(letter.to, letter.subject, letter.text.replace(_CODE, code), letter.language)


async def take_code_back(work: UnitOfWork, *, challenge: str) -> None:
    """The mail surely did not leave; the next try makes another code."""
    found = await work.challenges.get(ChallengeId(challenge))
    found.take_code_back(work.clock.now())
    await _keep(work, found)


async def void_code(work: UnitOfWork, delivery: Delivery) -> None:
    """Nobody knows whether the mail left: its code counts for nothing, and is never sent again."""
    if not isinstance(delivery, MailCode):
        return
    try:
        found = await work.challenges.get(ChallengeId(delivery.challenge))
    except NotFound:
        return
    found.void(work.clock.now(), why="uncertain")
    await _keep(work, found)


async def write_notice(
    work: UnitOfWork, *, notice: MailNotice, is_repeat: bool = False
) -> Letter | None:
    """Where a notice goes; None: the address is no longer on record."""
    person = await person_on_record(work, notice.person)
    to = person and address_in(work, [person], notice.mailbox)
    if person is None or not to:
        return None
    head = say("telegram.repeat", person.language) + "\n" if is_repeat else ""
    return Letter(to, notice.subject, head + notice.text, person.language)


_CODE = "\ue000"
"""Stands for the code until it is made; no wording holds this character."""


async def _letter(work: UnitOfWork, challenge: Challenge) -> Letter | None:
    claim = Claim.parse(challenge.binding.subject)
    people = await people_on_record(work, claim.people)
    to = address_in(work, people, claim.mailbox)
    if challenge.is_decoy or not to:
        return None
    language = people[0].language
    if challenge.binding.purpose is Purpose.LINK_ACCOUNT:
        return await _linking_letter(work, challenge, to, language)
    request = await work.requests.get(challenge.binding.request)
    text = say(
        "identity.mail_code",
        language,
        company=work.rules.company,
        type=say(f"requests.type_{request.kind}", language),
        number=request.number,
        code=_CODE,
        link=await freeze_link(work, request),
    )
    return Letter(to, say(f"identity.mail_subject_{request.kind}", language), text, language)


async def _linking_letter(
    work: UnitOfWork, challenge: Challenge, to: str, language: Language
) -> Letter:
    text = say(
        "identity.mail_code_link",
        language,
        company=work.rules.company,
        code=_CODE,
        link=await cutting_link(work, AccountId(challenge.binding.chat)),
    )
    return Letter(to, say("identity.mail_subject_link_account", language), text, language)


async def _keep(work: UnitOfWork, challenge: Challenge) -> None:
    await work.challenges.save(challenge)
    for event in challenge.events:
        work.record(event)
    challenge.events.clear()
