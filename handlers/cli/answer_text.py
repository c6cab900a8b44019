"""Questions on standard input and in files: `ask`, `ask --batch`, and how an answer is shown."""

import json
import re
from collections.abc import Iterable, Iterator

from bot.answering.document.translations import Translations
from bot.answering.engine import Answer, Engine, Outcome, Quote, SentenceList
from bot.answering.language.words import Tongue
from bot.answering.ranking.embedding import Embedder
from bot.application.conversation.answer_rendering import as_said
from bot.domain.addresses import Language
from bot.domain.errors import Refused
from bot.wording import say

MARKS = (
    (re.compile(r"!?\[([^\]\[]+)\]\(([^()\s]+)\)"), r"\1 (\2)"),
    (re.compile(r"(\*\*\*|\*\*|\*)(?=\S)(.+?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<!\w)(__|_)(?=\S)(.+?)(?<=\S)\1(?!\w)"), r"\2"),
    (re.compile(r"`([^`]+)`"), r"\1"),
)
"""Links, bold and italics, code; a lone star or a snake_case word is none of them."""
_MAX_QUOTES = 1_000
_KEPT_LISTS = 16


def answer_batch(lines: Iterable[str], engine: Engine) -> Iterator[str]:
    """One JSON object a question, in the same order.

    Raises:
        Refused: a line is not an object with a question; the text names the line's number.
    """
    engine.prepare()
    lists = _SentenceLists(engine.embedder)
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _answer_line(line, number, engine, lists)


def decoded(lines: Iterable[bytes]) -> Iterator[str]:
    """Lines of a UTF-8 file. Raises Refused: one is not; the text names the line's number."""
    for number, line in enumerate(lines, start=1):
        try:
            yield line.decode("utf-8")
        except UnicodeDecodeError:
            raise Refused("policy.batch_not_utf8", line=number) from None


def answer_as_json(answer: Answer, question_id: object = None) -> str:
    """The documented object: the same keys for one question and for a line of a batch."""
    return json.dumps(_fields(answer, question_id, answer.question), ensure_ascii=False)


def show_answer(
    answer: Answer, *, as_json: bool = False, summaries: Translations | None = None
) -> str:
    """The answer as text for a person, framed in the question's language, or as JSON.

    Who asks in Bangla also gets the section's summary, where the operator had one written.
    """
    if as_json:
        return answer_as_json(answer)
    parts = answer.parts or (answer,)
    return "\n\n".join(_framed(part, summaries, is_part=len(parts) > 1) for part in parts)


class _SentenceLists:
    """Batches repeat the same foreign policy: the last few are kept indexed."""

    def __init__(self, embedder: Embedder | None) -> None:
        self._embedder = embedder
        self._kept: dict[tuple[str, ...], SentenceList] = {}

    def of(self, sentences: tuple[str, ...]) -> SentenceList:
        if sentences not in self._kept:
            if len(self._kept) >= _KEPT_LISTS:
                self._kept.pop(next(iter(self._kept)))
            self._kept[sentences] = SentenceList(sentences, self._embedder)
        return self._kept[sentences]


def _answer_line(line: str, number: int, engine: Engine, lists: _SentenceLists) -> str:
    asked = _object(line, number)
    question = asked.get("question")
    if not isinstance(question, str):
        raise Refused("policy.batch_no_question", line=number)
    if "policy_sentences" in asked:
        sentences = _sentences(asked["policy_sentences"], number)
        answer = lists.of(sentences).ask(question, _count(asked.get("quotes", 3), number))
    else:
        answer = engine.ask(question)
    return json.dumps(_fields(answer, asked.get("id"), question), ensure_ascii=False)


def _object(line: str, number: int) -> dict[str, object]:
    try:
        found = json.loads(line.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        raise Refused("policy.batch_not_json", line=number) from None
    if not isinstance(found, dict):
        raise Refused("policy.batch_not_json", line=number)
    return found


def _sentences(value: object, number: int) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise Refused("policy.batch_bad_sentences", line=number)
    return tuple(value)


def _count(value: object, number: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= _MAX_QUOTES:
        raise Refused("policy.batch_bad_quotes", line=number)
    return value


def _fields(answer: Answer, question_id: object, question: str) -> dict[str, object]:
    return {
        "id": question_id,
        "question": _writable(question),
        "language": answer.language.value,
        "outcome": answer.outcome.value,
        "confidence": answer.confidence,
        "quotes": [_quote_fields(quote) for quote in answer.quotes],
        "policy_version": answer.policy_version,
    }


def _quote_fields(quote: Quote) -> dict[str, object]:
    return {
        "text": _writable(quote.text),
        "section": quote.section,
        "start": quote.start,
        "end": quote.end,
    }


def _writable(text: str) -> str:
    """A lone surrogate cannot be written as UTF-8: it becomes the replacement character."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _framed(answer: Answer, summaries: Translations | None, *, is_part: bool) -> str:
    language = Language.EN if answer.language is Tongue.ENGLISH else Language.BN
    lines = [say("policy.frame_part", language, question=answer.question)] if is_part else []
    lines.append(_frame(answer, language))
    leads = answer.shows_list and answer.group[0] == answer.quotes[0]
    shown = answer.group if leads else answer.quotes
    lines += [f"  {_writable(without_marks(quote.text))}" for quote in shown]
    if answer.quotes and answer.quotes[0].section:
        section = as_said(without_marks(answer.quotes[0].section))
        lines.append(say("policy.frame_section", language, section=section))
    lines += _summary(answer, language, summaries)
    if answer.outcome is not Outcome.ANSWER:
        lines.append(say("policy.frame_ask_person", language))
    return "\n".join(lines)


def without_marks(text: str) -> str:
    """Markdown's marks taken away, its words left: for eyes only, never in JSON."""
    for marks, words in MARKS:
        text = marks.sub(words, text)
    return text


def _summary(answer: Answer, language: Language, summaries: Translations | None) -> list[str]:
    if summaries is None or language is not Language.BN or not answer.quotes:
        return []
    summary = summaries.summary_of(answer.quotes[0].section)
    return [say("policy.frame_summary", language), f"  {summary}"] if summary else []


def _frame(answer: Answer, language: Language) -> str:
    if answer.outcome is Outcome.ANSWER:
        return say("policy.frame_answer", language)
    if answer.outcome is Outcome.CLOSEST:
        return say("policy.frame_closest", language)
    if answer.topic is None or answer.topic.id in {"instruction", "claim", "small_talk"}:
        return say("policy.frame_not_stated", language)
    topic = answer.topic.label(language.value)
    return say("policy.frame_not_stated_topic", language, topic=topic)
