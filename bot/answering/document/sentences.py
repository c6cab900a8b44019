"""Where one sentence ends and the next begins, in English and Bangla, as offsets."""

import re
from collections.abc import Iterator

_BREAK = re.compile(r"(?P<stop>[.!?;।॥]+)(?P<close>[\"'”’)\]]*)(?P<gap>\s*)(?=(?P<next>\S))")
_ABBREVIATIONS = frozenset(
    [
        "e.g",
        "i.e",
        "etc",
        "vs",
        "mr",
        "mrs",
        "ms",
        "dr",
        "no",
        "nos",
        "art",
        "sec",
        "inc",
        "ltd",
        "co",
        "corp",
        "st",
        "al",
        "u.s",
        "u.k",
        "cf",
        "p",
        "pp",
        "approx",
    ]
)
_DOMAIN_ENDS = frozenset(
    [
        "com",
        "net",
        "org",
        "io",
        "co",
        "bd",
        "app",
        "js",
        "info",
        "biz",
        "gov",
        "edu",
        "in",
        "uk",
        "me",
        "dev",
    ]
)
_WORD_BEFORE = re.compile(r"[\w.]+$")
_WORD_AFTER = re.compile(r"\w+")
_LOOK_BACK = 40
_TAIL = 2


def split_sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Spans of the sentences between two offsets, without the white space around them."""
    at = start
    for match in _BREAK.finditer(text, start, end):
        if match.start("next") >= end:
            break
        if _is_break(text, match):
            yield from _trimmed(text, at, match.end("close"))
            at = match.start("next")
    yield from _trimmed(text, at, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if any(char.isalnum() for char in text[start:end]):
        yield start, end


def _is_break(text: str, match: re.Match[str]) -> bool:
    follower = match["next"]
    if match["stop"][-1] in "।॥":
        return True
    if not (follower.isupper() or follower in "\"'“‘([•" or not follower.isascii()):
        return follower.isdigit() and bool(match["gap"]) and _ends_a_word(text, match)
    if not match["gap"]:
        return _is_glued_break(text, match)
    return match["stop"] != "." or not _is_abbreviation(text, match.start("stop"))


def _ends_a_word(text: str, match: re.Match[str]) -> bool:
    """A digit begins a sentence only after a lower-case word's full stop, not in "2019. 3"."""
    before = text[match.start("stop") - 1]
    return before.islower() and not _is_abbreviation(text, match.start("stop"))


def _is_abbreviation(text: str, stop: int) -> bool:
    word = _WORD_BEFORE.search(text, max(0, stop - _LOOK_BACK), stop)
    if word is None:
        return False
    known = word[0].lower().strip(".") in _ABBREVIATIONS
    return known or (len(word[0]) == 1 and word[0].isupper() and word[0] != "I")


def _is_glued_break(text: str, match: re.Match[str]) -> bool:
    """No space was typed ("own the Sites.If we say"); "Example.Com" and "Node.Js" stay whole."""
    stop = match.start("stop")
    if match["stop"] != "." and not match["stop"].startswith(("?", "!", ";")):
        return False
    word = _WORD_AFTER.match(text, match.start("next"))
    if word is None or word[0].lower() in _DOMAIN_ENDS or (word[0].isupper() and len(word[0]) > 1):
        return False
    before = text[max(0, stop - _TAIL) : stop]
    ends_lower = len(before) == _TAIL and before.islower()
    return ends_lower and text[word.end() : word.end() + 1] in (" ", ",", "'", "’")
