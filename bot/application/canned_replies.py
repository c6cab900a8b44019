"""Canned replies: texts that staff use often, with a few variables, in English and Bangla."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.addresses import Language
from bot.domain.errors import Refused
from bot.wording import texts

VARIABLES = ("client", "number", "staff", "company")
_VARIABLE = re.compile(r"\{(" + "|".join(VARIABLES) + r")\}")
_PREFIX = "title_"
MAX_REPLIES = 100
"""As many as a menu on Slack can offer."""
MAX_TITLE = 75


@dataclass(frozen=True, slots=True)
class CannedReply:
    """A text to begin a reply from."""

    name: str
    title: str
    text: str

    def filled(self, variables: Mapping[str, str]) -> str:
        """The text with its variables put in, once and plainly: values are never templates."""
        return _VARIABLE.sub(lambda match: variables.get(match[1], match[0]), self.text)


@dataclass(frozen=True, slots=True)
class CannedReplies:
    """All canned replies of the desk."""

    by_language: Mapping[Language, tuple[CannedReply, ...]]

    def of(self, language: Language) -> tuple[CannedReply, ...]:
        return self.by_language.get(language, ())

    def get(self, name: str, language: Language) -> CannedReply:
        """In the client's language, else in the other one. Raises Refused: no such reply."""
        for each in (language, *Language):
            found = next((reply for reply in self.of(each) if reply.name == name), None)
            if found is not None:
                return found
        raise Refused("desk.no_such_canned_reply")


def shipped_replies() -> CannedReplies:
    """The replies that come with the product."""
    return CannedReplies({each: _replies(texts(each, "canned")) for each in Language})


def parse_replies(text: str) -> CannedReplies:
    """An operator's own replies: TOML with tables `en` and `bn`, each as in the shipped file.

    Raises:
        Refused: not TOML, a title without a text, or more than a menu can hold.
    """
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Refused("desk.bad_canned_replies", name="TOML") from error
    if strange := set(tables) - set(Language):
        raise Refused("desk.bad_canned_replies", name=", ".join(sorted(strange)))
    return CannedReplies({Language(each): _checked(each, table) for each, table in tables.items()})


def _checked(language: str, table: object) -> tuple[CannedReply, ...]:
    if not isinstance(table, dict):
        raise Refused("desk.bad_canned_replies", name=language)
    entries: dict[str, str] = {}
    for name, value in table.items():  # pyright: ignore[reportUnknownVariableType]  # TOML
        if not isinstance(name, str) or not isinstance(value, str) or not value.strip():
            raise Refused("desk.bad_canned_replies", name=f"{language}.{name}")
        entries[name] = value
    replies = _replies(entries)
    if len(replies) > MAX_REPLIES or any(len(reply.title) > MAX_TITLE for reply in replies):
        raise Refused("desk.bad_canned_replies", name=language)
    return replies


def _replies(entries: Mapping[str, str]) -> tuple[CannedReply, ...]:
    """`name` is the text, `title_name` what the menu calls it (else the name)."""
    return tuple(
        CannedReply(name, entries.get(_PREFIX + name, name), text)
        for name, text in entries.items()
        if not name.startswith(_PREFIX)
    )
