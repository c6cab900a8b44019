"""Names as many eyes may see them."""

from bot.domain.addresses import Language
from bot.domain.clients.people import Account
from bot.domain.text import reveal, shorten
from bot.wording import say

KEPT = 1
LONG_ENOUGH = 8
WORDS = 3


def masked_name(account: Account, language: Language) -> str:
    """The first letter of each name: enough to tell two clients apart, no more (threat table E)."""
    return masked_words(account.display_name) or say("desk.client_unnamed", language)


def masked_words(name: str) -> str:
    """The first letter of each word; empty where there is none."""
    words = shorten(reveal(name), 60).split()[:WORDS]
    return " ".join(f"{word[:KEPT]}…" for word in words)


def masked_contact(kind: str, value: str) -> str:
    """`a…@e….com`, `+880…78`: enough to tell two contacts apart, too little to write to one."""
    shown = shorten(reveal(value), 200)
    if kind != "email":
        return f"{shown[:4]}…{shown[-2:]}" if len(shown) > LONG_ENOUGH else "…"
    name, _, domain = shown.rpartition("@")
    host, _, top = domain.rpartition(".")
    return f"{name[:KEPT]}…@{host[:KEPT]}….{top}" if name and host else "…"
