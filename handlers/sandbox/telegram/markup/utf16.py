"""Telegram counts text in UTF-16 code units: a character beyond U+FFFF is two."""

from typing import Final

_ASTRAL: Final = 0xFFFF


def units(text: str) -> int:
    """Length in UTF-16 code units."""
    if text.isascii():
        return len(text)
    return len(text) + sum(ord(character) > _ASTRAL for character in text)


def edges(text: str) -> dict[int, int]:
    """Index of each character by the UTF-16 offset where it begins, and of the end."""
    at, found = 0, {0: 0}
    for index, character in enumerate(text, start=1):
        at += 2 if ord(character) > _ASTRAL else 1
        found[at] = index
    return found


def part(text: str, offset: int, length: int) -> str:
    """The text of an entity; offsets inside a surrogate pair are replaced, never an error."""
    raw = text.encode("utf-16-le", "surrogatepass")
    return raw[2 * offset : 2 * (offset + length)].decode("utf-16-le", "replace")


def bytes_before(text: str, index: int) -> int:
    """The UTF-8 offset that the platform's parse errors name."""
    return len(text[:index].encode("utf-8", "surrogatepass"))
