"""Show my older tickets: a new account of a known person shows whose it is.

Until a code is accepted every reply is the same for a known, an unknown, a locked and an erased
address, and so is the work behind it.
"""

from collections.abc import Mapping
from datetime import datetime

from bot.application.conversation import dialog_state, ticket_list
from bot.application.conversation.context import ConversationContext
from bot.application.conversation.inbound_message import Incoming
from bot.application.conversation.verification import code_replies
from bot.application.conversation.verification.code_replies import WayOut
from bot.application.conversation.verification.proof_parsing import (
    has_patience,
    shared_in,
)
from bot.application.outbound.to_client import Choice, Reply
from bot.application.ports.tickets import Flow
from bot.application.requests.verification import account_link_proof, codes
from bot.application.requests.verification.account_link_proof import LinkProgress, LinkStep
from bot.application.requests.verification.claimed_address import Claim, claim_of
from bot.application.requests.verification.codes import linking_purpose
from bot.domain.addresses import PersonId
from bot.domain.identity.phones import ContactVerdict
from bot.domain.requests.record import Proofs
from bot.domain.tickets.message import Attachment

ADDRESS, PHONE = "address", "phone"
"""What is waited for."""


async def begin(chat: ConversationContext) -> None:
    """Ask for the address that the client gave us; whoever is known already sees the list."""
    if chat.account.person is not None:
        await ticket_list.show_list(chat)
    elif not chat.work.rules.mail_works:
        await _impossible(chat)
    else:
        await dialog_state.begin(chat, dialog_state.LINK, ADDRESS)
        await chat.say("identity.link_begin", rows=_each_its_row(chat))


async def is_open(chat: ConversationContext) -> bool:
    """Whether an address or a contact would be a step of this."""
    return await dialog_state.current(chat, dialog_state.LINK) is not None


async def take_address(chat: ConversationContext, address: str) -> None:
    """An address was typed, which is stored nowhere."""
    await _send(chat, await claim_of(chat.work, address))


async def take_contact(chat: ConversationContext, incoming: Incoming, card: Attachment) -> None:
    """A contact counts after the code only, and as the answer to our button."""
    flow = await dialog_state.current(chat, dialog_state.LINK)
    proofs = _proofs_in(flow)
    if flow is None or flow.step != PHONE or proofs.code_at is None:
        text = code_replies.code_comes_first(chat, WayOut.LINK)
        await chat.tell(Reply(text=text, rows=_each_its_row(chat)))
        return
    contact = shared_in(chat, incoming, card)
    shown = await account_link_proof.take_number(
        chat.work, account=chat.account, proofs=proofs, contact=contact
    )
    is_right = shown.verdict is ContactVerdict.MATCHES
    key = "phone_matches" if is_right else f"phone_{shown.verdict}"
    await chat.tell(Reply(text=chat.text(f"identity.{key}"), keyboard_gone=is_right))
    await _tell(chat, shown)


async def send_again(chat: ConversationContext) -> None:
    """Another code, to the address that was typed last."""
    typed = await codes.latest_claim(chat.work, chat.account, linking_purpose(chat.account.id))
    if typed is None or not await is_open(chat):
        await begin(chat)
    else:
        await _send(chat, typed)


async def take_code(chat: ConversationContext, typed: Claim) -> None:
    """The code was right."""
    await chat.say("identity.code_right")
    earlier = _proofs_in(await dialog_state.current(chat, dialog_state.LINK))
    shown = await account_link_proof.take_code(
        chat.work, account=chat.account, claim=typed, earlier=earlier
    )
    await _tell(chat, shown)


def proof_rows(chat: ConversationContext) -> list[Choice]:
    """The ways on: the same for everybody."""
    return [
        chat.choice("identity.button_cannot_read", "link.unreadable"),
        chat.choice("identity.button_send_code", "link.send"),
    ]


async def give_up(chat: ConversationContext) -> None:
    """The mail cannot be read, or the number not be shared: what is left to do."""
    await dialog_state.end(chat, dialog_state.LINK)
    await _impossible(chat)


async def _send(chat: ConversationContext, typed: Claim) -> None:
    if not await has_patience(chat):
        return
    purpose = linking_purpose(chat.account.id)
    await codes.send_code(chat.work, account=chat.account, purpose=purpose, claim=typed)
    text = code_replies.on_its_way(chat, WayOut.LINK)
    await chat.tell(Reply(text=text, rows=_each_its_row(chat)))


async def _tell(chat: ConversationContext, shown: LinkProgress) -> None:
    match shown.step:
        case LinkStep.PHONE:
            await _ask_phone(chat, shown.proofs)
        case LinkStep.OLDER:
            await dialog_state.begin(chat, dialog_state.LINK, ADDRESS, **_data_of(shown.proofs))
            await chat.say("identity.link_older", rows=_each_its_row(chat))
        case LinkStep.LINKED:
            await dialog_state.end(chat, dialog_state.LINK)
            await chat.say("identity.linked")
            await ticket_list.show_list(chat)
        case LinkStep.IMPOSSIBLE:
            await give_up(chat)
        case LinkStep.FROZEN:
            await dialog_state.begin(chat, dialog_state.TELL, "words")
            await chat.say("identity.link_frozen")


async def _ask_phone(chat: ConversationContext, proofs: Proofs) -> None:
    await dialog_state.begin(chat, dialog_state.LINK, PHONE, **_data_of(proofs))
    decline = chat.choice("identity.button_cannot_share", "link.no_phone")
    await chat.say("identity.phone_other_way_link", rows=((decline,),))
    label, text = chat.text("identity.button_share_phone"), chat.text("identity.ask_phone")
    await chat.tell(Reply(text=text, contact_label=label))


async def _impossible(chat: ConversationContext) -> None:
    """The same for everybody who cannot or will not show more."""
    get = chat.choice("client_data.get", "data.get")
    text = chat.text("identity.link_impossible")
    await chat.tell(Reply(text=text, rows=((get,),), keyboard_gone=True))


def _each_its_row(chat: ConversationContext) -> tuple[tuple[Choice, ...], ...]:
    return tuple((one,) for one in proof_rows(chat))


def _data_of(proofs: Proofs) -> dict[str, str]:
    """Ids, digests and times only."""
    return {
        "code_at": proofs.code_at.isoformat() if proofs.code_at else "",
        "people": ",".join(proofs.people),
        "asked_at": proofs.phone_asked_at.isoformat() if proofs.phone_asked_at else "",
        "tries": str(proofs.phone_tries),
        "mailboxes": ",".join(proofs.mailboxes),
        "phone": proofs.phone,
        "matched_at": proofs.phone_matched_at.isoformat() if proofs.phone_matched_at else "",
    }


def _proofs_in(flow: Flow | None) -> Proofs:
    """What was shown so far in this dialog; nothing, where it has just begun."""
    data = {} if flow is None else flow.data
    return Proofs(
        code_at=_time_in(data, "code_at"),
        people=tuple(PersonId(one) for one in _parts_in(data, "people")),
        phone_asked_at=_time_in(data, "asked_at"),
        phone_tries=int(data.get("tries") or 0),
        mailboxes=_parts_in(data, "mailboxes"),
        phone=data.get("phone", ""),
        phone_matched_at=_time_in(data, "matched_at"),
    )


def _time_in(data: Mapping[str, str], name: str) -> datetime | None:
    """A flow of an earlier release holds fewer names."""
    return datetime.fromisoformat(data[name]) if data.get(name) else None


def _parts_in(data: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(part for part in data.get(name, "").split(",") if part)
