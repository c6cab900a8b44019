"""Answers a question with the policy's own sentences, or says that the policy does not say."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np

from bot.answering.abstention import Calibration, Material, calibration, signals_of
from bot.answering.concepts import Concept, concepts
from bot.answering.document.policy_document import Document, Sentence
from bot.answering.expected_topics import speaks_of
from bot.answering.language.presuppositions import asks_for_a_measure, puts_words
from bot.answering.language.spelling import Speller, names_of, vocabulary_of
from bot.answering.language.words import Tongue, clean, words
from bot.answering.policy_spelling import concept_texts
from bot.answering.question_reading import Reading, read, split_questions
from bot.answering.ranking.embedding import Embedder
from bot.answering.ranking.ranker import Ranking, SentenceRanker
from bot.answering.reviewed_links import LearnedLink, LinkMemory

MAX_QUOTES = 3
_SECOND_SHARE = 0.5
_NEIGHBOUR_SHARE = 0.25
"""A sentence of the same section is quoted along when it fits a quarter as well."""
_MIN_MATCH = 0.1
_TOPIC_FROM = 0.35
_WORDS_PUT = 0.1
_TOUCHED = 0.2
"""Share of the question's telling words that passages must hold to be shown for their topic."""
_MEASURE_MISSED = 0.6
"""A passage without the period or share that was asked for is at most the closest one."""


class Outcome(StrEnum):
    """What the engine did with a question."""

    ANSWER = "answer"
    CLOSEST = "closest"  # a passage that may not answer
    NOT_STATED = "not_stated"  # the policy does not say


class Mode(StrEnum):
    """What the engine can use."""

    SEMANTIC = "semantic"  # words and meaning
    LOADING = "loading"  # the meaning model is on its way
    LEXICAL = "lexical"  # no meaning model on this machine


@dataclass(frozen=True, slots=True)
class Quote:
    """A verbatim slice of the policy; the places are None for sentences given without a policy."""

    text: str
    section: str | None
    start: int | None
    end: int | None


@dataclass(frozen=True, slots=True)
class Answer:
    """`confidence` is the probability that the first quote answers, whatever the outcome.

    `group` is the whole list when the first quote stands in one or leads one. `parts` holds one
    answer a question when a message asked several; the answer itself is then the first part's.
    """

    question: str
    outcome: Outcome
    language: Tongue
    confidence: float
    quotes: tuple[Quote, ...]
    policy_version: str | None
    topic: Concept | None = None
    group: tuple[Quote, ...] = ()
    parts: tuple["Answer", ...] = field(default=(), repr=False)

    @property
    def shows_list(self) -> bool:
        """The best sentence leads a list or the list is short: then the list is the answer."""
        return len(self.group) > 1 and (
            self.group[0] == self.quotes[0] or len(self.group) <= MAX_QUOTES
        )


