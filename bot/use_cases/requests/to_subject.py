"""What the data subject is told: in every chat that is theirs, and at every address on record.

Before an identity is proved nobody but the chat that asked is told anything: the code's own mail
is then the only notice. After it, every contact on record is told of each step, with the link
that freezes the request.
"""

from bot.addresses import AccountId, Language, PersonId
from bot.clients import Account, AccountStatus, Person
from bot.data_requests.request import DataRequest
from bot.data_requests.timers import RequestTimer
from bot.errors import NotFound
from bot.messages import Choice, MailNotice, Press, Reply, Say
from bot.ports import UnitOfWork
from bot.use_cases.requests.freezing import freeze_link, freeze_token
from bot.wording import say
from bot.wording.times import moment

EMAIL = "email"
SHOW, APPEAL, FREEZE = "request.show", "request.appeal", "request.freeze"
"""Verbs of use_cases/conversation/buttons; their refs are a number, a number, a token."""


async def tell_step(
    work: UnitOfWork,
    request: DataRequest,
    key: str,
    *,
    buttons: tuple[str, ...] = (),
    words: dict[Language, dict[str, str]] | None = None,
    spare: AccountId | None = None,
) -> None:
    """Tell of a step: `key` of the wording, with `words` to fill it with per language.

    `number`, `type`, `due`, `until` and `link` are filled in here. `spare`: the chat in which it
    happened, and which was answered there.
    """
    for account in await _chats(work, request):
        if account.id != spare:
            text = await _text(work, request, key, account.language, words)
            rows = await _rows(work, request, account.language, buttons)
            await work.outbox.put(
                Say(account.id, Reply(text=text, rows=rows, about=request.ticket)),
                holder=account.holder,
            )
    for person in await _people(work, request):
        await _mail(work, request, person, key, words)


async def tell_denied(work: UnitOfWork, request: DataRequest, texts: dict[Language, str]) -> None:
    """The refusal: its code in words, staff's own reason in both languages, the way to appeal.

    Called by whoever denies, because the words are in no event.
    """
    denial = request.facts.denials[-1]
    words = {
        language: {"reason": say(f"requests.denial_{denial.code}", language), "text": text}
        for language, text in texts.items()
    }
    await tell_step(work, request, "requests.denied", buttons=(APPEAL, SHOW), words=words)


async def remind_identity(work: UnitOfWork, request: DataRequest, timer: RequestTimer) -> None:
    await _remind(work, request, timer, "requests.remind_identity")


async def remind_confirmation(work: UnitOfWork, request: DataRequest, timer: RequestTimer) -> None:
    await _remind(work, request, timer, "requests.remind_confirmation")


async def _remind(work: UnitOfWork, request: DataRequest, timer: RequestTimer, key: str) -> None:
    """Only in the chat that asked, which is where it goes on."""
    if request.account is None:
        return
    account = await work.accounts.get(request.account)
    if account.status is AccountStatus.ERASED:
        return
    text = say(key, account.language, number=request.number)
    rows = await _rows(work, request, account.language, (SHOW,))
    await work.outbox.put(
        Say(account.id, Reply(text=text, rows=rows, about=request.ticket)),
        holder=account.holder,
        key=timer.key(request),
    )


async def _chats(work: UnitOfWork, request: DataRequest) -> list[Account]:
    ids = [] if request.account is None else [request.account]
    if request.is_verified and request.subject.person is not None:
        attached = await work.people.accounts_of(request.subject.person)
        ids += [one for one in attached if one not in ids]
    accounts = [await work.accounts.get(one) for one in ids]
    return [one for one in accounts if one.status is not AccountStatus.ERASED]


async def _people(work: UnitOfWork, request: DataRequest) -> list[Person]:
    person = request.subject.person
    if person is None or not request.is_verified:
        return []
    try:
        found = await work.people.get(person)
    except NotFound:
        return []
    return [] if found.erased_at else [found]


async def _mail(
    work: UnitOfWork,
    request: DataRequest,
    person: Person,
    key: str,
    words: dict[Language, dict[str, str]] | None,
) -> None:
    if not work.rules.mail_works:
        return
    text = await _text(work, request, key, person.language, words)
    link = await freeze_link(work, request)
    if request.is_live and link not in text:
        text += "\n\n" + say("requests.freeze_by", person.language, link=link)
    subject = say("requests.mail_subject", person.language, number=request.number)
    for address in addresses(person):
        mailbox = work.digests.digest(EMAIL, address)
        await work.outbox.put(
            MailNotice(PersonId(person.id), mailbox, subject, text), holder=person.holder
        )


def addresses(person: Person) -> list[str]:
    """Every e-mail address on record."""
    return [contact.value for contact in person.contacts if contact.kind == EMAIL]


async def _text(
    work: UnitOfWork,
    request: DataRequest,
    key: str,
    language: Language,
    words: dict[Language, dict[str, str]] | None,
) -> str:
    facts, zone = request.facts, work.rules.zone
    until = facts.hold_until or facts.retained_until
    own = (words or {}).get(language) or (words or {}).get(Language.EN, {})
    params = {
        "number": request.number,
        "type": say(f"requests.type_{request.kind}", language),
        "due": request.due_on.isoformat(),
        "until": moment(until, zone, language) if until else "",
        "link": await freeze_link(work, request),
    }
    return say(key, language, **params | own)


async def _rows(
    work: UnitOfWork, request: DataRequest, language: Language, buttons: tuple[str, ...]
) -> tuple[tuple[Choice, ...], ...]:
    refs = {
        SHOW: ("requests.button_show", request.number),
        APPEAL: ("requests.button_appeal", request.number),
        FREEZE: ("requests.button_freeze", freeze_token(work, request)),
    }
    row = tuple(
        Choice(say(refs[verb][0], language), Press(verb, refs[verb][1])) for verb in buttons
    )
    return (row,) if row else ()
