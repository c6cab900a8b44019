"""What changed for clients between two versions of a policy."""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz

from bot.answering.document.policy_document import Document, Sentence


class Change(StrEnum):
    """What happened to a sentence."""

    ADDED = "added"
    REMOVED = "removed"
    REWORDED = "reworded"
    MOVED = "moved"  # the same words under another heading


@dataclass(frozen=True, slots=True)
class SentenceChange:
    """One sentence that clients will read differently; `section` is the newer heading."""

    kind: Change
    section: str
    old: str | None
    new: str | None


_REWORDED_FROM = 60.0


def policy_changes(old: Document, new: Document) -> list[SentenceChange]:
    """Changes in the order of the newer text. White space alone is no change."""
    left, right = _keys(old), _keys(new)
    removed: list[Sentence] = []
    added: list[Sentence] = []
    found: list[tuple[int, SentenceChange]] = []
    matcher = difflib.SequenceMatcher(a=left, b=right, autojunk=False)
    for tag, a1, a2, b1, b2 in matcher.get_opcodes():
        if tag == "equal":
            found.extend(_moves(old.sentences[a1:a2], new.sentences[b1:b2], old, new))
            continue
        removed.extend(old.sentences[a1:a2])
        added.extend(new.sentences[b1:b2])
    found.extend(_paired(removed, added, old, new))
    return [change for _, change in sorted(found, key=lambda pair: pair[0])]


def show_changes(old: Document, new: Document) -> Iterator[str]:
    """The changes as lines: "+" added, "-" removed, "~" reworded (old, then new), ">" moved."""
    for change in policy_changes(old, new):
        yield f"[{change.section}] {change.kind}"
        if change.old is not None and change.kind is not Change.MOVED:
            yield f"  - {change.old}"
        if change.new is not None:
            yield f"  {'>' if change.kind is Change.MOVED else '+'} {change.new}"


def changed_sentences(old: Document, new: Document) -> frozenset[str]:
    """Sentences of the old version that the new one no longer has, word for word."""
    kept = set(_keys(new))
    return frozenset(one.text for one in old.sentences if _key(one) not in kept)


def sentence_key(text: str) -> str:
    """What makes a sentence the same in another version: its words, wherever lines break."""
    return " ".join(text.split())


def _key(sentence: Sentence) -> str:
    return sentence_key(sentence.text)


def _keys(document: Document) -> list[str]:
    return [_key(one) for one in document.sentences]


def _heading(document: Document, sentence: Sentence) -> str:
    return document.section_of(sentence).heading


def _moves(
    left: tuple[Sentence, ...], right: tuple[Sentence, ...], old: Document, new: Document
) -> Iterator[tuple[int, SentenceChange]]:
    for before, after in zip(left, right, strict=True):
        heading = _heading(new, after)
        if _heading(old, before) != heading:
            yield after.start, SentenceChange(Change.MOVED, heading, before.text, after.text)


def _paired(
    removed: list[Sentence], added: list[Sentence], old: Document, new: Document
) -> Iterator[tuple[int, SentenceChange]]:
    """A removed and an added sentence that are alike are one reworded (or moved) sentence."""
    left = list(removed)
    for after in added:
        heading = _heading(new, after)
        best = max(left, key=lambda one: fuzz.token_sort_ratio(one.text, after.text), default=None)
        if best is None or fuzz.token_sort_ratio(best.text, after.text) < _REWORDED_FROM:
            yield after.start, SentenceChange(Change.ADDED, heading, None, after.text)
            continue
        left.remove(best)
        kind = Change.MOVED if _key(best) == _key(after) else Change.REWORDED
        yield after.start, SentenceChange(kind, heading, best.text, after.text)
    for before in left:
        gone = SentenceChange(Change.REMOVED, _heading(old, before), before.text, None)
        yield before.start, gone