class Engine:
    """Answers from one version of the policy. Building it costs milliseconds; asking too."""

    def __init__(
        self,
        document: Document,
        embedder: Embedder | None = None,
        links: Iterable[LearnedLink] = (),
    ) -> None:
        self.document = document
        self._embedder = embedder
        headings = [document.section_of(one).heading for one in document.sentences]
        texts = [one.text for one in document.sentences]
        self._memory = LinkMemory(one for one in links if one.sentence in {None, *texts})
        self._ranker = SentenceRanker(texts, headings, embedder)
        self._speller = speller_for(texts)

    @property
    def mode(self) -> Mode:
        if self._embedder is None:
            return Mode.LEXICAL
        return Mode.SEMANTIC if self._ranker.is_semantic else Mode.LOADING

    @property
    def embedder(self) -> Embedder | None:
        return self._embedder

    def prepare(self) -> None:
        """Wait until the meaning model can be used; for batches, where waiting is right."""
        self._ranker.prepare()

    def ask(self, question: str) -> Answer:
        """One message; two questions in it get two answers, in `parts`, unless linked as one."""
        whole = clean(question)
        asked = split_questions(whole)
        if len(asked) > 1 and self._memory.recall(whole) is not None:
            asked = [whole]
        parts = tuple(self._ask_one(one) for one in asked)
        return parts[0] if len(parts) == 1 else _joined(whole, parts)

    def weigh(self, question: str) -> Ranking:
        """What an answer to one question is made of, for the bench."""
        return self._ranker.rank(read(question, self._speller))

    def _ask_one(self, question: str) -> Answer:
        reading = read(question, self._speller)
        if not reading.tokens or not self.document.sentences:
            return self._silent(reading, None, 0.0)
        ranking = self._ranker.rank(reading, by_words=self._ranker.is_far_outside(reading))
        limits = calibration(Material.POLICY, semantic=ranking.is_semantic)
        ranking, confidence = self._judged(reading, ranking, limits)
        if confidence < limits.closest_from:
            spoken = self._speaking(reading, ranking)
            if spoken is None:
                return self._silent(reading, _topic(ranking), confidence)
            ranking = _led_by(ranking, spoken)
        outcome = Outcome.ANSWER if confidence >= limits.answer_from else Outcome.CLOSEST
        chosen = [self.document.sentences[at] for at in self._choose(ranking)]
        return Answer(
            question=reading.text,
            outcome=outcome,
            language=reading.tongue,
            confidence=confidence,
            quotes=tuple(self._quote(one) for one in chosen),
            policy_version=self.document.sha256,
            topic=_topic(ranking),
            group=tuple(self._quote(one) for one in self.document.group_of(chosen[0])),
        )

    def _judged(
        self, reading: Reading, ranking: Ranking, limits: Calibration
    ) -> tuple[Ranking, float]:
        """The ranking and its confidence; a reviewed pair for this question overrules both."""
        best = self.document.sentences[int(ranking.order[0])].text
        confidence = _confidence(ranking, limits, reading.text, best)
        recalled = self._memory.recall(reading.text)
        if recalled is None or puts_words(reading.text, best):
            return ranking, confidence
        if recalled.link.sentence is None:
            return ranking, min(confidence, round(1 - recalled.similarity, 4))
        places = [one.text for one in self.document.sentences]
        first = places.index(recalled.link.sentence)
        return _led_by(ranking, first), max(confidence, round(recalled.similarity, 4))

    def _speaking(self, reading: Reading, ranking: Ranking) -> int | None:
        """A leading sentence that has words of the very topic: then it is not unspoken of.

        Short policies give too little to be sure of an answer; such a sentence is the closest one.
        Words put into the policy's mouth, and what an approver called unsaid, get none.
        """
        topic = _topic(ranking)
        is_taught = self._memory.recall(reading.text) is not None
        if topic is None or ranking.cover < _TOUCHED or is_taught:
            return None
        for at in (int(one) for one in ranking.order[:MAX_QUOTES]):
            text = self.document.sentences[at].text
            if speaks_of(topic.id, text) and not puts_words(reading.text, text):
                return at
        return None

    def _silent(self, reading: Reading, topic: Concept | None, confidence: float) -> Answer:
        return Answer(
            question=reading.text,
            outcome=Outcome.NOT_STATED,
            language=reading.tongue,
            confidence=confidence,
            quotes=(),
            policy_version=self.document.sha256,
            topic=topic,
        )

    def _choose(self, ranking: Ranking) -> list[int]:
        """The best sentence, and up to two more that fit the question's concepts as well."""
        first = int(ranking.order[0])
        chosen, seen = [first], {self.document.sentences[first].text}
        section = self.document.sentences[first].section
        for at in (int(one) for one in ranking.order[1:8]):
            found = self.document.sentences[at]
            share = _NEIGHBOUR_SHARE if found.section == section else _SECOND_SHARE
            fits = ranking.match[at] >= max(share * float(ranking.match[first]), _MIN_MATCH)
            if len(chosen) < MAX_QUOTES and fits and found.text not in seen:
                chosen.append(at)
                seen.add(found.text)
        return chosen

    def _quote(self, sentence: Sentence) -> Quote:
        section = self.document.section_of(sentence).heading
        return Quote(sentence.text, section, sentence.start, sentence.end)


