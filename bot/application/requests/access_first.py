"""An erasure that waits for the same person's copy: which one, and what if it is late.

Access goes before erasure, or nothing is left to give. Nobody but the subject can say that the
erasure need not wait; without their yes it waits, however late the copy is.
"""

from dataclasses import dataclass
from datetime import date

from bot.application.outbound.to_client import Choice, Press, Reply, Say
from bot.application.outbound.to_staff import Alert
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests.alarms import approvers_called
from bot.domain.addresses import AccountId, Language
from bot.domain.clients.people import AccountStatus
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import BEFORE_EXECUTION, RequestState
from bot.wording import say
from bot.wording.times import due_day, moment

WITHOUT, WAIT, TAKE_BACK = "request.without_copy", "request.await_copy", "request.withdraw"
"""Verbs of bot/application/conversation/buttons.py: the first two name the erasure."""


@dataclass(frozen=True, slots=True)
class CopyFirst:
    """The request for a copy that goes first."""

    number: str
    due_on: date
    is_late: bool
    """The subject is asked whether to erase without it."""


async def awaited_copy(work: UnitOfWork, erasure: DataRequest) -> DataRequest | None:
    """The request for a copy that the erasure waits for."""
    waits_for = erasure.facts.waits_for
    return None if waits_for is None else await work.requests.get(waits_for)


async def copy_first(work: UnitOfWork, erasure: DataRequest) -> CopyFirst | None:
    """The same, as people read it."""
    access = await awaited_copy(work, erasure)
    if access is None:
        return None
    return CopyFirst(access.number, access.due_on, is_late(erasure, access))


def is_late(erasure: DataRequest, access: DataRequest) -> bool:
    """Whether the law's time of one of the two is over, so that somebody must be asked."""
    return access.is_late or erasure.is_late


async def waiting_for(work: UnitOfWork, access: DataRequest) -> list[DataRequest]:
    """Erasures of the same person that wait for this copy."""
    about = await work.requests.about(access.subject)
    return [one for one in about if one.facts.waits_for == access.id and one.is_live]


async def ask_about_copy(work: UnitOfWork, erasure: DataRequest, access: DataRequest) -> None:
    """Approvers are alerted that an erasure waits, and its subject is asked, once a due date."""
    if erasure.state not in BEFORE_EXECUTION or not is_late(erasure, access):
        return
    language = work.rules.staff_language
    text = say(
        "request_card.copy_late",
        language,
        approvers=await approvers_called(work),
        number=erasure.number,
        access=access.number,
        due=due_day(access.due_on, language),
    )
    late = [str(one.facts.told_late) for one in (erasure, access) if one.is_late]
    key = f"{erasure.stream}:copy_late:{access.id}:{'+'.join(late)}"
    await work.outbox.put(Alert("privacy", text), holder=erasure.subject.holder, key=f"{key}:staff")
    await _ask_client(work, erasure, access, key)


async def _ask_client(
    work: UnitOfWork, erasure: DataRequest, access: DataRequest, key: str
) -> None:
    """In the chat that asked for the erasure; whoever asked on paper is asked by staff."""
    if erasure.account is None:
        return
    account = await work.accounts.get(erasure.account)
    if account.status is AccountStatus.ERASED:
        return
    language = account.language
    choices = copy_choices(erasure, access, account.id, language)
    reply = Reply(
        text=say(
            "requests.ask_without_copy", language, number=erasure.number, access=access.number
        ),
        rows=tuple((one,) for one in choices),
        about=erasure.ticket,
        topic=account.topic,
    )
    await work.outbox.put(Say(account.id, reply), holder=account.holder, key=key)


def when_words(work: UnitOfWork, erasure: DataRequest, language: Language) -> str:
    """When it is carried out, if nothing goes before it any more."""
    if erasure.state is not RequestState.COOLING_OFF:
        return say("requests.when_approved", language)
    until = erasure.facts.hold_until
    if until is None or until <= work.clock.now():
        return say("requests.when_now", language)
    return say("requests.when_on", language, until=moment(until, work.rules.zone, language))


def copy_choices(
    erasure: DataRequest, access: DataRequest, account: AccountId, language: Language
) -> list[Choice]:
    """What the chat that asked may answer; the copy can be taken back by whoever asked for it."""
    found = [
        Choice(say("requests.button_without_copy", language), Press(WITHOUT, erasure.number)),
        Choice(say("requests.button_await_copy", language), Press(WAIT, erasure.number)),
    ]
    if access.account == account:
        label = say("requests.button_take_back", language, number=access.number)
        found.append(Choice(label, Press(TAKE_BACK, access.number)))
    return found
