"""`privacydesk bench`: how good the answers are, beside simpler ways, with honest intervals."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np

from bot.policy.answering import Engine
from bot.policy.document import shipped_policy
from bot.policy.embedding import Embedder
from bot.policy.metrics import risk_coverage
from bot.policy.training import train
from handlers.console.benching import measuring
from handlers.console.benching.measuring import Outcome1, Row
from handlers.console.benching.plot import Curve, risk_coverage_svg
from handlers.console.benching.sets import RankingSet, policy_cases, ranking_sets
from handlers.console.output import refusals, tell
from handlers.embedding import load_embedder

_EVAL = Path("../shared/eval")


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


def run_bench(folder: Path, embedder: Embedder | None) -> Bench:
    """Run every set with and without the meaning model.

    Raises:
        Refused: a set is missing, or a returned sentence is not the policy's own.
    """
    rows, curves, mark = _on_the_policy(folder, embedder)
    for chosen in ranking_sets(folder):
        rows += _on_lists(chosen, embedder)
    plot = risk_coverage_svg(curves, [mark])
    mode = embedder.name if embedder is not None else "words only"
    return Bench(tuple(rows), plot, measuring.peak_megabytes(), mode)


def _on_the_policy(
    folder: Path, embedder: Embedder | None
) -> tuple[list[Row], list[Curve], tuple[str, float, float]]:
    cases = policy_cases(folder)
    rows: list[Row] = []
    curves: list[Curve] = []
    mark = ("", 0.0, 0.0)
    for method, model in _ways(embedder):
        engine = Engine(shipped_policy(), model)
        engine.prepare()
        done = measuring.run_engine(engine, cases)
        rows += _by_language(method, done)
        curves.append((method, *_curve(done)))
        mark = measuring.threshold_mark(done, semantic=model is not None)
    silent = [Outcome1(one, [], 0.0, 0.0, silent=True) for one in cases]
    rows.append(measuring.end_to_end_row("policy all", "always abstain", silent))
    return rows, curves, mark


def _ways(embedder: Embedder | None) -> list[tuple[str, Embedder | None]]:
    ways: list[tuple[str, Embedder | None]] = [("ours, words only", None)]
    return ways if embedder is None else [*ways, ("ours", embedder)]


def _by_language(method: str, done: Sequence[Outcome1]) -> list[Row]:
    rows = [measuring.end_to_end_row("policy all", method, done)]
    for language in sorted({one.case.group for one in done}):
        part = [one for one in done if one.case.group == language]
        rows.append(measuring.end_to_end_row(f"policy {language}", method, part))
    return rows


def _on_lists(chosen: RankingSet, embedder: Embedder | None) -> list[Row]:
    rows: list[Row] = []
    ways = _ways(embedder)
    for method, model in ways[-1:] if chosen.is_ours_only else ways:
        done = measuring.run_lists(chosen, model)
        row = measuring.ranking_row(chosen.name, method, done)
        measuring.add_calibration(row, done)
        rows.append(row)
    if chosen.is_ours_only:
        return rows
    without = measuring.run_lists(chosen, embedder, uses_concepts=False)
    rows.append(measuring.ranking_row(chosen.name, "ours without concepts", without))
    for name, make in measuring.rivals(embedder):
        rows.append(measuring.ranking_row(chosen.name, name, measuring.run_rival(chosen, make)))
    return rows


def _curve(done: Sequence[Outcome1]) -> tuple[measuring.Array, measuring.Array]:
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
    "--eval", "folder", type=click.Path(path_type=Path), default=_EVAL, help="Folder of the sets."
)
@refusals
def answers(folder: Path, plot: Path | None, *, as_json: bool) -> None:
    """Rank, answer and abstain on every set, beside simpler methods.

    Exits with 1 when a returned sentence is not the policy's own.

    \b
    Example: privacydesk bench answers --plot risk.svg
    """
    done = run_bench(folder, load_embedder())
    if plot is not None:
        plot.write_text(done.plot, encoding="utf-8")
    click.echo(done.as_json() if as_json else table_of(done))


@bench.command("train")
@click.argument("target", type=click.Path(path_type=Path))
@refusals
def train_readers(target: Path) -> None:
    """Train the concept readers from the concepts' examples and write them to TARGET.

    \b
    Example: privacydesk bench train bot/policy/data/concept-heads.npz
    """
    embedder = load_embedder()
    if embedder is None or embedder.passages(["."], wait=True) is None:
        tell("The meaning model is not installed here; training needs it.")
        raise SystemExit(3)
    train(target, embedder.questions, embedder.embed_statements, embedder.name)


COMMANDS = (bench,)
