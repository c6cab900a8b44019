"""A client's own data requests: where they stand, and what can still be done about them."""

import re
from collections.abc import Awaitable, Callable

from bot.application.conversation.context import ConversationContext, Rows
from bot.application.outbound.to_client import Choice, Press, Reply
from bot.application.request_talk import take_up_talk
from bot.application.requests.access_first import (
    awaited_copy,
    copy_choices,
    is_late,
    when_words,
)
from bot.application.requests.intake import own_request, own_requests
from bot.application.requests.notices.subject import due_shown
from bot.application.requests.request_context import attempt, clock_of, live_roles
from bot.application.requests.whose_turn import is_freeze_told, party_told
from bot.domain.errors import NotFound, Refused, Stale
from bot.domain.legal_calendar.regimes import Basis
from bot.domain.requests.execution_rules import account_suffices, may_execute
from bot.domain.requests.record import Subject
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import BEFORE_EXECUTION, RequestState, RequestType
from bot.domain.requests.verification import PROVING
from bot.wording.refusals import refusal_text
from bot.wording.times import due_day

MOST_SHOWN = 10
_NUMBER = re.compile(r"[Rr]\s*[-–—]?\s*[0-9]{1,15}")
_CAN_WITHDRAW = BEFORE_EXECUTION - {RequestState.DENIED}


def is_number(text: str) -> bool:
    """Whether this names a data request: `R-000045`, `r45`."""
    return _NUMBER.fullmatch(text.strip()) is not None


async def show(chat: ConversationContext, number: str) -> None:
    """Where a request stands, in plain words."""
    await act_on(chat, number, tell)


async def show_open(chat: ConversationContext, request: DataRequest) -> None:
    """Asked for again: the one that is open, and what to do next."""
    await chat.say("requests.open_already", number=request.number)
    await tell(chat, request)


async def show_first(chat: ConversationContext, request: DataRequest) -> None:
    """The same person's request for the same, proved before: its number, to a known chat more."""
    await chat.say("requests.open_already", number=request.number)
    if chat.account.person is not None and request.subject.person == chat.account.person:
        await tell(chat, request)


async def show_all(chat: ConversationContext) -> None:
    """Every request of this client, newest first."""
    found = await own_requests(chat.work, account=chat.account)
    if not found:
        await chat.say("client_data.no_requests")
        return
    rows = tuple((Choice(label(chat, one), Press("request.show", one.number)),) for one in found)
    await chat.say("client_data.requests_head", rows=rows[:MOST_SHOWN])


async def show_live(chat: ConversationContext) -> list[DataRequest]:
    """/status without a number: each request that is still open; those that were shown."""
    found = await own_requests(chat.work, account=chat.account)
    live = [one for one in found if one.is_live][:MOST_SHOWN]
    for one in live:
        await tell(chat, one)
    return live


async def withdraw(chat: ConversationContext, number: str) -> None:
    await act_on(chat, number, _withdraw)


async def appeal(chat: ConversationContext, number: str) -> None:
    await act_on(chat, number, _appeal)


def promise(chat: ConversationContext, request: DataRequest) -> str:
    """When the answer comes at the latest; where no law says so, that it is our own promise."""
    params = {"number": request.number, "due": _due(chat, request)}
    text = chat.text("requests.received", type=chat.text(f"requests.type_{request.kind}"), **params)
    if clock_of(request).regime.basis is Basis.HOUSE_RULE:
        text += " " + chat.text("requests.received_house_rule")
    return text


