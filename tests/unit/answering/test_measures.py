"""Calibration, metrics, training and data files."""

import math
from pathlib import Path

import numpy as np
import pytest

from bot.answering.abstention import SIGNALS, Calibration, Material, Signals, calibration
from bot.answering.concepts import concepts, labels
from bot.answering.document.policy_document import parse_policy, shipped_policy
from bot.answering.document.translations import parse_translations, read_translations
from bot.answering.language.presuppositions import (
    asks_for_a_measure,
    is_claim,
    is_order,
    puts_words,
)
from bot.answering.ranking.concept_classifier import heads, pack, softmax
from bot.answering.ranking.score_fusion import Evidence, fuse
from bot.domain.errors import Refused
from tools.benchmark.fit import (
    Judged,
    fit_confidence,
    fit_monotone,
    fit_right,
    joined,
    out_of_sample,
)
from tools.benchmark.metrics import (
    auroc,
    brier,
    calibration_error,
    chance_error,
    interval,
    risk_coverage,
)
from tools.train_concepts import digest_of, fit, train


def test_the_shipped_readers_were_trained_on_the_shipped_examples():
    assert heads().digest == digest_of(concepts())


def test_every_concept_has_both_labels_and_questions_in_three_scripts():
    for concept in concepts():
        assert concept.label("en")
        assert concept.label("bn")
        assert any("\u0980" <= char <= "\u09ff" for ask in concept.asks for char in ask)
        assert concept.is_outside or concept.says
        assert concept.broader is None or concept.broader in labels()


def test_the_concepts_name_no_company_and_quote_no_policy():
    lines = {line.lower() for one in concepts() for line in (*one.says, *one.asks)}

    assert not any("smartisp" in line for line in lines)
    assert not lines & {one.text.lower() for one in shipped_policy().sentences}


def test_no_signal_counts_against_an_answer():
    for kind in Material:
        for semantic in (True, False):
            shipped = calibration(kind, semantic=semantic)
            assert all(value >= 0 for value in shipped.coefficients.values())
            assert set(shipped.coefficients) <= set(SIGNALS)
            assert 0 < shipped.closest_from < shipped.answer_from < 1


def signals(value: float) -> Signals:
    return Signals(*(value for _ in SIGNALS))


def test_more_of_a_signal_never_lowers_the_probability():
    model = Calibration({"match": 1.0, "cover": 0.0, "stated": 2.0}, -1.0, 0.5, 0.2)

    assert model.probability(signals(0.1)) < model.probability(signals(0.9))
    assert model.probability(signals(1e9)) <= 1
    assert model.row_of(signals(0.5)) == (0.5, 0.5, 0.5)


def judged(count: int = 200) -> Judged:
    dice = np.random.default_rng(1)
    rows = dice.normal(size=(count, 2))
    answerable = (rows[:, 0] - rows[:, 1] > 0).astype(float)
    right = answerable * (np.arange(count, dtype=np.float64) % 2)
    return Judged(rows, answerable, right, [at % 5 for at in range(count)])


def test_a_fit_learns_the_signal_and_never_a_negative_weight():
    known = judged()

    slopes, _ = fit_monotone(known.rows, known.answerable)
    lighter, _ = fit_right(known)

    assert slopes[0] > 0
    assert slopes[1] == lighter[1] == 0


def test_confidence_is_ordered_by_what_is_answerable_and_scaled_to_what_is_right():
    known = judged()

    held = out_of_sample(known)
    slopes, bias = fit_confidence(known)
    shares = 1 / (1 + np.exp(-(known.rows @ slopes + bias)))

    assert auroc(held, known.answerable > 0) > 0.7
    assert held.mean() == pytest.approx(known.right.mean(), abs=0.05)
    assert shares.mean() == pytest.approx(known.right.mean(), abs=0.02)


def test_areas_and_errors_are_what_their_names_say():
    shares, right = np.array([0.9, 0.8, 0.3, 0.1]), np.array([1.0, 0.0, 1.0, 0.0])

    assert auroc(shares, right > 0) == 0.75
    assert math.isnan(auroc(shares, np.ones(4, bool)))
    assert brier(shares, right) == pytest.approx(0.2875)
    assert calibration_error(shares, right, bins=2) == pytest.approx(0.325)
    coverage, risk = risk_coverage(shares, right)
    assert coverage.tolist() == [0.25, 0.5, 0.75, 1.0]
    assert risk.tolist() == pytest.approx([0, 0.5, 1 / 3, 0.5])


def test_even_a_perfect_forecast_of_few_questions_errs_by_chance():
    few, many = np.full(50, 0.5), np.full(1_000, 0.5)

    assert chance_error(np.ones(50)) == 0
    assert chance_error(many) < chance_error(few) < 0.3


def test_an_interval_holds_the_value_and_is_the_same_every_time():
    values = np.arange(100) / 100
    once = interval(100, lambda at: float(values[at].mean()))

    assert once[0] < values.mean() < once[1]
    assert once == interval(100, lambda at: float(values[at].mean()))
    assert all(math.isnan(value) for value in interval(3, lambda at: float("nan") * at[0]))


def test_training_separates_what_can_be_separated():
    table = np.eye(3, dtype=np.float32)
    labels_ = np.array([0, 1, 2])

    slopes, bias = fit(table, labels_, np.ones(3, np.float32), steps=200, decay=1e-4)

    assert softmax(table @ slopes + bias).argmax(axis=1).tolist() == [0, 1, 2]


def test_packed_weights_keep_their_values_to_a_hundredth():
    matrix = np.array([[0.5, -2.0], [1.0, 4.0]], dtype=np.float32)
    packed, scale = pack(matrix)

    assert np.abs(packed * scale - matrix).max() < 0.02


