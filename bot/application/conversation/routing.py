"""Where a text or a file goes: a flow, a ticket, the policy, or a person who is asked first."""

from dataclasses import dataclass, replace

from bot.answering.engine import Answer, Outcome
from bot.answering.language.words import MAX_CHARS
from bot.application.conversation import (
    commands,
    data_menu,
    dialog_state,
    menu,
    my_tickets,
    new_ticket,
    policy_questions,
    rating,
    throttling,
    ticket_assignment,
)
from bot.application.conversation.context import ConversationContext
from bot.application.conversation.inbound_message import Incoming
from bot.application.conversation.message_intake import join_album, keep, linked
from bot.application.conversation.phrases import data_wish, is_greeting, is_question, is_thanks
from bot.application.conversation.verification import dialog
from bot.application.ports import Flow, TicketFilter
from bot.application.tickets.client_tickets import live_tickets
from bot.domain.tickets.message import Message
from bot.domain.tickets.states import State
from bot.domain.tickets.ticket import Ticket

_WITH_WORDS = ("ask", "new")
"""Commands whose words are kept as something said."""


@dataclass(frozen=True, slots=True)
class Said:
    """Something stored, with what came with it."""

    messages: list[Message]
    incoming: Incoming
    answer: Answer | None
    is_asked: bool = False
    """The client said that it is a question on the policy."""

    @property
    def first(self) -> Message:
        return self.messages[0]

    @property
    def text(self) -> str:
        return self.first.body


async def hear(chat: ConversationContext, incoming: Incoming, answer: Answer | None) -> None:
    """Store what came in, then answer it. The same message heard twice counts once.

    A code, an address or a number that proves who asks is stored nowhere.
    """
    kept = await dialog.take(chat, incoming)
    if kept is not None:
        await _hear(chat, kept, answer)


async def _hear(chat: ConversationContext, incoming: Incoming, answer: Answer | None) -> None:
    if incoming.is_empty:
        await chat.say("conversation.cannot_read", rows=menu.menu_rows(chat))
    elif await linked(chat, incoming.remote_id) is not None:
        return
    elif (part := await join_album(chat, incoming)) is not None:
        await new_ticket.take_album_part(chat, part)
    elif (command := incoming.command()) is not None:
        await _command(chat, incoming, command, answer)
    elif not incoming.attachments and (verb := menu.menu_verb(incoming.text)) is not None:
        await _run(chat, verb, "")
    else:
        await _take(chat, incoming, answer)


def question_in(incoming: Incoming) -> str:
    """What the policy engine would be asked: plain words, or those of `/ask`; empty: nothing."""
    heard = incoming.cleaned()
    name, text = heard.command() or ("", heard.text.strip())
    if heard.attachments or name not in ("", "ask") or len(text) > MAX_CHARS:
        return ""
    is_other = is_greeting(text) or is_thanks(text) or menu.menu_verb(text) or data_wish(text)
    return "" if is_other and not name else text


async def expects_answer(chat: ConversationContext, incoming: Incoming) -> bool:
    """Whether what the engine says would be used, as things stand now."""
    heard = incoming.cleaned()
    if not question_in(heard) or not await throttling.may_speak(chat):
        return False
    if await dialog.is_proof(chat, heard):
        return False
    if heard.command() is not None:
        return True
    if await _replied_ticket(chat, heard) is not None:
        return False
    flow = await dialog_state.current(chat)
    return flow is None or not _captures(flow, heard.text)


async def _command(
    chat: ConversationContext, incoming: Incoming, command: tuple[str, str], answer: Answer | None
) -> None:
    """A command; the words of `/ask ...` and `/new ...` are kept like any others."""
    name, args = command
    if not args or name not in _WITH_WORDS:
        await _run(chat, name, args)
        return
    may_speak = await throttling.may_speak(chat)
    messages = await keep(chat, replace(incoming, text=args, spans=()))
    if not may_speak:
        await _keep_silently(chat, Said(messages, incoming, None))
    elif name == "new":
        await new_ticket.start(chat, words=messages)
    else:
        await _route(chat, Said(messages, incoming, answer, is_asked=True))


async def _run(chat: ConversationContext, name: str, args: str) -> None:
    if await throttling.may_act(chat):
        await commands.run(chat, name, args)


async def _take(chat: ConversationContext, incoming: Incoming, answer: Answer | None) -> None:
    may_speak = await throttling.may_speak(chat)
    said = Said(await keep(chat, incoming), incoming, answer)
    if not may_speak:
        await _keep_silently(chat, said)
    elif not await _joined_by_reply(chat, said) and not await _taken_by_flow(chat, said):
        await _route(chat, said)
    if incoming.is_too_big:
        await chat.say("conversation.file_too_big")


