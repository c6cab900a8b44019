"""Showing who one is, in the chat: the address, the code, the phone, and the way without them.

Until a code is accepted every reply is the same for a known, an unknown, a locked and an erased
address, and so is the work behind it.
"""

from typing import assert_never

from bot.application.conversation import dialog_state
from bot.application.conversation.context import ConversationContext
from bot.application.conversation.erasures import confirmation
from bot.application.conversation.inbound_message import Incoming
from bot.application.conversation.own_data import my_requests
from bot.application.conversation.routes import Proof, TakeAddress, TakeCode, TakeContact
from bot.application.conversation.verification import account_link_dialog, code_replies
from bot.application.conversation.verification.code_replies import WayOut, way_of
from bot.application.conversation.verification.proof_parsing import (
    has_patience,
    remove,
    shared_in,
)
from bot.application.outbound.to_client import Choice, Reply
from bot.application.people import person_on_record
from bot.application.requests import duplicates
from bot.application.requests.intake import own_request
from bot.application.requests.verification import codes, process
from bot.application.requests.verification.claimed_address import Claim, claim_of
from bot.application.requests.verification.codes import Tried, purpose_of
from bot.application.requests.verification.process import ProofStep
from bot.domain.errors import NotFound
from bot.domain.identity.challenges import Outcome
from bot.domain.identity.phones import ContactVerdict
from bot.domain.requests.record import Subject
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import RequestState, RequestType
from bot.domain.requests.verification import PROVING
from bot.domain.tickets.message import Attachment
from bot.wording.times import due_day


async def take(chat: ConversationContext, step: Proof, incoming: Incoming) -> None:
    """Take a step of a proof; nothing of it is stored."""
    match step:
        case TakeCode(code):
            await _take_code(chat, incoming, code)
        case TakeAddress(address, request):
            await _take_address(chat, address, request)
        case TakeContact(card, request):
            await _take_contact(chat, incoming, card, request)
        case _:
            assert_never(step)


async def waiting_request(chat: ConversationContext) -> DataRequest | None:
    """The newest request of this chat that waits for a proof which the client can give here."""
    found = await chat.work.requests.of_account(chat.account.id)
    return next((one for one in found if process.expects_contact(one)), None)


async def send(chat: ConversationContext, number: str) -> None:
    """A code: to the one address of whoever this chat proved to be, else to the last claimed."""
    request = await _own(chat, number)
    if request is None:
        return
    if not chat.work.rules.mail_works:
        await cannot_read(chat, number)
        return
    claim = await _known_claim(chat, request)
    if claim is None:
        await chat.say("identity.ask_email", about=request.ticket)
        return
    await _claim(chat, request, claim)


async def cannot_read(chat: ConversationContext, number: str) -> None:
    """The e-mail cannot be read: staff make sure in another way."""
    request = await _own(chat, number)
    if request is None:
        return
    await process.open_staff_path(chat.work, account=chat.account, request=request)
    await chat.say("identity.staff_path", about=request.ticket)


async def cannot_share(chat: ConversationContext, number: str) -> None:
    """The number cannot be shared: it goes on, and staff ring the number on record."""
    request = await _own(chat, number)
    if request is None:
        return
    step = await process.decline_phone(chat.work, account=chat.account, request=request)
    await _tell_no_number(chat, request, step)
    await _tell_step(chat, request, step)


async def account_only(chat: ConversationContext, number: str) -> None:
    """Only what this account sent itself: the account is the proof."""
    request = await _own(chat, number)
    if request is None:
        return
    if request.subject != Subject(account=chat.account.id):
        await chat.say("requests.kind_other_than_account", about=request.ticket)
        return
    await process.prove_by_account(chat.work, account=chat.account, request=request)
    await _tell_step(chat, request, ProofStep.PROVED)


async def _take_code(chat: ConversationContext, incoming: Incoming, code: str) -> None:
    """The message goes from the chat whatever it was: an old code is nobody's business either."""
    await remove(chat, incoming)
    if not await has_patience(chat):
        return
    tried = await codes.try_code(chat.work, account=chat.account, code=code)
    if tried is None or tried.outcome is not Outcome.ACCEPTED:
        await _not_accepted(chat, tried)
        return
    if tried.request is None:
        await account_link_dialog.take_code(chat, tried.claim)
        return
    step = await process.accept_code(
        chat.work, account=chat.account, request=tried.request, claim=tried.claim
    )
    await chat.say("identity.code_right", about=tried.request.ticket)
    await _tell_step(chat, tried.request, step)


async def _not_accepted(chat: ConversationContext, tried: Tried | None) -> None:
    """What it heard may be about another of its requests than the one that waits."""
    if await account_link_dialog.is_open(chat):
        way, rows = WayOut.LINK, account_link_dialog.proof_rows(chat)
    else:
        request = await _unproved_request(chat)
        way, rows = way_of(request), my_requests.proof_rows(chat, request) if request else []
    text = code_replies.not_accepted(chat, tried, way)
    await chat.tell(Reply(text=text, rows=tuple((one,) for one in rows)))


async def _unproved_request(chat: ConversationContext) -> DataRequest | None:
    """The one for which something can be shown here, else one that staff make sure of."""
    found = await chat.work.requests.of_account(chat.account.id)
    waiting = (one for one in found if process.expects_contact(one))
    return next(waiting, next((one for one in found if one.state in PROVING), None))


