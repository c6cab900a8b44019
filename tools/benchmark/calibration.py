"""Confidence judged on questions that were left out, and fitted on all of them to be shipped."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bot.answering.abstention import Material, Signals, calibration, signals_of
from bot.answering.document.policy_document import shipped_policy
from bot.answering.engine import Engine, SentenceList
from bot.answering.language.presuppositions import puts_words
from bot.answering.ranking.embedding import Embedder
from bot.answering.ranking.ranker import Ranking
from tools.benchmark.fit import Fit, Judged, fit_confidence, fit_right, out_of_sample
from tools.benchmark.metrics import Array
from tools.benchmark.sets import Case, RankingSet

FOLDS = 10

CHOSEN = {
    (Material.POLICY, True): ("match", "cover", "inside", "grams"),
    (Material.POLICY, False): ("match", "cover", "inside", "grams"),
    (Material.SENTENCES, True): ("support", "grams", "stated", "brevity"),
    (Material.SENTENCES, False): ("support", "grams", "brevity"),
}
"""Which signals are weighed; the fit may still give one of them nothing."""
_FITS: dict[Material, Fit] = {
    Material.POLICY: fit_right,
    Material.SENTENCES: fit_confidence,
}


def judge_own(cases: Sequence[Case], embedder: Embedder | None) -> Judged:
    """Our own questions on the shipped policy, in folds; orders and claims are decided by form."""
    engine = Engine(shipped_policy(), embedder)
    engine.prepare()
    texts = [one.text for one in engine.document.sentences]
    weighed = [(case, engine.weigh(case.question)) for case in cases]
    kept = [
        (case, ranking, texts[int(ranking.order[0])])
        for case, ranking in weighed
        if not puts_words(case.question, texts[int(ranking.order[0])])
    ]
    return _judged(kept, Material.POLICY, [at % FOLDS for at in range(len(kept))])


def judge_lists(chosen: RankingSet, embedder: Embedder | None) -> Judged:
    """Questions on foreign policies, each policy a group."""
    lists = {name: SentenceList(texts, embedder) for name, texts in chosen.lists.items()}
    kept: list[tuple[Case, Ranking, str]] = []
    for case in chosen.cases:
        answer, ranking = lists[case.group].ask_closely(case.question, 1)
        kept.append((case, ranking, answer.quotes[0].text))
    return _judged(kept, Material.SENTENCES, [case.policy for case in chosen.cases])


def left_out(judged: Judged, material: Material) -> Array:
    """Each question's confidence by a model that has not seen its policy, or its fold."""
    return out_of_sample(judged, _FITS[material])


def write_calibration(
    target: Path, own: Sequence[Case], foreign: RankingSet, embedder: Embedder
) -> None:
    """Fit all four models anew and write them; the thresholds stay as they are shipped."""
    table: dict[str, dict[str, object]] = {}
    for material in Material:
        table[material] = {}
        for mode, model in (("semantic", embedder), ("words", None)):
            judged = (
                judge_own(own, model)
                if material is Material.POLICY
                else judge_lists(foreign, model)
            )
            table[material][mode] = _fitted(material, judged, is_semantic=model is not None)
    target.write_text(json.dumps(table, indent=2) + "\n", encoding="utf-8")


def _fitted(material: Material, judged: Judged, *, is_semantic: bool) -> dict[str, object]:
    slopes, bias = _FITS[material](judged)
    names = CHOSEN[material, is_semantic]
    shipped = calibration(material, semantic=is_semantic)
    return {
        "coefficients": {
            name: round(float(slope), 3) for name, slope in zip(names, slopes, strict=True)
        },
        "bias": round(bias, 3),
        "answer_from": shipped.answer_from,
        "closest_from": shipped.closest_from,
    }


def _judged(
    kept: Sequence[tuple[Case, Ranking, str]], material: Material, groups: Sequence[object]
) -> Judged:
    rows = [_row(material, ranking) for _, ranking, _ in kept]
    answerable = [float(bool(case.gold)) for case, _, _ in kept]
    right = [float(first in case.gold) for case, _, first in kept]
    return Judged(np.array(rows), np.array(answerable), np.array(right), groups)


def _row(material: Material, ranking: Ranking) -> tuple[float, ...]:
    signals: Signals = signals_of(ranking)
    return tuple(getattr(signals, name) for name in CHOSEN[material, ranking.is_semantic])