async def tell(chat: ConversationContext, request: DataRequest) -> None:
    """Where it stands, and what can be done about it."""
    is_ready = await _is_ready(chat, request)
    access = await awaited_copy(chat.work, request)
    text = chat.text(
        "requests.status",
        number=request.number,
        type=chat.text(f"requests.type_{request.kind}"),
        state=chat.text(_ready("state", request)) if is_ready else _state(chat, request),
        due=due_shown(request, chat.account.language),
        next=chat.text(_ready("next", request)) if is_ready else _next(chat, request, access),
        actor=chat.text(f"requests.actor_{party_told(request)}"),
    )
    if is_freeze_told(request):
        text += "\n\n" + chat.text("requests.status_frozen")
    if access is not None:
        text += "\n\n" + _copy_first(chat, request, access)
    about = request.ticket if request.account == chat.account.id else None
    await chat.tell(Reply(text=text, rows=_rows(chat, request, access), about=about))


def _copy_first(chat: ConversationContext, request: DataRequest, access: DataRequest) -> str:
    """The true order, and of a copy that is late what can be done."""
    due = due_shown(access, chat.account.language)
    text = chat.text("requests.status_copy_first", access=access.number, due=due)
    if _is_asked_about(chat, request, access):
        text += " " + chat.text("requests.status_copy_late")
    return text


def _is_asked_about(
    chat: ConversationContext, request: DataRequest, access: DataRequest | None
) -> bool:
    """Only the chat that asked says whether the erasure waits."""
    is_open = request.account == chat.account.id and request.state in BEFORE_EXECUTION
    return is_open and access is not None and is_late(request, access)


def _ready(part: str, request: DataRequest) -> str:
    """An erasure begins by itself once nothing is in its way; the rest is done by people."""
    suffix = "_erasure" if request.kind is RequestType.ERASURE else ""
    return f"requests.{part}_ready{suffix}"


async def _is_ready(chat: ConversationContext, request: DataRequest) -> bool:
    """The waiting time is over, and nothing else is in the way."""
    if request.state is not RequestState.COOLING_OFF:
        return False
    return may_execute(request, chat.now, await live_roles(chat.work)).allowed


def _due(chat: ConversationContext, request: DataRequest) -> str:
    return due_day(request.due_on, chat.account.language)


def _state(chat: ConversationContext, request: DataRequest) -> str:
    return chat.text(f"requests.state_{request.state}{_of_erasure(request)}")


def _of_erasure(request: DataRequest) -> str:
    """A copy is made by staff, an erasure carried out by the desk."""
    is_erasure = request.kind is RequestType.ERASURE
    return "_erasure" if is_erasure and request.state is RequestState.EXECUTING else ""


def _next(chat: ConversationContext, request: DataRequest, access: DataRequest | None) -> str:
    facts = request.facts
    if is_freeze_told(request):
        return chat.text("requests.next_frozen")
    if facts.is_asked:
        return chat.text("requests.next_question")
    if request.state is RequestState.AWAITING_IDENTITY and facts.path_m_at is not None:
        return chat.text("requests.next_staff_path")
    if request.state is RequestState.AWAITING_CONFIRMATION and not facts.plan_hash:
        return chat.text("requests.next_reckoned")
    if request.kind is RequestType.ERASURE and request.state is RequestState.COOLING_OFF:
        return _next_of_hold(chat, request, access)
    until = facts.hold_until or facts.retained_until
    if request.state is RequestState.DENIED:
        until = request.appeal_until(clock_of(request))
    at = chat.moment(until) if until else ""
    return chat.text(f"requests.next_{request.state}{_of_erasure(request)}", until=at)


def _next_of_hold(
    chat: ConversationContext, request: DataRequest, access: DataRequest | None
) -> str:
    """When the erasure is carried out, and after what."""
    if access is None:
        when = when_words(chat.work, request, chat.account.language)
    else:
        until = request.facts.hold_until
        at = chat.moment(until) if until else ""
        when = chat.text("requests.when_after_copy", access=access.number, until=at)
    return f"{when} {chat.text('requests.next_can_stop')}"


