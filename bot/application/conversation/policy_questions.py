"""Questions on the policy: its own sentences with their section, or an honest "does not say"."""

from collections.abc import Sequence

from bot.answering.document.policy_document import Section, parse_policy
from bot.answering.engine import Answer, Outcome
from bot.answering.pii_masking import mask
from bot.answering.questions import Question
from bot.answering.reviewed_links import wording_of
from bot.application.conversation import dialog_state
from bot.application.conversation.answer_rendering import (
    answer_rows,
    answer_text,
    as_said,
    quoted,
    rows_beside,
    write_summary,
)
from bot.application.conversation.context import ConversationContext, RichTextBuilder
from bot.application.conversation.menu import menu_rows, stale_button, taking_out
from bot.application.conversation.message_intake import whole_of
from bot.application.conversation.ticket_views import opened
from bot.application.outbound.to_client import Document
from bot.application.policy_publishing import published_summaries
from bot.application.tickets.client_tickets import keep_shown, open_ticket, own_message
from bot.application.tickets.openings import Opening
from bot.domain.addresses import new_id
from bot.domain.clients.events import AnswerFoundHelpful, QuestionAnswered
from bot.domain.errors import NotFound
from bot.domain.tickets.message import Message
from bot.domain.tickets.states import TicketKind
from bot.domain.tickets.ticket import Ticket


async def invite_question(chat: ConversationContext) -> None:
    """The next text is a question on the policy, whatever else is open."""
    await dialog_state.begin(chat, dialog_state.ASK, "question")
    await chat.say("conversation.ask_away", rows=((chat.choice("conversation.cancel", "cancel"),),))


async def answer_question(
    chat: ConversationContext, message: Message, answer: Answer, tickets: Sequence[Ticket]
) -> None:
    """Show what the policy says, and keep which version was quoted where."""
    await _record(chat, message, answer)
    written = answer_text(chat, answer, await published_summaries(chat.work))
    rows = answer_rows(chat, message, answer, tickets)
    await chat.tell(chat.reply(written, rows=rows))


async def answer_in_ticket(
    chat: ConversationContext,
    message: Message,
    answer: Answer,
    ticket: Ticket,
    *,
    was_resolved: bool,
) -> None:
    """What the policy says, below words that joined a ticket; staff see what was shown."""
    key = "added_and_reopened" if was_resolved else "answer_beside"
    foot = chat.text(f"conversation.{key}", number=ticket.number)
    await _answer_beside(chat, message, answer, foot, about=ticket)
    version = answer.policy_version or ""
    shown = await _shown_words(chat, answer.outcome, version, _places(answer))
    await keep_shown(chat.work, ticket=ticket, text=shown)


async def answer_meanwhile(chat: ConversationContext, message: Message, answer: Answer) -> None:
    """What the policy says, while the client is still asked where the words belong."""
    await _answer_beside(chat, message, answer, chat.text("conversation.answer_meanwhile"))


async def _answer_beside(
    chat: ConversationContext,
    message: Message,
    answer: Answer,
    foot: str,
    *,
    about: Ticket | None = None,
) -> None:
    await _record(chat, message, answer)
    written = answer_text(chat, answer, await published_summaries(chat.work), with_staff=foot)
    rows = rows_beside(chat, message, answer)
    if about is None:
        await chat.tell(chat.reply(written, rows=rows))
        return
    rows = (*rows, *taking_out(chat, message.id))
    await chat.tell(chat.reply(written, rows=rows, about=about.id))


async def engine_is_away(chat: ConversationContext, message: Message) -> None:
    """The question is kept; a person can take it."""
    await chat.say(
        "conversation.engine_away",
        rows=((chat.choice("conversation.ask_a_person", "answer.person", message.id),),),
    )


async def mark_helpful(chat: ConversationContext, ref: str) -> None:
    """The client found the answer helpful."""
    shown = await _shown(chat, ref)
    if shown is None:
        await stale_button(chat)
        return
    await _mark(chat, shown, helpful=True)
    chat.work.record(
        AnswerFoundHelpful(
            stream=chat.account.stream,
            holder=chat.account.holder,
            account=chat.account.id,
            question=shown.question,
        )
    )
    await chat.say("conversation.helpful_noted", rows=menu_rows(chat))


async def show_section(chat: ConversationContext, ref: str) -> None:
    """The whole section in which the first quote stands, in the version that was quoted."""
    shown = await _shown(chat, ref)
    section, text = await _section(chat, shown) if shown is not None else (None, "")
    if section is None:
        await stale_button(chat)
        return
    heading, _, body = text[section.start : section.end].strip().partition("\n")
    written = RichTextBuilder().add(heading, "bold").line(body.strip(), "blockquote")
    summaries = await published_summaries(chat.work)
    write_summary(chat, written, summaries.summary_of(section.heading))
    person = chat.choice("conversation.ask_a_person", "answer.person", ref)
    helpful = chat.choice("conversation.helpful", "answer.helpful", ref)
    await chat.tell(chat.reply(written, rows=((helpful, person),)))


