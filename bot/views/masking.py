"""Names as many eyes may see them."""

from bot.addresses import Language
from bot.clients import Account
from bot.text import reveal, shorten
from bot.wording import say

KEPT = 1
WORDS = 3


def masked_name(account: Account, language: Language) -> str:
    """The first letter of each name: enough to tell two clients apart, no more (threat table E)."""
    words = shorten(reveal(account.display_name), 60).split()[:WORDS]
    if not words:
        return say("desk.client_unnamed", language)
    return " ".join(f"{word[:KEPT]}…" for word in words)
