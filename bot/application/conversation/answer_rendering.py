"""How an answer of the policy engine looks to a client: quotes, section, what to press."""

from collections.abc import Iterator, Sequence

from bot.answering.document.translations import Translations
from bot.answering.engine import Answer, Outcome, Quote
from bot.application.conversation.context import ConversationContext, RichTextBuilder, Rows
from bot.application.conversation.phrases import own_data
from bot.application.outbound.to_client import Choice
from bot.domain.addresses import Language
from bot.domain.tickets.message import Message
from bot.domain.tickets.ticket import Ticket

MOST_OFFERED = 3
"""Open tickets offered below an answer; more would bury it."""


def answer_text(
    chat: ConversationContext, answer: Answer, summaries: Translations, *, with_staff: str = ""
) -> RichTextBuilder:
    """Frame and quotes; who reads Bangla also gets the reviewed summary of a quote's section.

    `with_staff`: that staff have the question too, where they have; it ends the text.
    """
    written = RichTextBuilder()
    for part in answer.parts or (answer,):
        if answer.parts:
            written.paragraph(chat.text("policy.frame_part", question=part.question), "bold")
        _write_part(chat, written, part)
        _write_summaries(chat, written, part, summaries)
    if with_staff:
        written.paragraph(with_staff)
    elif answer.outcome is not Outcome.ANSWER:
        written.paragraph(chat.text("policy.frame_ask_person"))
    return written


def _write_part(chat: ConversationContext, written: RichTextBuilder, answer: Answer) -> None:
    match answer.outcome:
        case Outcome.ANSWER:
            written.paragraph(chat.text("policy.frame_answer"))
        case Outcome.CLOSEST:
            written.paragraph(chat.text("policy.frame_closest"))
        case Outcome.NOT_STATED:
            written.paragraph(chat.text("policy.frame_not_stated"))
    for quotes in quoted(answer):
        written.line("\n".join(quote.text for quote in quotes), "blockquote")
        if quotes[0].section:
            section = chat.text("policy.frame_section", section=as_said(quotes[0].section))
            written.line(section, "italic")


def _write_summaries(
    chat: ConversationContext, written: RichTextBuilder, answer: Answer, summaries: Translations
) -> None:
    """Below the quotes, each section's once: the quote is what counts, and the frame says so."""
    for heading in dict.fromkeys(quotes[0].section for quotes in quoted(answer)):
        write_summary(chat, written, summaries.summary_of(heading))


def write_summary(chat: ConversationContext, written: RichTextBuilder, summary: str | None) -> None:
    """A reviewed summary, for who reads Bangla."""
    if summary is not None and chat.account.language is Language.BN:
        written.paragraph(chat.text("policy.frame_summary"), "italic").line(summary)


def as_said(heading: str) -> str:
    """A heading without the mark that ends its line in the policy's file."""
    return heading.rstrip(" ;:")


def quoted(answer: Answer) -> Iterator[tuple[Quote, ...]]:
    """What is shown, block by block: a whole list as one; of a doubtful answer the first only."""
    if answer.outcome is Outcome.NOT_STATED or not answer.quotes:
        return
    first = answer.group if len(answer.group) > 1 else answer.quotes[:1]
    yield first
    if answer.outcome is Outcome.ANSWER:
        yield from ((quote,) for quote in answer.quotes[1:] if quote not in first)


def rows_beside(chat: ConversationContext, message: Message, answer: Answer) -> Rows:
    """Below an answer to words that staff have as well: nobody needs to be asked any more."""
    section = chat.choice("conversation.show_section", "answer.section", message.id)
    helpful = chat.choice("conversation.helpful", "answer.helpful", message.id)
    offered: dict[Outcome, tuple[Choice, ...]] = {
        Outcome.ANSWER: (helpful, section),
        Outcome.CLOSEST: (section,),
    }
    first = offered.get(answer.outcome, ())
    others: Rows = ((chat.choice("conversation.menu_mydata", "mydata"),),)
    return (*((first,) if first else ()), *(others if own_data(message.body) else ()))


def answer_rows(
    chat: ConversationContext, message: Message, answer: Answer, tickets: Sequence[Ticket]
) -> Rows:
    person = chat.choice("conversation.ask_a_person", "answer.person", message.id)
    section = chat.choice("conversation.show_section", "answer.section", message.id)
    first: tuple[Choice, ...] = (person,)
    if answer.outcome is Outcome.ANSWER:
        helpful = chat.choice("conversation.helpful", "answer.helpful", message.id)
        first = (helpful, section, person)
    elif answer.outcome is Outcome.CLOSEST:
        first = (section, person)
    adding = tuple(
        (
            chat.choice(
                "conversation.add_to", "put", f"{message.id}:{one.number}", number=one.number
            ),
        )
        for one in tickets[:MOST_OFFERED]
    )
    others: Rows = ((chat.choice("conversation.menu_mydata", "mydata"),),)
    if answer.outcome is not Outcome.ANSWER and not tickets:
        new = chat.choice("conversation.menu_new", "send", message.id)
        return (first, (new,), *(others if own_data(message.body) else ()))
    return (first, *adding, *(others if own_data(message.body) else ()))