async def ask_a_person(chat: ConversationContext, ref: str) -> None:
    """Open a ticket with the question and what was shown; pressed again, it shows that ticket.

    Raises:
        Refused: the question is not this client's, or they opened too many tickets today.
    """
    message = await own_message(chat.work, account=chat.account, message=ref)
    if message.ticket is not None:
        ticket = await chat.work.tickets.get(message.ticket)
        await chat.say("conversation.already_in", number=ticket.number, about=ticket.id)
        return
    shown = await _shown(chat, ref)
    opening = Opening(
        kind=TicketKind.PRIVACY_QUESTION,
        category="privacy",
        subject=message.body,
        messages=tuple(await whole_of(chat, message)),
    )
    ticket = await open_ticket(chat.work, account=chat.account, opening=opening)
    if shown is not None:
        await _mark(chat, shown, helpful=False)
        await keep_shown(chat.work, ticket=ticket, text=await _shown_text(chat, shown))
    await chat.tell(opened(chat, ticket))


async def show_policy(chat: ConversationContext) -> None:
    """The headings of the policy, and the whole of it as a file; a caption could not hold both."""
    version = await chat.work.policies.current()
    if version is None:
        await chat.say("conversation.no_policy", rows=menu_rows(chat))
        return
    text = await chat.work.policies.text(version)
    written = RichTextBuilder(
        chat.text("conversation.policy_head", company=chat.work.rules.company)
    )
    for section in parse_policy(text).sections:
        if section.heading:
            written.line(f"• {as_said(section.heading)}")
    document = Document("privacy-policy.txt", "text/plain", text)
    ask = chat.choice("conversation.menu_ask", "ask")
    await chat.tell(chat.reply(written))
    caption = RichTextBuilder(chat.text("conversation.policy_file"))
    await chat.tell(chat.reply(caption, rows=((ask,),), document=document))


async def _record(chat: ConversationContext, message: Message, answer: Answer) -> None:
    version, places = answer.policy_version or "", _places(answer)
    text = mask(message.body, await _known_names(chat))
    digest = chat.work.digests.digest("question.wording", wording_of(text))
    is_answered = answer.outcome is Outcome.ANSWER
    question = Question(
        id=new_id(),
        at=chat.now,
        text=text,
        digest=digest,
        language=answer.language,
        outcome=answer.outcome,
        policy_version=version,
        quotes=places,
        link=None if is_answered else await chat.work.links.silent_for(digest),
    )
    await chat.work.questions.add(question)
    chat.work.record(
        QuestionAnswered(
            stream=chat.account.stream,
            holder=chat.account.holder,
            account=chat.account.id,
            message=message.id,
            question=question.id,
            policy_version=version,
            outcome=answer.outcome,
            quotes=places,
        )
    )


def _places(answer: Answer) -> tuple[tuple[int, int], ...]:
    """Where the quotes that were shown stand in the policy."""
    parts = answer.parts or (answer,)
    shown = [quote for part in parts for block in quoted(part) for quote in block]
    return tuple(
        (quote.start, quote.end)
        for quote in shown
        if quote.start is not None and quote.end is not None
    )


async def _known_names(chat: ConversationContext) -> tuple[str, ...]:
    """What the desk calls this client, in the chat and on the client list."""
    name = chat.account.display_name
    if chat.account.person is None:
        return (name,)
    return (name, (await chat.work.people.get(chat.account.person)).name)


async def _shown(chat: ConversationContext, ref: str) -> QuestionAnswered | None:
    """What was shown for a question of this client: their own log is the only place that knows."""
    for recorded in reversed(await chat.work.log.of(chat.account.stream)):
        event = recorded.event
        if isinstance(event, QuestionAnswered) and event.message == ref:
            return event
    return None


async def _mark(chat: ConversationContext, shown: QuestionAnswered, *, helpful: bool) -> None:
    """What the client said first stays: asking a person after "helpful" takes nothing back."""
    question = await chat.work.questions.get(shown.question)
    if question.is_helpful is None:
        question.is_helpful = helpful
        await chat.work.questions.save(question)


async def _section(
    chat: ConversationContext, shown: QuestionAnswered
) -> tuple[Section | None, str]:
    text = await _policy_text(chat, shown.policy_version)
    if not shown.quotes or not text:
        return None, ""
    start = shown.quotes[0][0]
    within = [one for one in parse_policy(text).sections if one.start <= start < one.end]
    return (within[-1] if within else None), text


async def _shown_text(chat: ConversationContext, shown: QuestionAnswered) -> str:
    return await _shown_words(chat, shown.outcome, shown.policy_version, shown.quotes)


async def _shown_words(
    chat: ConversationContext, outcome: str, version: str, places: Sequence[tuple[int, int]]
) -> str:
    text = await _policy_text(chat, version)
    quotes = [text[start:end] for start, end in places if text]
    return "\n".join([chat.text(f"policy.frame_{outcome}"), *quotes])


async def _policy_text(chat: ConversationContext, version: str) -> str:
    try:
        return await chat.work.policies.text(version)
    except NotFound:
        return ""
