"""The main menu, the first words, help, and the language."""

from dataclasses import replace

from bot.application.conversation.context import ConversationContext, RichTextBuilder, Rows
from bot.application.outbound.to_client import Choice, Press, Reply
from bot.domain.addresses import Language, MessageId
from bot.domain.clients.events import LanguageChosen
from bot.wording import say
from bot.wording.times import period

MENU = (("ask", "new"), ("tickets", "mydata"), ("lang",))
"""Verbs of the main menu, row by row; the labels are `conversation.menu_<verb>`."""


def menu_rows(chat: ConversationContext) -> Rows:
    return tuple(
        tuple(chat.choice(f"conversation.menu_{verb}", verb) for verb in row) for row in MENU
    )


def taking_out(chat: ConversationContext, message: MessageId) -> Rows:
    """What the desk put into a ticket, the client may take out again."""
    return ((chat.choice("conversation.not_for_this_ticket", "unjoin", message),),)


def menu_verb(text: str) -> str | None:
    """The verb whose label, in either language, was typed instead of pressed."""
    typed = text.strip().casefold()
    verbs = [verb for row in MENU for verb in row]
    return next(
        (
            verb
            for verb in verbs
            for language in Language
            if say(f"conversation.menu_{verb}", language).casefold() == typed
        ),
        None,
    )


def language_row() -> tuple[Choice, ...]:
    """Each language is offered in its own name."""
    return tuple(
        Choice(say("conversation.language_name", language), Press("lang.set", language))
        for language in Language
    )


async def welcome(chat: ConversationContext) -> None:
    """/start: who this is, what is kept, who reads it, how long, and how to erase it."""
    rules = chat.work.rules
    written = RichTextBuilder(chat.text("conversation.welcome", company=rules.company))
    written.paragraph(
        chat.text(
            "conversation.what_is_kept", period=period(rules.retention_days, chat.account.language)
        )
    )
    written.paragraph(chat.text("conversation.choose"))
    await chat.tell(chat.reply(written, rows=(language_row(), *menu_rows(chat))))


async def show_menu(chat: ConversationContext) -> None:
    await chat.say("conversation.menu", rows=menu_rows(chat))


async def stale_button(chat: ConversationContext) -> None:
    """A button whose time is over leads to what can be done now."""
    await chat.say("conversation.stale_button", rows=menu_rows(chat))


async def greet(chat: ConversationContext) -> None:
    await chat.say("conversation.greeting", rows=menu_rows(chat))


async def answer_thanks(chat: ConversationContext) -> None:
    await chat.say("conversation.you_are_welcome", rows=menu_rows(chat))


async def show_help(chat: ConversationContext) -> None:
    await chat.say("conversation.help", rows=menu_rows(chat))


async def offer_languages(chat: ConversationContext) -> None:
    await chat.say("conversation.which_language", rows=(language_row(),))


async def suggest_languages(chat: ConversationContext) -> None:
    """The client writes Bangla and never chose: say so, and let them choose."""
    await chat.say("conversation.language_suggested", rows=(language_row(),))


async def set_language(chat: ConversationContext, code: str) -> ConversationContext:
    """Speak this language from now on; an unknown code offers the choice again."""
    if code not in tuple(Language):
        await offer_languages(chat)
        return chat
    account = replace(chat.account, language=Language(code), language_chosen=True)
    await chat.work.accounts.save(account)
    chat.work.record(
        LanguageChosen(
            stream=account.stream, holder=account.holder, account=account.id, language=code
        )
    )
    changed = replace(chat, account=account)
    await changed.tell(
        Reply(text=changed.text("conversation.language_set"), rows=menu_rows(changed))
    )
    return changed
