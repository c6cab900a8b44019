"""The API of the conversation: each is one use case, run by the bus in one transaction."""

from dataclasses import replace

from bot.answering.engine import Answer
from bot.answering.language.words import is_bangla
from bot.application.conversation import buttons, menu
from bot.application.conversation.context import ConversationContext
from bot.application.conversation.inbound_message import Incoming, Profile
from bot.application.conversation.routes import AskPolicy, Handled
from bot.application.conversation.routing import decision
from bot.application.conversation.routing.conversation_state import RoutingState
from bot.application.conversation.routing.route_handlers import carry_out
from bot.application.conversation.routing.routing_state import read_state
from bot.application.conversation.routing.said_words import question_in, storable
from bot.application.outbound.to_client import Press
from bot.application.people import block_account, unblock_account
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.tickets.client_tickets import keep_reaction
from bot.domain.addresses import AccountId, Actor, ClientAddress, Language, new_id
from bot.domain.clients.events import AccountMade
from bot.domain.clients.people import Account, AccountStatus
from bot.domain.errors import Refused
from bot.domain.text import clean
from bot.domain.tickets.routes import RouteCode, RouteReason

NOBODY = Profile()
LONGEST_NAME = 128
LONGEST_REACTION = 64


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


async def engine_question(work: UnitOfWork, *, address: ClientAddress, incoming: Incoming) -> str:
    """What the policy engine must be asked before `receive`; empty: nothing.

    It is asked what may be kept: while a code is about, no eight digits.
    """
    account = await work.accounts.at(address)
    heard, state = incoming.cleaned(), RoutingState()
    if account is not None:
        state = await read_state(ConversationContext(work, account), heard)
    is_asked = isinstance(decision.decide(state, heard), AskPolicy)
    return question_in(storable(state, heard)) if is_asked else ""


async def receive(
    work: UnitOfWork,
    *,
    address: ClientAddress,
    incoming: Incoming,
    answer: Answer | None = None,
    profile: Profile = NOBODY,
) -> Handled:
    """Take a text or files of a client, or a command; store them, then answer.

    `answer` is what the policy engine said of `engine_question`, where there was one. The same
    message heard twice counts once. An edited one keeps its versions; one we never saw is received
    as new.
    """
    heard = incoming.cleaned()
    chat = ConversationContext(work, await arrive(work, address=address, profile=profile))
    state = await read_state(chat, heard)
    route = decision.settle(decision.decide(state, heard), answer)
    is_edit = heard.is_edit and state.known is not None
    is_suggested = not is_edit and _should_be_bangla(chat.account, heard.text)
    if is_suggested:
        chat = replace(chat, account=replace(chat.account, language=Language.BN))
        await work.accounts.save(chat.account)
    handled = await carry_out(chat, state, heard, route)
    if is_suggested:
        await menu.suggest_languages(chat)
    return handled


async def press(
    work: UnitOfWork,
    *,
    address: ClientAddress,
    press: Press,
    profile: Profile = NOBODY,
) -> Handled:
    """Do what a button says; it carries what it is about, so an old one works as a new one."""
    chat = ConversationContext(work, await arrive(work, address=address, profile=profile))
    return await buttons.run(chat, press)


async def command(
    work: UnitOfWork,
    *,
    address: ClientAddress,
    name: str,
    args: str = "",
    profile: Profile = NOBODY,
) -> Handled:
    """A command that the platform has told apart already; `receive` also understands `/name`."""
    text = f"/{name} {args}".strip()
    return await receive(work, address=address, incoming=Incoming(text=text), profile=profile)


async def react(work: UnitOfWork, *, address: ClientAddress, remote: str, reaction: str) -> Handled:
    """What the client has put under a reply of staff; empty: it was taken back."""
    account = await work.accounts.at(address)
    if account is None or account.status is AccountStatus.ERASED:
        return Handled(RouteCode.IGNORED, RouteReason.NOT_KNOWN)
    work.actor = Actor.account(account.id)
    found = await work.messages.linked(address.surface, address.user, remote)
    if found is None:
        return Handled(RouteCode.IGNORED, RouteReason.NOT_KNOWN)
    await keep_reaction(work, message=found, reaction=clean(reaction)[:LONGEST_REACTION])
    return Handled(RouteCode.REACTION, RouteReason.REACTED, message=found)


async def blocked(work: UnitOfWork, *, address: ClientAddress) -> Handled:
    """The client blocked the bot: staff see it, and deliveries rest."""
    account = await work.accounts.at(address)
    if account is None or account.status is not AccountStatus.ACTIVE:
        return Handled(RouteCode.IGNORED, RouteReason.NOT_KNOWN)
    work.actor = Actor.account(account.id)
    await block_account(work, account)
    return Handled(RouteCode.BLOCKED, RouteReason.BY_CLIENT)


async def unblocked(work: UnitOfWork, *, address: ClientAddress) -> Handled:
    """The client is back: what waited for them goes out."""
    account = await work.accounts.at(address)
    if account is None or account.status is not AccountStatus.BLOCKED:
        return Handled(RouteCode.IGNORED, RouteReason.NOT_KNOWN)
    work.actor = Actor.account(account.id)
    await unblock_account(work, account)
    return Handled(RouteCode.UNBLOCKED, RouteReason.BY_CLIENT)


async def _make(work: UnitOfWork, address: ClientAddress, profile: Profile) -> Account:
    account = Account(
        id=AccountId(new_id()),
        address=address,
        display_name=_name(profile),
        language=Language.of_locale(profile.locale),
        created_at=work.clock.now(),
        topic=profile.topic or "",
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
    """Take a changed name, and where they write now; whoever writes has not blocked us any more."""
    name = _name(profile) or account.display_name
    topic = account.topic if profile.topic is None else profile.topic
    if (name, topic) != (account.display_name, account.topic):
        account = replace(account, display_name=name, topic=topic)
        await work.accounts.save(account)
    await unblock_account(work, account)
    return account


def _name(profile: Profile) -> str:
    return clean(profile.display_name)[:LONGEST_NAME].strip()


def _should_be_bangla(account: Account, text: str) -> bool:
    is_chosen = account.language_chosen or account.language is Language.BN
    return not is_chosen and is_bangla(text)
