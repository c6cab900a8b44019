"""The policy as a document: sections and sentences, each a verbatim slice with its offsets."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from bot.answering.document.layout import Block, Kind, blocks_of
from bot.answering.document.sentences import split_sentences
from bot.domain.errors import Refused

MAX_BYTES = 1_048_576
"""Long policies have 200 kB; a file of several MB is a mistake and would slow every answer."""

_GERUND_MINIMUM = 5
_CONTROL_SHARE = 0.02
_FIRST_PRINTABLE = 32
_SHOWN_CHARS = 96


@dataclass(frozen=True, slots=True)
class Sentence:
    """A verbatim slice of the policy: `document.text[start:end] == text`."""

    text: str
    start: int
    end: int
    line: int
    section: int
    is_list_item: bool = False
    list_group: int | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, as a reader would say it, and the span of text that stands under it."""

    heading: str
    start: int
    end: int
    line: int
    level: int
    sentences: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A policy version: its text, its SHA-256 (of the file's bytes), sections and sentences."""

    text: str
    sha256: str
    sections: tuple[Section, ...]
    sentences: tuple[Sentence, ...]
    repeated_headings: tuple[tuple[str, int], ...] = ()

    def section_of(self, sentence: Sentence) -> Section:
        return self.sections[sentence.section]

    def group_of(self, sentence: Sentence) -> tuple[Sentence, ...]:
        """The whole list that a sentence stands in or leads; the sentence alone otherwise."""
        if sentence.list_group is None:
            return (sentence,)
        return tuple(one for one in self.sentences if one.list_group == sentence.list_group)


@dataclass(slots=True)
class _Draft:
    heading: str
    start: int
    end: int
    line: int
    level: int
    sentences: list[Sentence]


def read_policy(path: Path) -> Document:
    """Read and parse a policy file.

    Raises:
        Refused: the file is missing, empty, too large, binary or not UTF-8; the text names the fix.
    """
    name = str(path)
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise Refused("policy.too_large", file=name, limit_kb=MAX_BYTES // 1024)
        raw = path.read_bytes()
    except FileNotFoundError:
        raise Refused("policy.missing", file=name) from None
    except (OSError, ValueError):
        raise Refused("policy.unreadable", file=name) from None
    return parse_bytes(raw, name=name)


@cache
def shipped_policy() -> Document:
    """The policy that comes with the product, used when no other is set."""
    file = resources.files("bot.answering") / "data" / "shipped-policy.txt"
    return parse_bytes(file.read_bytes(), name="shipped-policy.txt")


def parse_bytes(raw: bytes, *, name: str) -> Document:
    """Decode and parse the bytes of a policy; `name` is how a refusal calls the file."""
    if b"\0" in raw:
        raise Refused("policy.binary", file=name)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("policy.not_utf8", file=name) from None
    if _looks_binary(text):
        raise Refused("policy.binary", file=name)
    document = parse_policy(text, sha256=hashlib.sha256(raw).hexdigest())
    if not document.sentences:
        raise Refused("policy.empty", file=name)
    return document


def parse_policy(text: str, *, sha256: str | None = None) -> Document:
    """Parse text or Markdown. Never refuses: a text without a sentence gives an empty document."""
    drafts: list[_Draft] = []
    repeated: list[tuple[str, int]] = []
    builder = _ListBuilder()
    for block in blocks_of(text):
        if block.kind is Kind.HEADING:
            _open_section(drafts, repeated, block)
            builder.close()
            continue
        if not drafts:
            drafts.append(_Draft("", block.start, block.start, block.line, 1, []))
        builder.add(text, block, drafts[-1], len(drafts) - 1)
    builder.close()
    return _assemble(text, sha256, _with_lists(drafts, builder.groups), tuple(repeated))


def _looks_binary(text: str) -> bool:
    controls = sum(
        1 for char in text[:20_000] if ord(char) < _FIRST_PRINTABLE and char not in "\t\r\n\f"
    )
    return controls > _CONTROL_SHARE * max(1, min(len(text), 20_000))


def _open_section(drafts: list[_Draft], repeated: list[tuple[str, int]], block: Block) -> None:
    """Start a section, unless its heading repeats the open one: then the two are one section."""
    if drafts and _same(drafts[-1].heading, block.label):
        repeated.append((block.label, block.line))
        return
    drafts.append(_Draft(block.label, block.start, block.end, block.line, block.level, []))


def _same(left: str, right: str) -> bool:
    return left.strip(" ;:?.").casefold() == right.strip(" ;:?.").casefold()


class _ListBuilder:
    """Finds lists: marked items, or runs of gerund and semicolon clauses, with their lead."""

    def __init__(self) -> None:
        self.groups: dict[int, int] = {}
        self._next = 0
        self._open: int | None = None
        self._last: Sentence | None = None

    def add(self, text: str, block: Block, draft: _Draft, section: int) -> None:
        for start, end in split_sentences(text, block.start, block.end):
            line = block.line + text.count("\n", block.start, start)
            is_item = block.kind is Kind.ITEM or _is_clause(text[start:end])
            sentence = Sentence(text[start:end], start, end, line, section, is_item)
            self._place(sentence)
            draft.sentences.append(sentence)
            draft.end = end

    def close(self) -> None:
        self._open = self._last = None

    def _place(self, sentence: Sentence) -> None:
        if sentence.is_list_item:
            self._join(sentence)
        elif self._open is not None and self._continues(sentence):
            self.groups[sentence.start] = self._open
        else:
            self._open = None
        self._last = sentence

    def _join(self, sentence: Sentence) -> None:
        if self._open is None:
            self._open = self._next
            self._next += 1
            if self._last is not None and self._last.section == sentence.section:
                self.groups[self._last.start] = self._open
        self.groups[sentence.start] = self._open

    def _continues(self, sentence: Sentence) -> bool:
        """A fragment such as "For purposes that are required by law." goes on with the list."""
        return sentence.text.startswith(("For ", "To ", "As "))


def _is_clause(sentence: str) -> bool:
    """A list item without a marker: "Improving our products;", "Responding to tickets.", "...;"."""
    first = sentence.split(maxsplit=1)[0] if sentence.split() else ""
    gerund = first.endswith("ing") and len(first) >= _GERUND_MINIMUM and first[0].isupper()
    return sentence.rstrip().endswith(";") or (gerund and not _has_subject(sentence))


_OWN_VERBS = frozenset(
    [
        "is",
        "are",
        "was",
        "were",
        "will",
        "may",
        "can",
        "must",
        "shall",
        "does",
        "do",
        "has",
        "have",
        "means",
    ]
)


def _has_subject(sentence: str) -> bool:
    """Whether a whole sentence only begins with a gerund: "Using the sites means you agree"."""
    return any(word in _OWN_VERBS for word in sentence.lower().split()[1:7])


def _with_lists(drafts: list[_Draft], groups: dict[int, int]) -> list[_Draft]:
    for draft in drafts:
        draft.sentences = [
            Sentence(
                one.text,
                one.start,
                one.end,
                one.line,
                one.section,
                one.is_list_item or one.start in groups,
                groups.get(one.start),
            )
            for one in draft.sentences
        ]
    return drafts


def _assemble(
    text: str, sha256: str | None, drafts: list[_Draft], repeated: tuple[tuple[str, int], ...]
) -> Document:
    sections = tuple(
        Section(one.heading, one.start, one.end, one.line, one.level, tuple(one.sentences))
        for one in drafts
    )
    digest = sha256 or hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    sentences = tuple(sentence for section in sections for sentence in section.sentences)
    return Document(text, digest, sections, sentences, repeated)


def outline(document: Document) -> Iterator[str]:
    """Lines: a heading with its line number, then its sentences with offsets; "-" marks items."""
    for section in document.sections:
        yield f"{section.line:>4}  {'#' * section.level} {section.heading}".rstrip()
        for sentence in section.sentences:
            yield (
                f"{sentence.line:>4}    {_mark(sentence)} [{sentence.start}-{sentence.end}] "
                + _cut(sentence.text)
            )


def _mark(sentence: Sentence) -> str:
    return "-" if sentence.is_list_item else "·"


def _cut(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _SHOWN_CHARS else flat[: _SHOWN_CHARS - 1] + "…"
