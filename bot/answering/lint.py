"""`policy check`: what weakens a policy, with the line it stands on."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.answering.concepts import labels
from bot.answering.document.policy_document import Document
from bot.answering.expected_topics import USUAL_TOPICS, speaks_of
from bot.answering.language.spelling import english_words
from bot.answering.ranking.ranker import SentenceRanker
from bot.domain.addresses import Language
from bot.wording import say


class Weak(StrEnum):
    """A kind of weakness."""

    DUPLICATE_HEADING = "duplicate_heading"
    EMPTY_SECTION = "empty_section"  # a heading with nothing under it
    TYPO = "typo"
    NO_CONTACT = "no_contact"  # nowhere to write to: GDPR article 13(1)(a)
    NO_DATE = "no_date"
    VAGUE_RETENTION = "vague_retention"  # neither a period nor a rule: GDPR article 13(2)(a)
    MISSING_TOPIC = "missing_topic"


@dataclass(frozen=True, slots=True)
class Weakness:
    """One finding; `line` is 1 when it is about the whole text."""

    line: int
    kind: Weak
    params: tuple[tuple[str, str], ...] = ()

    @property
    def text(self) -> str:
        return self.said_in(Language.EN)

    def said_in(self, language: Language) -> str:
        return say(f"policy.weak_{self.kind}", language, line=self.line, **dict(self.params))


_TOPIC_FROM = 0.3
_BANGLA, _LATIN = re.compile(r"[\u0980-\u09ff]"), re.compile(r"[A-Za-z]")
_ADDRESS = re.compile(
    r"[\w.+-]+@[\w-]+\.\w{2,}|https?://|\bwww\.|(?:\+|\b0)\d[\d\s()-]{7,}\d|[০-৯]{6,}"
)
_DATE = re.compile(r"\b(?:19|20)\d\d\b|[১২][০-৯]{3}")
_VAGUE = re.compile(
    r"as long as (?:is |it is )?(?:necessary|needed|required)|as soon as possible"
    r"|(?:a )?reasonable (?:time|period)|যতদিন প্রয়োজন|যত দ্রুত সম্ভব",
    re.IGNORECASE,
)
_WORD = re.compile(r"(?<![\w@./'’-])[A-Za-z][a-z]{3,}(?![\w@/'’-]|\.\w)")
_TYPO_CUT = 0.8
_FAMILIAR_USES = 3


def weaknesses(document: Document) -> list[Weakness]:
    """All findings, in the order of their lines."""
    found = chain(
        _headings(document),
        _typos(document),
        _whole_text(document),
        _retention(document),
        _topics(document),
    )
    return sorted(found, key=lambda one: (one.line, one.kind))


def _headings(document: Document) -> Iterator[Weakness]:
    for heading, line in document.repeated_headings:
        yield Weakness(line, Weak.DUPLICATE_HEADING, (("text", heading),))
    seen: set[str] = set()
    for at, section in enumerate(document.sections):
        name = section.heading.casefold().strip(" ;:?.")
        if name and name in seen:
            yield Weakness(section.line, Weak.DUPLICATE_HEADING, (("text", section.heading),))
        seen.add(name)
        is_title = at == 0 or _has_subsections(document, at) or _DATE.search(section.heading)
        if not section.sentences and not is_title:
            yield Weakness(section.line, Weak.EMPTY_SECTION, (("text", section.heading),))


def _has_subsections(document: Document, at: int) -> bool:
    following = document.sections[at + 1 : at + 2]
    return any(one.level > document.sections[at].level for one in following)


def _typos(document: Document) -> Iterator[Weakness]:
    """Lower-case words that are no English words but one slip away from one."""
    known = english_words()
    reported: set[str] = set()
    lowered = document.text.lower()
    for match in _WORD.finditer(document.text):
        word = match[0]
        if not word.islower() or word in known or word in reported or _is_inflected(word):
            continue
        reported.add(word)
        hint = _hint(word, known)
        if hint and lowered.count(word) < _FAMILIAR_USES:
            line = document.text.count("\n", 0, match.start()) + 1
            yield Weakness(line, Weak.TYPO, (("text", word), ("hint", hint)))


def _is_inflected(word: str) -> bool:
    known = english_words()
    return any(word.endswith(end) and word[: -len(end)] in known for end in ("s", "es", "ed", "ly"))


def _hint(word: str, known: frozenset[str]) -> str | None:
    near = [one for one in known if abs(len(one) - len(word)) <= 1]
    close = process.extractOne(word, near, scorer=OSA.normalized_similarity, score_cutoff=_TYPO_CUT)
    return close[0] if close else None


def _whole_text(document: Document) -> Iterator[Weakness]:
    if not _ADDRESS.search(document.text):
        yield Weakness(1, Weak.NO_CONTACT)
    if not _DATE.search(document.text):
        yield Weakness(1, Weak.NO_DATE)


def _retention(document: Document) -> Iterator[Weakness]:
    for match in _VAGUE.finditer(document.text):
        line = document.text.count("\n", 0, match.start()) + 1
        yield Weakness(line, Weak.VAGUE_RETENTION, (("text", match[0]),))


def _topics(document: Document) -> Iterator[Weakness]:
    """Usual topics of which no sentence and no heading speaks, by its words or by its concepts.

    A heading counts: who reads it finds the topic, however briefly its section puts it.
    """
    texts = [one.text for one in document.sentences]
    headings = [document.section_of(one).heading for one in document.sentences]
    affinity = SentenceRanker(texts, headings).affinity
    touched = [float(affinity[:, at].max(initial=0.0)) for at in range(affinity.shape[1])]
    places = {name: at for at, name in enumerate(labels())}
    passages = [*texts, *dict.fromkeys(section.heading for section in document.sections)]
    language = "bn" if _is_mostly_bangla(document.text) else "en"
    for topic in USUAL_TOPICS:
        named = any(speaks_of(topic, passage) for passage in passages)
        if not named and touched[places[topic]] < _TOPIC_FROM:
            yield Weakness(1, Weak.MISSING_TOPIC, (("topic", labels()[topic].label(language)),))


def _is_mostly_bangla(text: str) -> bool:
    return len(_BANGLA.findall(text)) > len(_LATIN.findall(text))
