"""Slack's names of emoji, such as `:wave::skin-tone-3:`, as the characters that everybody reads."""

import re
from functools import cache
from importlib import resources

_NAME = r"[a-z0-9_+'-]+"
CODE = re.compile(rf":({_NAME}):(?::skin-tone-([2-6])(?:-[2-6])?:)?", re.IGNORECASE)
_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]*://\S+|\bwww\.\S+", re.IGNORECASE)
_LEFT_ALONE = re.compile(rf"{_ADDRESS.pattern}|{CODE.pattern}", re.IGNORECASE)
_TIGHT = "/\\=@.:"
"""Signs that a code never touches: they make paths, times and addresses of the network."""
GLUED = 4
"""Letters of a name that may stand right behind a word: `thanks:smile:`, and never `a:b:c`."""
FIRST_TONE = 2
_TONES = "🏻🏼🏽🏾🏿"
_SELECTOR = "\ufe0f"


def emoji_of(name: str, tone: int = 0) -> str:
    """The characters of a name, with a skin tone of 2 to 6 where it takes one; empty: unknown."""
    base, _, suffix = name.lower().partition("::skin-tone-")
    if suffix[:1].isdigit():
        tone = int(suffix[:1])
    found = _table().get(base)
    if found is None:
        return ""
    chars, takes_tone = found
    if not takes_tone or not FIRST_TONE <= tone < FIRST_TONE + len(_TONES):
        return chars
    return chars[0] + _TONES[tone - FIRST_TONE] + chars[1:].removeprefix(_SELECTOR)


def with_emoji(text: str) -> str:
    """Text without markup, its codes turned into emoji; addresses and times stay as they are.

    What Slack does not know, or only this workspace does, stays as it was typed.
    """
    parts, at = list[str](), 0
    for found in _LEFT_ALONE.finditer(text):
        parts += [text[at : found.start()], _read(found, parts, text)]
        at = found.end()
    return "".join([*parts, text[at:]])


def _read(found: re.Match[str], before: list[str], text: str) -> str:
    if found[1] is None:
        return found[0]
    chars = emoji_of(found[1], int(found[2] or 0))
    follows_emoji = found.start() > 0 and bool(before) and text[found.start() - 1] == ":"
    follows_emoji = follows_emoji and not before[-1].isascii()
    if not chars or not (follows_emoji or _may_begin(found, text)) or not _may_end(found, text):
        return found[0]
    return chars


def _may_begin(found: re.Match[str], text: str) -> bool:
    before = text[found.start() - 1 : found.start()]
    if not before.isascii() or not before.isalnum():
        return not before or before not in _TIGHT
    return before.isalpha() and sum(map(str.isalpha, found[1])) >= GLUED


def _may_end(found: re.Match[str], text: str) -> bool:
    after = text[found.end() : found.end() + 1]
    return not (after.isascii() and after.isalnum()) and after not in tuple("/\\=@")


@cache
def _table() -> dict[str, tuple[str, bool]]:
    """From each name to its characters, and whether they take a skin tone."""
    file = resources.files("handlers.slack.payloads") / "emoji.txt"
    found = dict[str, tuple[str, bool]]()
    for line in file.read_text(encoding="utf-8").splitlines():
        codes, *names = line.split()
        chars = "".join(chr(int(code, 16)) for code in codes.rstrip("+").split("-"))
        found |= dict.fromkeys(names, (chars, codes.endswith("+")))
    return found
