"""What the data subject is told: in every chat that is theirs, and at every address on record.

Before an identity is proved nobody but the chat that asked is told anything: the code's own mail
is then the only notice. After it, every contact on record is told of each step, with the link
that freezes the request.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.application.outbound.to_client import Choice, Press, Reply, Say
from bot.application.outbound.to_mailbox import MailNotice
from bot.application.people import people_on_record
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests.objection_links import freeze_link
from bot.application.requests.request_context import clock_of
from bot.application.requests.whose_turn import party_told
from bot.domain.addresses import AccountId, Language, PersonId, TicketId
from bot.domain.clients.people import EMAIL, Account, AccountStatus, Person
from bot.domain.errors import NotFound
from bot.domain.requests.deadlines import RequestTimer
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import Party, RequestState
from bot.wording import say
from bot.wording.times import due_day, moment

SHOW, APPEAL, FREEZE = "request.show", "request.appeal", "request.freeze"
CONFIRM = "request.confirm"
"""Verbs of bot/application/conversation/buttons.py; what they are about is the request's number."""
LABELS = {
    SHOW: "requests.button_show",
    APPEAL: "requests.button_appeal",
    CONFIRM: "requests.button_confirm_erasure",
    FREEZE: "requests.button_freeze",
}

LIFTED = "requests.notice_freeze_lifted"
SOMEBODY_DID = frozenset(
    {
        LIFTED,
        "requests.notice_verified",
        "requests.notice_confirmed",
        "requests.notice_first_approval",
        "requests.notice_approved",
        "requests.notice_approved_erasure",
        "requests.notice_approved_erasure_after_copy",
        "requests.notice_copy_waived",
        "requests.notice_released_approved",
        "requests.notice_package_ready",
    }
)
"""Steps of which a chat hears that it can say "this was not me"."""
_REFUSED = frozenset({RequestState.DENIED, RequestState.APPEALED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What is told: `key` of the wording; `number`, `type`, `due`, `until`, `link` are filled in.

    `own` holds what else it wants, per language.
    """

    key: str
    buttons: tuple[str, ...] = ()
    own: Mapping[Language, Mapping[str, str]] = field(
        default_factory=dict[Language, Mapping[str, str]]
    )

    def params(self, language: Language) -> Mapping[str, str]:
        return self.own.get(language) or self.own.get(Language.EN, {})


async def tell_step(
    work: UnitOfWork, request: DataRequest, word: Word, *, spare: AccountId | None = None
) -> None:
    """Tell of a step. `spare`: the chat in which it happened, which was answered there.

    Whoever is being erased is cut off, and hears of it once, at the end, from the sealed slot.
    """
    if request.is_fenced:
        return
    for account in await _chats(work, request):
        if account.id != spare:
            await _say(work, request, word, account)
    for person in await _people(work, request):
        await _mail(work, request, person, word)


async def _say(
    work: UnitOfWork, request: DataRequest, word: Word, account: Account, key: str = ""
) -> None:
    text = await _text(work, request, word, account.language)
    if word.key in SOMEBODY_DID and FREEZE in word.buttons:
        text += " " + say("requests.freeze_by_button", account.language)
    rows = _rows(request, account.language, word.buttons)
    reply = Reply(text=text, rows=rows, about=_talk(request, account), topic=account.topic)
    await work.outbox.put(Say(account.id, reply), holder=account.holder, key=key)


def _talk(request: DataRequest, account: Account) -> TicketId | None:
    """Only the chat that asked has the ticket; an answer elsewhere is not about it."""
    return request.ticket if account.id == request.account else None


async def tell_denied(work: UnitOfWork, request: DataRequest, texts: dict[Language, str]) -> None:
    """The refusal: its code in words, staff's own reason in both languages, the way to appeal.

    Called by whoever denies, because the words are in no event.
    """
    denial = request.facts.denials[-1]
    own = {
        language: {
            "reason": say(f"requests.denial_{denial.code}", language),
            "text": text,
            "until": _date(work, request.appeal_until(clock_of(request)), language),
        }
        for language, text in texts.items()
    }
    word = Word(key="requests.denied", buttons=(APPEAL, SHOW), own=own)
    await tell_step(work, request, word)


async def tell_late(work: UnitOfWork, request: DataRequest) -> None:
    """An apology, what to expect now, and where to complain (Art. 12(4) GDPR)."""
    now = work.clock.now()
    expected = clock_of(request).expected_on(now)
    is_theirs = party_told(request) is Party.YOU
    key = "requests.late_waits_for_you" if is_theirs else "requests.late_expected"
    until = request.facts.hold_until
    if request.state is RequestState.COOLING_OFF and until is not None and until > now:
        key = "requests.late_waiting_time"
    own = {
        one: {
            "expect": say(key, one, expected=due_day(expected, one), until=_date(work, until, one))
        }
        for one in Language
    }
    await tell_step(work, request, Word(key="requests.notice_overdue", buttons=(SHOW,), own=own))


def due_shown(request: DataRequest, language: Language) -> str:
    """The due date; of one that went by, that it did."""
    shown = due_day(request.due_on, language)
    return say("requests.due_passed", language, due=shown) if request.is_late else shown


async def remind_identity(work: UnitOfWork, request: DataRequest, timer: RequestTimer) -> None:
    """On the staff path it is not the client who is waited for."""
    if request.facts.path_m_at is None:
        await _remind(work, request, timer, Word(key="requests.remind_identity", buttons=(SHOW,)))


async def remind_confirmation(work: UnitOfWork, request: DataRequest, timer: RequestTimer) -> None:
    word = Word(key="requests.remind_confirmation", buttons=(CONFIRM, SHOW))
    await _remind(work, request, timer, word)


async def _remind(work: UnitOfWork, request: DataRequest, timer: RequestTimer, word: Word) -> None:
    """Only in the chat that asked, which is where it goes on."""
    if request.account is None:
        return
    account = await _account(work, request.account)
    if account is None:
        return
    await _say(work, request, word, account, key=timer.key(request))


async def _chats(work: UnitOfWork, request: DataRequest) -> list[Account]:
    ids = [] if request.account is None else [request.account]
    if request.is_verified and request.subject.person is not None:
        attached = await work.people.accounts_of(request.subject.person)
        ids += [one for one in attached if one not in ids]
    accounts = [await _account(work, one) for one in ids]
    return [one for one in accounts if one is not None]


async def _account(work: UnitOfWork, account: AccountId) -> Account | None:
    """None: it was erased, or its row is gone."""
    try:
        found = await work.accounts.get(account)
    except NotFound:
        return None
    return None if found.status is AccountStatus.ERASED else found


async def _people(work: UnitOfWork, request: DataRequest) -> list[Person]:
    person = request.subject.person
    if person is None or not request.is_verified:
        return []
    return await people_on_record(work, (person,))


async def _mail(
    work: UnitOfWork,
    request: DataRequest,
    person: Person,
    word: Word,
) -> None:
    if not work.rules.mail_works:
        return
    text = await _text(work, request, word, person.language)
    if footer := _footer(request, word):
        link = await freeze_link(work, request)
        text += "\n\n" + say(footer, person.language, link=link)
    step = word.key.rpartition(".")[2]
    subject = say(f"mail_subjects.{step}", person.language, number=request.number)
    for address in person.emails:
        mailbox = work.digests.digest(EMAIL, address)
        await work.outbox.put(
            MailNotice(PersonId(person.id), mailbox, subject, text), holder=person.holder
        )


def _footer(request: DataRequest, word: Word) -> str:
    """What a mail asks of whoever knows nothing of it: never to freeze what is frozen already."""
    if request.facts.is_frozen:
        return ""
    can_be_done = request.is_live and request.state not in _REFUSED
    return "requests.freeze_by" if can_be_done and word.key != LIFTED else "requests.tell_by"


async def _text(work: UnitOfWork, request: DataRequest, word: Word, language: Language) -> str:
    facts = request.facts
    params = {
        "number": request.number,
        "type": say(f"requests.type_{request.kind}", language),
        "due": due_day(request.due_on, language),
        "until": _date(work, facts.hold_until or facts.retained_until, language),
        "link": await freeze_link(work, request),
        "authority": _authority(request, language),
    }
    return say(word.key, language, **params | dict(word.params(language)))


def _authority(request: DataRequest, language: Language) -> str:
    authority = clock_of(request).regime.authority
    return ", ".join(filter(None, (authority.name[language], authority.url)))


def _date(work: UnitOfWork, at: datetime | None, language: Language) -> str:
    return moment(at, work.rules.zone, language) if at else ""


def _rows(
    request: DataRequest, language: Language, buttons: tuple[str, ...]
) -> tuple[tuple[Choice, ...], ...]:
    row = tuple(
        Choice(say(LABELS[verb], language), Press(verb, request.number)) for verb in buttons
    )
    return (row,) if row else ()