class SentenceList:
    """Ranks sentences that somebody else cut, such as those of a batch object."""

    def __init__(
        self,
        sentences: Sequence[str],
        embedder: Embedder | None = None,
        *,
        uses_concepts: bool = True,
    ) -> None:
        self.sentences = list(sentences)
        self._ranker = SentenceRanker(self.sentences, None, embedder, uses_concepts=uses_concepts)
        self._ranker.prepare()
        self._speller = speller_for(self.sentences)

    def ask(self, question: str, count: int) -> Answer:
        """The best `count` sentences in rank order, whatever the outcome."""
        return self.ask_closely(question, count)[0]

    def ask_closely(self, question: str, count: int) -> tuple[Answer, Ranking]:
        """The answer together with what it was made of, for the bench."""
        reading = read(question, self._speller)
        ranking = self._ranker.rank(reading)
        if not self.sentences:
            silent = Answer(reading.text, Outcome.NOT_STATED, reading.tongue, 0.0, (), None)
            return silent, ranking
        limits = calibration(Material.SENTENCES, semantic=ranking.is_semantic)
        best = self.sentences[int(ranking.order[0])]
        confidence = _confidence(ranking, limits, reading.text, best) if reading.tokens else 0.0
        order = [int(at) for at in ranking.order[:count]]
        quotes = tuple(Quote(self.sentences[at], None, None, None) for at in order)
        outcome = _outcome(confidence, limits.answer_from, limits.closest_from)
        answer = Answer(reading.text, outcome, reading.tongue, confidence, quotes, None)
        return answer, ranking


def rank(question: str, sentences: Sequence[str], n: int) -> list[str]:
    """The `n` best of foreign sentences for a question, best first, texts unchanged."""
    return [quote.text for quote in SentenceList(sentences).ask(question, n).quotes]


def speller_for(texts: Sequence[str]) -> Speller:
    """A speller towards the words of the concepts and of this policy."""
    said = [words(text) for text in texts]
    return Speller(vocabulary_of([*said, *concept_texts()]), names_of(said))


def _confidence(ranking: Ranking, limits: Calibration, question: str, best: str) -> float:
    """The calibrated probability; nearly none when the message puts words in the policy's mouth."""
    probability = limits.probability(signals_of(ranking))
    if puts_words(question, best):
        probability *= _WORDS_PUT
    elif asks_for_a_measure(question, best):
        probability *= _MEASURE_MISSED
    return round(probability, 4)


def _outcome(confidence: float, answer_from: float, closest_from: float) -> Outcome:
    if confidence >= answer_from:
        return Outcome.ANSWER
    return Outcome.CLOSEST if confidence >= closest_from else Outcome.NOT_STATED


def _led_by(ranking: Ranking, first: int) -> Ranking:
    rest = ranking.order[ranking.order != first]
    order = np.concatenate([np.array([first], dtype=rest.dtype), rest])
    return replace(ranking, order=order)


def _topic(ranking: Ranking) -> Concept | None:
    best = int(np.argmax(ranking.concept))
    return concepts()[best] if ranking.concept[best] >= _TOPIC_FROM else None


def _joined(question: str, parts: tuple[Answer, ...]) -> Answer:
    """The first part that answers speaks for the message; quotes are the parts' in turn."""
    first = max(parts, key=lambda part: (part.outcome is Outcome.ANSWER, bool(part.quotes)))
    quotes = list(dict.fromkeys([*first.quotes[:1], *(q for p in parts for q in p.quotes)]))
    return replace(first, question=question, quotes=tuple(quotes[:MAX_QUOTES]), parts=parts)
