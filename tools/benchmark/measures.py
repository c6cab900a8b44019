"""Runs the engine and its rivals over the sets, and measures."""

import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from bot.answering.abstention import Material, calibration
from bot.answering.engine import Engine, Outcome, SentenceList
from bot.answering.ranking.embedding import Embedder, Matrix
from bot.domain.errors import Refused
from tools.benchmark.fit import Judged
from tools.benchmark.metrics import auroc, brier, calibration_error, chance_error, interval
from tools.benchmark.rivals import Scorer, by_bm25, by_meaning, by_rapidfuzz
from tools.benchmark.sets import Case, RankingSet

Array = npt.NDArray[np.float64]
Order = list[str]


@dataclass(frozen=True, slots=True)
class Outcome1:
    """What one method did with one case."""

    case: Case
    order: Order
    confidence: float
    milliseconds: float
    answered: bool = False
    silent: bool = False


@dataclass(slots=True)
class Row:
    """One line of the bench: figures with their 95 % intervals, by name."""

    set: str
    method: str
    n: int
    figures: dict[str, tuple[float, float, float]] = field(default_factory=dict)

    def as_dict(self) -> dict[str, object]:
        figures = {
            name: {"value": _tidy(value), "low": _tidy(low), "high": _tidy(high)}
            for name, (value, low, high) in self.figures.items()
        }
        return {"set": self.set, "method": self.method, "n": self.n, "figures": figures}


def run_engine(engine: Engine, cases: Sequence[Case]) -> list[Outcome1]:
    """Ours on the shipped policy, outcome and all.

    Raises:
        Refused: a quote is not a verbatim slice of the policy.
    """
    engine.ask("warm up")
    found: list[Outcome1] = []
    for case in cases:
        started = time.perf_counter()
        answer = engine.ask(case.question)
        took = (time.perf_counter() - started) * 1000
        for quote in answer.quotes:
            if engine.document.text[quote.start : quote.end] != quote.text:
                raise Refused("policy.bench_not_verbatim")
        found.append(
            Outcome1(
                case,
                [quote.text for quote in answer.quotes],
                answer.confidence,
                took,
                answered=answer.outcome is Outcome.ANSWER,
                silent=answer.outcome is Outcome.NOT_STATED,
            )
        )
    return found


def run_lists(
    chosen: RankingSet,
    embedder: Embedder | None,
    *,
    uses_concepts: bool = True,
    is_timed: bool = True,
) -> list[Outcome1]:
    """Ours on foreign sentence lists.

    Raises:
        Refused: a returned sentence is none of the list.
    """
    indexed: dict[str, SentenceList] = {}
    found: list[Outcome1] = []
    for case in chosen.cases:
        if case.group not in indexed:
            sentences = chosen.lists[case.group]
            indexed[case.group] = SentenceList(sentences, embedder, uses_concepts=uses_concepts)
        ours = indexed[case.group]
        started = time.perf_counter()
        answer = ours.ask(case.question, len(ours.sentences))
        took = (time.perf_counter() - started) * 1000 if is_timed else float("nan")
        order = [quote.text for quote in answer.quotes]
        if not set(order) <= set(chosen.lists[case.group]):
            raise Refused("policy.bench_not_verbatim")
        found.append(Outcome1(case, order, answer.confidence, took))
    return found


def run_rival(chosen: RankingSet, make: Callable[[Sequence[str]], Scorer]) -> list[Outcome1]:
    """A rival on foreign sentence lists; its best score is its confidence."""
    scorers: dict[str, Scorer] = {}
    found: list[Outcome1] = []
    for case in chosen.cases:
        sentences = chosen.lists[case.group]
        scorer = scorers.setdefault(case.group, make(sentences))
        started = time.perf_counter()
        scores = scorer(case.question)
        took = (time.perf_counter() - started) * 1000
        order = [sentences[int(at)] for at in np.argsort(-scores, kind="stable")]
        found.append(Outcome1(case, order, float(scores.max(initial=0.0)), took))
    return found


def rivals(embedder: Embedder | None) -> Iterator[tuple[str, Callable[[Sequence[str]], Scorer]]]:
    """The rivals by name; the meaning model alone only where it is installed."""
    yield "rapidfuzz", by_rapidfuzz
    yield "BM25 stem", by_bm25
    if embedder is not None:
        yield "e5 alone", lambda sentences: by_meaning(sentences, embedder)


def ranking_row(name: str, method: str, done: Sequence[Outcome1]) -> Row:
    """MRR, R@1, R@3 over the answerable; AUROC of answerable or not; time."""
    row = Row(name, method, len(done))
    answerable = [one for one in done if one.case.gold]
    ranks = np.array([_rank(one) for one in answerable])
    _mean(row, "MRR", 1 / ranks)
    _mean(row, "R@1", (ranks <= 1).astype(float))
    _mean(row, "R@3", (ranks <= 3).astype(float))  # noqa: PLR2004 - the measure's own name
    _auroc(row, "AUROC", *_confidence(done))
    _time(row, done)
    return row


