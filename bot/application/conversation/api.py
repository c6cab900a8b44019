"""The doors of the conversation: each is one use case, run by the bus in one transaction."""

from dataclasses import replace

from bot.answering.engine import Answer
from bot.answering.language.words import is_bangla
from bot.application.conversation import buttons, menu, new_ticket, routing
from bot.application.conversation.context import ConversationContext
from bot.application.conversation.inbound_message import Incoming, Profile
from bot.application.conversation.message_intake import linked, take_edit
from bot.application.conversation.verification import dialog
from bot.application.outbound.messages import Press
from bot.application.people import block_account, unblock_account
from bot.application.ports import UnitOfWork
from bot.domain.addresses import AccountId, Actor, ClientAddress, Language, new_id
from bot.domain.clients.events import AccountMade
from bot.domain.clients.people import Account, AccountStatus
from bot.domain.errors import Refused
from bot.domain.text import clean

NOBODY = Profile()
LONGEST_NAME = 128


async def arrive(work: UnitOfWork, *, address: ClientAddress, profile: Profile = NOBODY) -> Account:
    """The account at this address, made where there is none; the transaction is from then on its.

    Raises:
        Refused: the account was erased.
    """
    account = await work.accounts.at(address)
    if account is None:
        account = await _make(work, address, profile)
    elif account.status is AccountStatus.ERASED:
        raise Refused("conversation.account_erased")
    else:
        account = await _renew(work, account, profile)
    work.actor = Actor.account(account.id)
    return account


async def known_at(work: UnitOfWork, *, address: ClientAddress) -> Account | None:
    """The account at this address; None: nobody has written from there yet."""
    return await work.accounts.at(address)


async def wants_answer(work: UnitOfWork, *, address: ClientAddress, incoming: Incoming) -> bool:
    """Whether the policy engine must be asked `question_in(incoming)` before `receive`."""
    account = await work.accounts.at(address)
    if account is None:
        return bool(routing.question_in(incoming))
    return await routing.expects_answer(ConversationContext(work, account), incoming)


async def receive(
    work: UnitOfWork,
    *,
    address: ClientAddress,
    incoming: Incoming,
    answer: Answer | None = None,
    profile: Profile = NOBODY,
) -> None:
    """Take a text or files of a client, or a command; store them, then answer.

    `answer` is what the policy engine said of `question_in(incoming)`, where it was asked.
    """
    heard = incoming.cleaned()
    chat = ConversationContext(work, await arrive(work, address=address, profile=profile))
    is_suggested = not chat.account.language_chosen and _should_be_bangla(chat.account, heard.text)
    if is_suggested:
        chat = replace(chat, account=replace(chat.account, language=Language.BN))
        await work.accounts.save(chat.account)
    try:
        await routing.hear(chat, heard, answer)
    except Refused as refusal:
        await buttons.show_how_it_stands(chat, refusal)
    if is_suggested:
        await menu.suggest_languages(chat)


async def press(
    work: UnitOfWork,
    *,
    address: ClientAddress,
    press: Press,
    profile: Profile = NOBODY,
) -> None:
    """Do what a button says; it carries what it is about, so an old one works as a new one."""
    chat = ConversationContext(work, await arrive(work, address=address, profile=profile))
    await buttons.run(chat, press)


async def command(
    work: UnitOfWork,
    *,
    address: ClientAddress,
    name: str,
    args: str = "",
    profile: Profile = NOBODY,
) -> None:
    """A command that the platform has told apart already; `receive` also understands `/name`."""
    text = f"/{name} {args}".strip()
    await receive(work, address=address, incoming=Incoming(text=text), profile=profile)


async def edited(
    work: UnitOfWork,
    *,
    address: ClientAddress,
    incoming: Incoming,
    answer: Answer | None = None,
    profile: Profile = NOBODY,
) -> None:
    """The client edited a message: versions are kept; one we never saw is received as new."""
    heard = incoming.cleaned()
    chat = ConversationContext(work, await arrive(work, address=address, profile=profile))
    message = await linked(chat, heard.remote_id)
    if message is None:
        await receive(work, address=address, incoming=incoming, answer=answer, profile=profile)
    elif (kept := await dialog.take(chat, heard)) is None:
        return
    elif await take_edit(chat, message, kept):
        await new_ticket.show_edited(chat, message)


async def blocked(work: UnitOfWork, *, address: ClientAddress) -> None:
    """The client blocked the bot: staff see it, and deliveries rest."""
    account = await work.accounts.at(address)
    if account is not None:
        work.actor = Actor.account(account.id)
        await block_account(work, account)


async def unblocked(work: UnitOfWork, *, address: ClientAddress) -> None:
    """The client is back: what waited for them goes out."""
    account = await work.accounts.at(address)
    if account is not None:
        work.actor = Actor.account(account.id)
        await unblock_account(work, account)


async def _make(work: UnitOfWork, address: ClientAddress, profile: Profile) -> Account:
    speaks_bangla = profile.locale.lower().startswith("bn")
    account = Account(
        id=AccountId(new_id()),
        address=address,
        display_name=_name(profile),
        language=Language.BN if speaks_bangla else Language.EN,
        created_at=work.clock.now(),
    )
    await work.accounts.add(account)
    work.record(
        AccountMade(
            stream=account.stream,
            holder=account.holder,
            account=account.id,
            surface=address.surface,
        )
    )
    return account


async def _renew(work: UnitOfWork, account: Account, profile: Profile) -> Account:
    """Take a changed name; whoever writes has not blocked us any more."""
    name = _name(profile)
    if name and name != account.display_name:
        account = replace(account, display_name=name)
        await work.accounts.save(account)
    await unblock_account(work, account)
    return account


def _name(profile: Profile) -> str:
    return clean(profile.display_name)[:LONGEST_NAME].strip()


def _should_be_bangla(account: Account, text: str) -> bool:
    return account.language is not Language.BN and is_bangla(text)