async def _claim(chat: ConversationContext, request: DataRequest, claim: Claim) -> None:
    if not await has_patience(chat):
        return
    purpose = purpose_of(request)
    await codes.send_code(chat.work, account=chat.account, purpose=purpose, claim=claim)
    rows = tuple((one,) for one in reversed(_code_rows(chat, request)))
    text = code_replies.on_its_way(chat, way_of(request))
    await chat.tell(Reply(text=text, rows=rows, about=request.ticket))


async def _take_address(
    chat: ConversationContext, address: str, request: DataRequest | None
) -> None:
    if request is None:
        await account_link_dialog.take_address(chat, address)
    else:
        await _claim(chat, request, await claim_of(chat.work, address))


async def _take_contact(
    chat: ConversationContext, incoming: Incoming, card: Attachment, request: DataRequest | None
) -> None:
    if request is None:
        await account_link_dialog.take_contact(chat, incoming, card)
        return
    if request.facts.proofs.code_at is None:
        await _ask_code_first(chat, request)
        return
    shared = shared_in(chat, incoming, card)
    verdict = await process.take_contact(
        chat.work, account=chat.account, request=request, contact=shared
    )
    key = "phone_matches" if verdict is ContactVerdict.MATCHES else f"phone_{verdict}"
    text = chat.text(f"identity.{key}")
    await chat.tell(
        Reply(text=text, keyboard_gone=verdict is ContactVerdict.MATCHES, about=request.ticket)
    )
    step = await process.go_on(chat.work, account=chat.account, request=request)
    if step is not ProofStep.PHONE and verdict is not ContactVerdict.MATCHES:
        await _tell_no_number(chat, request, step)
    await _tell_step(chat, request, step)


async def _tell_no_number(chat: ConversationContext, request: DataRequest, step: ProofStep) -> None:
    """The number is waited for no more, and the button to share it goes."""
    if step is not ProofStep.PHONE_MISSING:
        text = chat.text("identity.phone_goes_on")
        await chat.tell(Reply(text=text, keyboard_gone=True, about=request.ticket))


def _code_rows(chat: ConversationContext, request: DataRequest) -> list[Choice]:
    """Another code, and the way through staff; an account is no proof of an address."""
    rows = my_requests.proof_rows(chat, request)
    return [one for one in rows if one.press.verb != "proof.account"]


async def _ask_code_first(chat: ConversationContext, request: DataRequest) -> None:
    rows = tuple((one,) for one in _code_rows(chat, request))
    text = code_replies.code_comes_first(chat, way_of(request))
    await chat.tell(Reply(text=text, rows=rows, about=request.ticket))


async def _tell_step(chat: ConversationContext, request: DataRequest, step: ProofStep) -> None:
    match step:
        case ProofStep.PROVED:
            await _tell_proved(chat, request)
        case ProofStep.PHONE:
            await _ask_phone(chat, request)
        case ProofStep.EMAIL:
            await chat.say("identity.ask_email", about=request.ticket)
        case ProofStep.STAFF:
            await chat.say("identity.staff_path", about=request.ticket)
        case ProofStep.OLDER:
            await chat.say("identity.older_contact", about=request.ticket)
        case ProofStep.FROZEN:
            await chat.say("requests.status_frozen", about=request.ticket)
        case ProofStep.PHONE_MISSING:
            text = code_replies.phone_is_missing(chat)
            await chat.tell(Reply(text=text, keyboard_gone=True, about=request.ticket))


async def _tell_proved(chat: ConversationContext, request: DataRequest) -> None:
    if request.kind is RequestType.ERASURE and request.state is RequestState.AWAITING_CONFIRMATION:
        first = await duplicates.earlier_twin(chat.work, request)
        if first is not None:
            await my_requests.show_first(chat, first)
        await confirmation.ask_confirmation(chat, request)
        return
    await chat.say(
        "requests.verified_next",
        number=request.number,
        type=chat.text(f"requests.type_{request.kind}"),
        due=due_day(request.due_on, chat.account.language),
        about=request.ticket,
    )
    if request.kind in _CORRECTIONS:
        await chat.say("requests.write_what", about=request.ticket)


_CORRECTIONS = frozenset({RequestType.RECTIFICATION, RequestType.CONTACT_CHANGE})


async def _ask_phone(chat: ConversationContext, request: DataRequest) -> None:
    """Telegram shows the share button below the writing line, so the other way comes beside it."""
    label = chat.text("identity.button_share_phone")
    text = chat.text("identity.ask_phone")
    decline = chat.choice("identity.button_cannot_share", "proof.no_phone", request.number)
    is_again = way_of(request) is WayOut.AGAIN
    key = "identity.phone_other_way_link" if is_again else "identity.phone_other_way"
    await chat.say(key, rows=((decline,),), about=request.ticket)
    await chat.tell(Reply(text=text, contact_label=label, about=request.ticket))


async def _own(chat: ConversationContext, number: str) -> DataRequest | None:
    """The chat's own request while something is to be proved; else it is shown as it stands."""
    await dialog_state.end(chat, dialog_state.LINK)
    try:
        request = await own_request(chat.work, account=chat.account, number=number)
    except NotFound:
        await chat.say("requests.not_yours")
        return None
    if request.state in PROVING and request.account == chat.account.id:
        return request
    await my_requests.show(chat, number)
    return None


async def _known_claim(chat: ConversationContext, request: DataRequest) -> Claim | None:
    if chat.account.person is not None:
        person = await person_on_record(chat.work, chat.account.person)
        known = person.emails if person is not None else []
        if len(known) == 1:
            return await claim_of(chat.work, known[0])
    return await codes.latest_claim(chat.work, chat.account, purpose_of(request))