def add_calibration(row: Row, done: Sequence[Outcome1]) -> None:
    """Brier and ECE of the shipped confidence."""
    _calibrated(row, "", np.array([one.confidence for one in done]), _right(done))


def add_left_out(row: Row, judged: Judged, held: Array) -> None:
    """The honest figures: each confidence is of a model that has not seen that policy or fold."""
    _calibrated(row, " left-out", held, judged.right)
    chance = chance_error(held)
    row.figures["ECE by chance"] = (chance, chance, chance)
    _auroc(row, "AUROC left-out", held, judged.answerable > 0)


def _right(done: Sequence[Outcome1]) -> Array:
    return np.array([bool(one.order) and one.order[0] in one.case.gold for one in done], float)


def end_to_end_row(name: str, method: str, done: Sequence[Outcome1]) -> Row:
    """Right, wrong and neither; calibration; time.

    Right is a quote that is gold, and silence where the policy says nothing; wrong is any other
    quote. What is neither kept a client waiting and told nothing untrue.
    """
    row = Row(name, method, len(done))
    _mean(row, "right", np.array([_is_right(one) for one in done], float))
    _mean(row, "wrong", np.array([_is_wrong(one) for one in done], float))
    confidence, has_gold = _confidence(done)
    _auroc(row, "AUROC", confidence, has_gold)
    _calibrated(row, "", confidence, _right(done))
    _time(row, done)
    return row


def threshold_mark(done: Sequence[Outcome1], *, semantic: bool) -> tuple[str, float, float]:
    """Where the shipped threshold stands on the curve."""
    answered = [one for one in done if one.answered]
    wrong = sum(one.order[0] not in one.case.gold for one in answered)
    limit = calibration(Material.POLICY, semantic=semantic).answer_from
    return f"answer from {limit:.2f}", len(answered) / len(done), wrong / max(1, len(answered))


def peak_megabytes() -> float:
    """Peak resident memory of this process, in MiB (Linux counts in KiB, macOS in bytes)."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def _is_right(one: Outcome1) -> bool:
    if one.answered:
        return one.order[0] in one.case.gold
    return one.silent and not one.case.gold


def _is_wrong(one: Outcome1) -> bool:
    return one.answered and one.order[0] not in one.case.gold


def _rank(one: Outcome1) -> int:
    places = (at for at, text in enumerate(one.order, start=1) if text in one.case.gold)
    return next(places, len(one.order) + 1)


def _mean(row: Row, name: str, values: Array) -> None:
    if len(values):
        low, high = interval(len(values), lambda at: float(values[at].mean()))
        row.figures[name] = (float(values.mean()), low, high)


def _confidence(done: Sequence[Outcome1]) -> tuple[Array, npt.NDArray[np.bool_]]:
    confidence = np.array([one.confidence for one in done], float)
    return confidence, np.array([bool(one.case.gold) for one in done])


def _auroc(row: Row, name: str, shares: Array, has_gold: npt.NDArray[np.bool_]) -> None:
    if 0 < has_gold.sum() < len(has_gold):
        low, high = interval(len(shares), lambda at: auroc(shares[at], has_gold[at]))
        row.figures[name] = (auroc(shares, has_gold), low, high)


def _calibrated(row: Row, suffix: str, shares: Array, right: Array) -> None:
    for name, measure in (("Brier", brier), ("ECE", calibration_error)):
        low, high = interval(len(right), lambda at, m=measure: m(shares[at], right[at]))
        row.figures[name + suffix] = (measure(shares, right), low, high)


def _time(row: Row, done: Sequence[Outcome1]) -> None:
    times = np.array([one.milliseconds for one in done])
    if np.isnan(times).any():
        return
    for name, share in (("p50 ms", 0.5), ("p95 ms", 0.95)):
        value = float(np.quantile(times, share))
        row.figures[name] = (value, value, value)


def _tidy(value: float) -> float | None:
    return None if np.isnan(value) else round(value, 4)


class Remembering:
    """The embedder port over another one; times measured with it mean nothing."""

    def __init__(self, inner: Embedder) -> None:
        self._inner = inner
        self._known: dict[str, Matrix] = {}

    @property
    def name(self) -> str:
        return self._inner.name

    @property
    def is_ready(self) -> bool:
        return self._inner.is_ready

    def questions(self, texts: Sequence[str]) -> Matrix:
        for text in texts:
            if text not in self._known:
                self._known[text] = self._inner.questions([text])
        return np.vstack([self._known[text] for text in texts])

    def passages(self, texts: Sequence[str], *, wait: bool = False) -> Matrix | None:
        return self._inner.passages(texts, wait=wait)