def _rows(chat: ConversationContext, request: DataRequest, access: DataRequest | None) -> Rows:
    """What can be done about it now; nothing that the desk would refuse."""
    is_mine = request.account == chat.account.id
    proofs = proof_rows(chat, request) if is_mine else []
    acts = _acts(chat, request, is_mine=is_mine)
    if access is not None and _is_asked_about(chat, request, access):
        acts = [*copy_choices(request, access, chat.account.id, chat.account.language), *acts]
    return tuple((one,) for one in [*proofs, *acts])


def proof_rows(chat: ConversationContext, request: DataRequest) -> list[Choice]:
    """The ways to show who one is: the same for everybody, known or unknown."""
    if request.state not in PROVING or request.facts.path_m_at is not None:
        return []
    found = [chat.choice("identity.button_send_code", "proof.send", request.number)]
    if request.state is RequestState.AWAITING_IDENTITY:
        found.append(chat.choice("identity.button_cannot_read", "proof.unreadable", request.number))
        is_own = request.subject == Subject(account=chat.account.id)
        if is_own and account_suffices(request.kind):
            found.append(chat.choice("requests.account_only", "proof.account", request.number))
    return found


def _acts(chat: ConversationContext, request: DataRequest, *, is_mine: bool) -> list[Choice]:
    offered = {
        "request.confirm": is_mine
        and request.state is RequestState.AWAITING_CONFIRMATION
        and bool(request.facts.plan_hash),
        "request.appeal": is_mine and request.state is RequestState.DENIED,
        "request.withdraw": is_mine and _can_withdraw(request),
        "request.freeze": request.is_verified and request.is_live and not request.facts.is_frozen,
    }
    labels = {"request.confirm": "requests.button_confirm_erasure"}
    return [
        chat.choice(
            labels.get(verb, f"requests.button_{verb.removeprefix('request.')}"),
            verb,
            request.number,
        )
        for verb, holds in offered.items()
        if holds
    ]


def _can_withdraw(request: DataRequest) -> bool:
    """Nothing goes while a copy is made."""
    is_copy = request.kind is RequestType.ACCESS and request.state is RequestState.EXECUTING
    return is_copy or request.state in _CAN_WITHDRAW


async def _withdraw(chat: ConversationContext, request: DataRequest) -> None:
    request.withdraw(await attempt(chat.work))
    await answer_step(chat, request, "requests.notice_withdrawn")


async def _appeal(chat: ConversationContext, request: DataRequest) -> None:
    request.appeal(await attempt(chat.work), clock_of(request))
    is_heard = await take_up_talk(chat.work, request)
    await answer_step(chat, request, f"requests.appeal_{'words' if is_heard else 'taken'}")


async def answer_step(
    chat: ConversationContext, request: DataRequest, key: str, **params: str
) -> None:
    row = (chat.choice("requests.button_show", "request.show", request.number),)
    text = chat.text(key, number=request.number, **params)
    about = request.ticket if request.account == chat.account.id else None
    await chat.tell(Reply(text=text, rows=(row,), about=about))


async def act_on(
    chat: ConversationContext,
    number: str,
    act: Callable[[ConversationContext, DataRequest], Awaitable[None]],
) -> None:
    """Do something to a request of this client; what cannot be done shows how it stands."""
    try:
        request = await own_request(chat.work, account=chat.account, number=number)
    except NotFound:
        await chat.say("requests.not_yours")
        return
    try:
        await act(chat, request)
    except Refused as refusal:
        await chat.tell(Reply(text=_refusal(chat, request, refusal)))
        await tell(chat, request)


def _refusal(chat: ConversationContext, request: DataRequest, refusal: Refused) -> str:
    """Who of the staff decided is for staff to know."""
    if isinstance(refusal, Stale):
        return chat.text("requests.stale", number=request.number, state=_state(chat, request))
    return refusal_text(refusal, chat.account.language)


def label(chat: ConversationContext, request: DataRequest) -> str:
    """A request in one line: number, what it asks, where it stands."""
    kind, state = chat.text(f"requests.type_{request.kind}"), _state(chat, request)
    return f"{request.number} · {kind} · {state}"
