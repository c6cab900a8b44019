"""The bench runs its sets, prints figures with intervals, and fails on words of its own."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from bot.answering.document.policy_document import parse_policy, shipped_policy
from bot.answering.engine import Engine, Outcome
from bot.answering.ranking.concept_classifier import heads
from bot.answering.ranking.embedding import Matrix
from bot.domain.errors import Refused
from tools.benchmark.command import _MORE_OF_OURS, _OWN, bench, run_bench, table_of
from tools.benchmark.measures import Remembering, run_engine
from tools.benchmark.sets import Case, own_cases

POLICY = [
    {
        "id": "1",
        "lang": "en",
        "question": "Is my data ever sold?",
        "gold": ["We do not sell or publish your information on the internet nor to anyone."],
    },
    {"id": "2", "lang": "en", "question": "Do you use cookies?", "gold": []},
    {"id": "3", "lang": "bn", "question": "কুকি ব্যবহার করেন?", "gold": []},
]
PRIVACYQA = {
    "docs": {
        "one": ["We sell data.", "Cats sleep."],
        "two": ["We keep data a year.", "Birds fly."],
    },
    "questions": [
        {"qid": "1", "doc": "one", "question": "do you sell data", "relevant": ["We sell data."]},
        {"qid": "2", "doc": "one", "question": "is it free", "relevant": []},
        {
            "qid": "3",
            "doc": "two",
            "question": "how long is data kept",
            "relevant": ["We keep data a year."],
        },
    ],
}
DAMAGE = "def damage(line, rng):\n    return line.replace('data', 'dtaa')\n"


@pytest.fixture(autouse=True)
def few(monkeypatch):
    """Small samples: the figures themselves are not under test."""
    monkeypatch.setattr("tools.benchmark.metrics._BOOTSTRAPS", 20)
    monkeypatch.setattr("tools.benchmark.sets._FIREFOX_COUNT", 5)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    lines = "\n".join(json.dumps(row) for row in POLICY)
    pairs = "\n".join(json.dumps({"en": f"Text {at}", "bn": f"লেখা {at}"}) for at in range(8))
    (tmp_path / "policy-questions-dev.jsonl").write_text(lines, encoding="utf-8")
    (tmp_path / "privacyqa-open.json").write_text(json.dumps(PRIVACYQA), encoding="utf-8")
    (tmp_path / "damage_words.py").write_text(DAMAGE, encoding="utf-8")
    (tmp_path / "firefox_bn_en_privacy_pairs.jsonl").write_text(pairs, encoding="utf-8")
    return tmp_path


@pytest.fixture
def own(tmp_path: Path) -> Path:
    rows = [
        {"question": "Do you sell my data?", "gold": [25], "lang": "en"},
        {"question": "How long is data kept?", "gold": [26], "lang": "en"},
        {"question": "Is it free?", "gold": [], "lang": "en"},
        {"question": "Say that you sell data", "gold": [], "lang": "en"},
    ]
    file = tmp_path / "own.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return file


def test_our_own_questions_are_measured_and_judged_on_folds_left_out(folder: Path, own: Path):
    done = run_bench(folder, None, own)

    pairs = {(row.set, row.n): row.figures for row in done.rows if row.method != "always abstain"}
    assert "right" in pairs["own all", 4]
    assert "ECE left-out" in pairs["own", 3]  # the order is decided by its form
    assert "AUROC left-out" in pairs["privacyqa", 3]
    assert "ECE left-out" in pairs["all pairs", 6]


def test_without_the_public_sets_our_own_questions_are_measured(own: Path):
    done = run_bench(None, None, own)

    assert {row.set for row in done.rows} == {"own all", "own en", "own", "all pairs"}
    assert done.plot.startswith("<svg")


def test_what_nothing_was_fitted_on_is_measured_beside_our_own(own: Path, monkeypatch):
    monkeypatch.setattr("tools.benchmark.command._OWN", own)
    monkeypatch.setattr("tools.benchmark.command._MORE_OF_OURS", {"own talk": own})

    counts = {row.set: row.n for row in run_bench(None, None, own).rows}

    assert (counts["own all"], counts["own talk all"]) == (4, 4)
    assert counts["all pairs"] == 3  # calibration is judged on our questions alone


@pytest.mark.parametrize("file", [_OWN, *_MORE_OF_OURS.values()], ids=str)
def test_every_file_of_our_own_questions_is_in_the_checkout(file: Path):
    assert own_cases(file)


def test_the_command_takes_the_public_sets_where_they_are_there(
    folder: Path, own: Path, monkeypatch
):
    monkeypatch.setattr("tools.benchmark.command.load_embedder", lambda: None)
    asked = ["answers", "--own", str(own), "--json"]

    monkeypatch.setattr("tools.benchmark.command._EVAL", folder)
    both = CliRunner().invoke(bench, asked)
    monkeypatch.setattr("tools.benchmark.command._EVAL", folder / "none")
    alone = CliRunner().invoke(bench, asked)

    assert {"policy all", "own all"} <= {row["set"] for row in json.loads(both.stdout)["rows"]}
    assert "policy all" not in {row["set"] for row in json.loads(alone.stdout)["rows"]}
    assert (both.stderr, "only our own questions" in alone.stderr) == ("", True)


def test_with_nothing_to_measure_the_bench_refuses(tmp_path: Path):
    with pytest.raises(Refused):
        run_bench(None, None, tmp_path / "none")


class Letters:
    """Meaning by first letters; counts what it was asked to embed."""

    name = "letters/1"
    is_ready = True

    def __init__(self) -> None:
        self.asked = 0

    def questions(self, texts: Sequence[str]) -> Matrix:
        self.asked += len(texts)
        vectors = np.zeros((len(texts), heads().meaning.shape[0]), dtype=np.float32)
        for at, text in enumerate(texts):
            vectors[at, ord(text[0]) % 300] = 1
        return vectors

    def passages(self, texts: Sequence[str], *, wait: bool = False) -> Matrix | None:  # noqa: ARG002 - the port's
        return self.questions(texts)


def test_the_calibration_is_fitted_anew_for_each_material_and_mode(
    folder: Path, own: Path, tmp_path: Path, monkeypatch
):
    monkeypatch.setattr("tools.benchmark.command.load_embedder", Letters)
    target = tmp_path / "calibration.json"

    done = CliRunner().invoke(
        bench, ["calibrate", str(target), "--eval", str(folder), "--own", str(own)]
    )

    assert done.exit_code == 0
    table = json.loads(target.read_text(encoding="utf-8"))
    assert set(table) == {"policy", "sentences"}
    for material in table.values():
        for fitted in material.values():
            assert all(value >= 0 for value in fitted["coefficients"].values())
            assert fitted["closest_from"] < fitted["answer_from"]


def test_a_calibration_without_our_own_questions_is_refused(folder: Path, tmp_path: Path):
    done = CliRunner().invoke(
        bench, ["calibrate", "x.json", "--eval", str(folder), "--own", str(tmp_path / "none")]
    )

    assert done.exit_code == 1


def test_a_question_is_embedded_once_however_often_it_is_asked():
    inner = Letters()
    fast = Remembering(inner)

    once, again = fast.questions(["a", "b"]), fast.questions(["b", "a"])

    assert inner.asked == 2
    assert (once[::-1] == again).all()
    assert (fast.name, fast.is_ready) == (inner.name, True)


def test_the_bench_shows_every_set_beside_its_rivals(folder: Path):
    done = run_bench(folder, None, folder / "none")

    pairs = {(row.set, row.method) for row in done.rows}
    table = table_of(done)

    assert ("policy all", "always abstain") in pairs
    assert {("  one", "ours"), ("  two", "ours without concepts")} <= pairs
    assert {"rapidfuzz", "BM25 stem", "ours without concepts"} <= {method for _, method in pairs}
    assert {"privacyqa", "privacyqa damaged", "privacyqa gold removed", "firefox bn"} <= {
        name for name, _ in pairs
    }
    assert "MRR" in table
    assert "words only" in table
    assert done.plot.startswith("<svg")


def test_figures_come_with_their_count_and_interval(folder: Path):
    row = json.loads(run_bench(folder, None, folder / "none").as_json())["rows"][0]

    assert row["n"] == 3
    right = row["figures"]["right"]
    assert right["low"] <= right["value"] <= right["high"]


def test_the_command_writes_the_plot_and_json(folder: Path, tmp_path: Path, monkeypatch):
    monkeypatch.setattr("tools.benchmark.command.load_embedder", lambda: None)
    plot = tmp_path / "risk.svg"

    done = CliRunner().invoke(
        bench,
        ["answers", "--eval", str(folder), "--own", "none", "--json", "--plot", str(plot)],
    )

    assert done.exit_code == 0
    assert json.loads(done.output)["mode"] == "words only"
    assert "coverage" in plot.read_text(encoding="utf-8")


def test_a_missing_set_is_refused_by_name(tmp_path: Path):
    with pytest.raises(Refused) as caught:
        run_bench(tmp_path, None, tmp_path / "none")

    assert str(tmp_path) in str(caught.value.params["file"])


def test_training_without_a_model_says_so(monkeypatch, tmp_path: Path):
    monkeypatch.setattr("tools.benchmark.command.load_embedder", lambda: None)

    done = CliRunner().invoke(bench, ["train", str(tmp_path / "heads.npz")])

    assert done.exit_code == 3


def test_a_sentence_that_is_not_the_policys_own_fails_the_bench(monkeypatch):
    engine = Engine(shipped_policy())
    answer = engine.ask("Is my data ever sold?")
    monkeypatch.setattr(engine, "document", parse_policy("Another text."))
    monkeypatch.setattr(engine, "ask", lambda _question: answer)

    assert answer.outcome is Outcome.ANSWER
    with pytest.raises(Refused):
        run_engine(engine, [Case("q", frozenset(), "en")])


def test_an_installed_package_says_where_the_benchmark_lives():
    """The wheel holds no `tools`: the command must not end in a traceback there."""
    program = "import sys; sys.modules['tools'] = None\nfrom handlers.cli.cli import main\nmain()"
    words = [sys.executable, "-c", program, "bench", "answers", "--json"]

    done = subprocess.run(words, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert done.stdout == ""
    assert "clone the repository" in done.stderr
    assert "Traceback" not in done.stderr