def test_trained_readers_are_written_and_say_what_made_them(tmp_path: Path, monkeypatch):
    few = concepts()[:3]
    monkeypatch.setattr("tools.train_concepts.concepts", lambda: few)
    monkeypatch.setattr("tools.train_concepts._WORD_STEPS", 1)
    monkeypatch.setattr("tools.train_concepts._MEANING_STEPS", 1)
    target = tmp_path / "heads.npz"

    train(target, embed, embed, "fake/1")

    with np.load(target) as stored:
        assert str(stored["model"]) == "fake/1"
        assert str(stored["digest"]) == digest_of(few)
        assert stored["meaning"].shape == (4, 3)


def embed(texts):
    return np.ones((len(texts), 4), dtype=np.float32)


@pytest.mark.parametrize(
    ("message", "forms"),
    [
        ("Say that you sell data", {"order"}),
        ("Please confirm whether you sell data", set()),
        ("You keep data for ten years, right?", {"claim"}),
        ("Do you sell data?", set()),
    ],
)
def test_orders_and_claims_are_told_from_questions(message: str, forms: set[str]):
    assert is_order(message) is ("order" in forms)
    assert is_claim(message) is ("claim" in forms)


def test_a_claim_stands_only_with_a_quote_of_the_same_polarity_and_numbers():
    assert puts_words("You sell data, right?", "We do not sell data.")
    assert not puts_words("You do not sell data, right?", "We do not sell data.")
    assert puts_words("You keep it for 10 years, right?", "We keep it for 2 years.")
    assert not puts_words("Do you keep it for 10 years?", "We keep it for 2 years.")


@pytest.mark.parametrize(
    "message",
    [
        "Since you sell my data, how do I stop it?",
        "Now that the policy allows ads, where do they show?",
        "যেহেতু আপনারা তথ্য বিক্রি করেন, কীভাবে থামাব?",
        "jehetu apnara data bikri koren, ki korbo",
    ],
)
def test_what_is_taken_for_granted_is_not_borne_out_by_answering_the_rest(message: str):
    assert puts_words(message, "You can request us to erase it.")
    assert not puts_words("Since I left you, do you erase it?", "You can request us to erase it.")


@pytest.mark.parametrize(
    ("question", "missed"),
    [
        ("Is it kept for 90 days?", True),
        ("৩ নয়, 2 বছর রাখেন?", True),
        ("Is it kept for 12 months?", False),
        ("Can a 3rd party see it?", False),
    ],
)
def test_a_period_that_the_quote_lacks_is_missed(question: str, *, missed: bool):
    assert asks_for_a_measure(question, "We keep it for 12 months.") is missed


def test_a_telephone_or_an_account_is_no_number_that_a_claim_is_about():
    assert not puts_words("You do not sell 01711000101, right?", "We do not sell data.")
    assert puts_words("You do not sell 5000 of them, right?", "We do not sell data.")


def test_a_question_like_what_policies_state_is_nearer_to_statements():
    width = heads().statements.shape[1]
    stated = heads().statements[0].astype(np.float32)

    near = heads().likeness_to_statements(stated / np.linalg.norm(stated))
    nothing = heads().likeness_to_statements(np.zeros(width, dtype=np.float32))

    assert near == pytest.approx(1, abs=0.05)
    assert nothing == 0


def test_sets_are_measured_together_with_their_own_groups():
    known = judged(20)

    both = joined([known, known.where(known.answerable > 0)])

    assert len(both.right) == 20 + int(known.answerable.sum())
    assert len(both.groups) == len(both.right)


def evidence(meaning, *, is_english=True):
    flat = np.zeros(3, dtype=np.float32)
    return Evidence(
        words=flat,
        grams=flat,
        match=np.array([0.1, 0.2, 0.9], dtype=np.float32),
        meaning=meaning,
        certainty=0.5,
        glossed=0.5,
        is_english=is_english,
    )


def test_concepts_rank_without_meaning_and_meaning_can_overrule_them():
    far = np.array([9.0, 0.0, 0.0], dtype=np.float32)

    assert fuse(evidence(None)).argmax() == 2
    assert fuse(evidence(far, is_english=False)).shape == (3,)


def test_reviewed_summaries_are_found_by_heading():
    translations = parse_translations("# intro\n\n## How long;\n\nযতদিন দরকার।\n", name="bn.md")

    assert translations.summary_of("How  long?") == "যতদিন দরকার।"
    assert translations.summary_of("Other") is None
    assert translations.summary_of(None) is None


def test_headings_that_the_policy_lacks_are_named():
    translations = parse_translations("## Gone\nx\n", name="bn.md")

    assert translations.unknown_headings(parse_policy("# Here\n\nText is here.\n")) == ("gone",)


@pytest.mark.parametrize(
    ("text", "line"), [("text first\n", 1), ("## A\n\n## B\nx\n", 1), ("## A\nx\n## A\ny\n", 3)]
)
def test_a_part_without_heading_or_text_is_refused_by_line(text: str, line: int):
    with pytest.raises(Refused) as caught:
        parse_translations(text, name="bn.md")

    assert caught.value.params["line"] == line


def test_an_unreadable_translations_file_is_refused(tmp_path: Path):
    bad, big, good = tmp_path / "bad.md", tmp_path / "big.md", tmp_path / "good.md"
    bad.write_bytes(b"\xff")
    big.write_bytes(b"a" * 2_000_000)
    good.write_text("## A\nx\n", encoding="utf-8")

    assert read_translations(good).summaries == {"a": "x"}
    for path in (bad, big, tmp_path / "none.md"):
        with pytest.raises(Refused):
            read_translations(path)
