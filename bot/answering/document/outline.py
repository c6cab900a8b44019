"""`policy show`: the parsed outline, so that an operator sees what the engine sees."""

from collections.abc import Iterator

from bot.answering.document.policy_document import Document, Sentence

_SHOWN_CHARS = 96


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
