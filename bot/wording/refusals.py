"""What a person is told when the desk says no."""

from bot.domain.addresses import Language
from bot.domain.errors import DeskError
from bot.wording import say

_CODES = {"state": "desk.state_"}
"""Parameters that are codes of the core, and the keys under which people read them."""
_OF_REQUESTS = {"state": "request_card.state_", "verb": "requests.verb_"}
"""Likewise, of data requests, whose states are others; clients are told in words of their own."""


def refusal_text(error: DeskError, language: Language = Language.EN) -> str:
    """The text of a refusal, its codes put into words; who was first, and what to do now."""
    codes = _OF_REQUESTS if error.key.startswith("requests.") else _CODES
    params = {
        name: say(f"{codes[name]}{value}", language) if name in codes else value
        for name, value in error.params.items()
    }
    parts = [say(error.key, language, **params)]
    if "at" in params and "by" in params:
        parts.append(say("slack_words.first", language, **params))
    if "next" in params:
        parts.append(say(f"slack_words.next_{params['next']}", language))
    if "who_may" in params:
        parts.append(say("request_card.who_may", language, who=params["who_may"]))
    return " ".join(parts)
