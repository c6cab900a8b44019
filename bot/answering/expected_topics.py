"""Usual topics of a policy, and the words by which a sentence or a heading speaks of one."""

import re
import tomllib
import unicodedata
from functools import cache
from importlib import resources

USUAL_TOPICS = (
    "collect",
    "use",
    "sharing",
    "retention",
    "erasure_on_request",
    "access",
    "rectification",
    "security",
    "cookies",
    "children",
    "breach",
    "storage_place",
    "policy_changes",
    "contact",
)
"""What readers look for: GDPR articles 13 to 17, and what app stores ask of a policy."""


def speaks_of(topic: str, text: str) -> bool:
    """Whether the text has words of this usual topic; of no other topic is anything known here."""
    return topic in USUAL_TOPICS and _words_of(topic).search(text) is not None


@cache
def _words_of(topic: str) -> re.Pattern[str]:
    """In both languages: a policy may mix them."""
    lines = [line for text in _usual_words()[topic].values() for line in text.splitlines()]
    return re.compile("|".join(f"(?:{line})" for line in lines), re.IGNORECASE)


@cache
def _usual_words() -> dict[str, dict[str, str]]:
    file = resources.files("bot.answering") / "data" / "usual-topics.toml"
    return tomllib.loads(unicodedata.normalize("NFC", file.read_text(encoding="utf-8")))