async def _keep_silently(chat: ConversationContext, said: Said) -> None:
    """Too fast to be answered: kept where it surely belongs, and the client is told once."""
    draft = await dialog_state.current(chat, dialog_state.NEW)
    mine = await live_tickets(chat.work, account=chat.account, limit=2)
    target = await _replied_ticket(chat, said.incoming) or (mine[0] if len(mine) == 1 else None)
    if draft is not None:
        await new_ticket.take_silently(chat, draft, said.messages)
    elif target is not None and ticket_assignment.takes_words(target):
        await ticket_assignment.join_silently(chat, target, said.messages)
    await throttling.tell(chat)


async def _replied_ticket(chat: ConversationContext, incoming: Incoming) -> Ticket | None:
    """The ticket whose message this replies to: the client's own, or one of the desk."""
    if not incoming.reply_to_remote:
        return None
    replied = await linked(chat, incoming.reply_to_remote)
    ticket = replied.ticket if replied is not None else None
    if ticket is None:
        address = chat.account.address
        ticket = await chat.work.messages.linked_ticket(
            address.surface, address.user, incoming.reply_to_remote
        )
    return None if ticket is None else await my_tickets.still_mine(chat, ticket)


async def _joined_by_reply(chat: ConversationContext, said: Said) -> bool:
    ticket = await _replied_ticket(chat, said.incoming)
    if ticket is None:
        return False
    if ticket_assignment.takes_words(ticket):
        await ticket_assignment.join(chat, ticket, said.messages)
    else:
        await ticket_assignment.reply_to_closed(chat, ticket, said.first)
    return True


def _captures(flow: Flow, text: str) -> bool:
    """Whether a flow takes this text; a question is never taken for the comment of a rating."""
    return flow.name in (dialog_state.NEW, dialog_state.ADD) or (
        flow.name == dialog_state.COMMENT and not is_question(text)
    )


async def _taken_by_flow(chat: ConversationContext, said: Said) -> bool:
    flow = await dialog_state.current(chat)
    if flow is None or not _captures(flow, said.text):
        return False
    if flow.name == dialog_state.NEW:
        await new_ticket.take(chat, flow, said.messages)
        return True
    if flow.name == dialog_state.COMMENT:
        await rating.take_comment(chat, flow, said.messages)
        return True
    await dialog_state.end(chat)
    ticket = await my_tickets.still_mine(chat, flow.data["ticket"])
    if ticket is None or not ticket_assignment.takes_words(ticket):
        return False
    await ticket_assignment.join(chat, ticket, said.messages)
    return True


async def _route(chat: ConversationContext, said: Said) -> None:
    """No flow and no reply: a wish, the policy's answer, the open tickets, or what to do next."""
    is_asked = said.is_asked or await _ends_asking(chat)
    if data_wish(said.text) is not None:
        await data_menu.show(chat, said.first.id)
        return
    mine = await live_tickets(chat.work, account=chat.account)
    answer = said.answer
    if answer is not None and (is_asked or answer.outcome is Outcome.ANSWER):
        await policy_questions.answer_question(chat, said.first, answer, mine)
    elif is_asked:
        await policy_questions.engine_is_away(chat, said.first)
    elif mine:
        await _to_open_ticket(chat, said, mine)
    else:
        await _nothing_open(chat, said)


async def _ends_asking(chat: ConversationContext) -> bool:
    """The text after /ask is the question; the flow is over with it."""
    if await dialog_state.current(chat, dialog_state.ASK) is None:
        return False
    await dialog_state.end(chat)
    return True


async def _to_open_ticket(chat: ConversationContext, said: Said, mine: list[Ticket]) -> None:
    if len(mine) == 1:
        await ticket_assignment.join(chat, mine[0], said.messages)
    else:
        await ticket_assignment.ask_which(chat, mine, said.first)


async def _nothing_open(chat: ConversationContext, said: Said) -> None:
    resolved = await chat.work.tickets.find(
        TicketFilter(account=chat.account.id, states=(State.RESOLVED,)), limit=2
    )
    if is_greeting(said.text):
        await menu.greet(chat)
    elif is_thanks(said.text):
        await _thanked(chat, said, resolved)
    elif is_question(said.text) and not said.incoming.attachments:
        await _unanswered(chat, said)
    else:
        await ticket_assignment.offer_support(chat, said.first, resolved)


async def _thanked(chat: ConversationContext, said: Said, resolved: list[Ticket]) -> None:
    if len(resolved) == 1:
        await ticket_assignment.join(chat, resolved[0], said.messages)
    else:
        await menu.answer_thanks(chat)


async def _unanswered(chat: ConversationContext, said: Said) -> None:
    if said.answer is None:
        await policy_questions.engine_is_away(chat, said.first)
    else:
        await policy_questions.answer_question(chat, said.first, said.answer, [])
