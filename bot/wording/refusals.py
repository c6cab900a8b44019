"""What a person is told when the desk says no."""

from bot.addresses import Language
from bot.errors import DeskError
from bot.wording import say

_CODES = {"state": "desk.state_"}
"""Parameters that are codes of the core, and the keys under which people read them."""


def refusal_text(error: DeskError, language: Language = Language.EN) -> str:
    """The text of a refusal, its codes put into words."""
    params = {
        name: say(f"{_CODES[name]}{value}", language) if name in _CODES else value
        for name, value in error.params.items()
    }
    return say(error.key, language, **params)
