"""What a step of a proof looks like: an address, a code, a contact; and how many are answered."""

import re
from datetime import timedelta

from bot.application.conversation.context import ConversationContext
from bot.application.conversation.inbound_message import Incoming
from bot.application.outbound.to_client import RemoveWord
from bot.domain.addresses import Surface
from bot.domain.identity.budgets import Bucket, Budget, BudgetKind, Limit
from bot.domain.identity.codes import DIGITS
from bot.domain.identity.emails import stated_email
from bot.domain.identity.phones import SharedContact
from bot.domain.tickets.message import Attachment

_RUN = re.compile(
    r"\d(?:[^\S\n]*[\u00ad\u200b-\u200f\u2060\u2066-\u2069\ufeff\-\u2010-\u2015.]*[^\S\n]*\d)*"
)
_PATIENCE = Budget((Limit(20, timedelta(minutes=1)),))
"""Above this a chat is not answered: each address that is typed writes rows."""
_MASK = "•"


def mask_codes(text: str) -> str:
    """Eight digits, however they are written and spaced, become marks; the length stays."""
    return _RUN.sub(lambda run: _masked(run[0]), text)


async def has_patience(chat: ConversationContext) -> bool:
    """False: too many steps at once; the client was told to wait."""
    bucket = Bucket(BudgetKind.CHAT_STEPS, chat.account.id)
    if await chat.work.budgets.spend(bucket, _PATIENCE, chat.now):
        return True
    await chat.say("conversation.throttled")
    return False


async def remove(chat: ConversationContext, incoming: Incoming) -> None:
    """Take what was typed out of the chat, where the platform lets us."""
    if incoming.remote_id and chat.account.address.surface == Surface.TELEGRAM:
        removal = RemoveWord(chat.account.id, incoming.remote_id)
        await chat.work.outbox.put(removal, holder=chat.account.holder)


def contact_of(incoming: Incoming) -> Attachment | None:
    return next((one for one in incoming.attachments if one.kind == "contact"), None)


def shared_in(chat: ConversationContext, incoming: Incoming, card: Attachment) -> SharedContact:
    user, sender = incoming.contact_user, chat.account.address.user
    return SharedContact(
        phone=card.text,
        user_id=int(user) if user.isascii() and user.isdigit() else None,
        sender_id=int(sender) if sender.isascii() and sender.isdigit() else 0,
        is_private=True,
        is_forwarded=incoming.is_forwarded,
    )


def address_in(incoming: Incoming) -> str:
    """The text is an address, as a phone or a mail program writes it, or a sentence that says it.

    Ask only while one is awaited: else the same words are talk.
    """
    if incoming.attachments:
        return ""
    return stated_email(incoming.text) or ""


def is_link(incoming: Incoming) -> bool:
    """The token behind /start may well hold eight digits in a row; it is stored nowhere."""
    command = incoming.command()
    return command is not None and command[0] == "start"


def _masked(run: str) -> str:
    count = sum(char.isdecimal() for char in run)
    if count != DIGITS:
        return run
    return "".join(_MASK if char.isdecimal() else char for char in run)
