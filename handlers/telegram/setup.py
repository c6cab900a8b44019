"""What clients see before they write: the command list and the descriptions, per language."""

from telegram import BotCommand

from bot.application.conversation.commands import REGISTERED
from bot.domain.addresses import Language
from bot.wording import say
from handlers.telegram.client import Bot


async def introduce(bot: Bot, company: str) -> None:
    """Register commands and descriptions for both languages; English is also the default."""
    for language in (None, *Language):
        spoken, code = language or Language.EN, None if language is None else str(language)
        commands = [
            BotCommand(name, say(f"conversation.command_{name}", spoken)) for name in REGISTERED
        ]
        await bot.set_my_commands(commands, language_code=code)
        await bot.set_my_short_description(
            say("conversation.short_description", spoken), language_code=code
        )
        await bot.set_my_description(
            say("telegram.description", spoken, company=company), language_code=code
        )
