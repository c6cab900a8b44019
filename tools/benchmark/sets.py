"""The bench's question sets, read from a folder that stays outside of the product."""

import json
import random
import runpy
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from bot.answering.document.policy_document import shipped_policy
from bot.domain.errors import Refused

_FIREFOX_COUNT = 250
_SEED = 7
_LESS = " less "


@dataclass(frozen=True, slots=True)
class Case:
    """A question, the sentences that answer it (none: the policy is silent), and its group."""

    question: str
    gold: frozenset[str]
    group: str

    @property
    def policy(self) -> str:
        """The policy the group was made from: what calibration leaves out at a time."""
        return self.group.split(_LESS)[0]


@dataclass(frozen=True, slots=True)
class RankingSet:
    """Questions over foreign sentence lists; a case's group names its list."""

    name: str
    lists: dict[str, tuple[str, ...]]
    cases: tuple[Case, ...]
    is_ours_only: bool = False
    """A set of many lists, too slow for every rival: only ours is measured on it."""


def own_cases(file: Path) -> tuple[Case, ...]:
    """Our own questions on the shipped policy, where the file is (it is no part of the wheel)."""
    if not file.is_file():
        return ()
    texts = [one.text for one in shipped_policy().sentences]
    rows = [json.loads(line) for line in _text(file).splitlines() if line.strip()]
    return tuple(
        Case(row["question"], frozenset(texts[at] for at in row["gold"]), row["lang"])
        for row in rows
    )


def policy_cases(folder: Path) -> tuple[Case, ...]:
    """The questions on the shipped policy; the group is the language."""
    lines = _text(folder / "policy-questions-dev.jsonl").splitlines()
    rows = [json.loads(line) for line in lines if line.strip()]
    return tuple(Case(row["question"], frozenset(row["gold"]), row["lang"]) for row in rows)


def ranking_sets(folder: Path) -> list[RankingSet]:
    """PrivacyQA as it is, damaged and harder; the Firefox pairs in Bangla and, if so, Banglish."""
    plain = privacyqa(folder)
    found = [plain, _damaged(plain, folder), _without_gold(plain), _firefox(folder, "bn", str)]
    romanize = _romanizer()
    if romanize is not None:
        found.append(_firefox(folder, "romanised", romanize))
    return found


def privacyqa(folder: Path) -> RankingSet:
    """The open half of PrivacyQA as it is."""
    table = json.loads(_text(folder / "privacyqa-open.json"))
    lists = {name: tuple(sentences) for name, sentences in table["docs"].items()}
    cases = tuple(
        Case(row["question"], frozenset(row["relevant"]), row["doc"]) for row in table["questions"]
    )
    return RankingSet("privacyqa", lists, cases)


def _damaged(plain: RankingSet, folder: Path) -> RankingSet:
    """The same questions with half of their longer words damaged, one seed for the whole set."""
    script = folder / "damage_words.py"
    _text(script)
    damage = cast("Callable[[str, random.Random], str]", runpy.run_path(str(script))["damage"])
    dice = random.Random(_SEED)  # noqa: S311 - a repeatable set, not a secret
    cases = tuple(Case(damage(one.question, dice), one.gold, one.group) for one in plain.cases)
    return RankingSet("privacyqa damaged", plain.lists, cases)


def _without_gold(plain: RankingSet) -> RankingSet:
    """The harder set: each answered question again, over its policy without the gold sentences."""
    lists: dict[str, tuple[str, ...]] = dict(plain.lists)
    cases = [one for one in plain.cases if one.gold]
    for at, one in enumerate(list(cases)):
        name = f"{one.group}{_LESS}{at}"
        lists[name] = tuple(text for text in plain.lists[one.group] if text not in one.gold)
        cases.append(Case(one.question, frozenset(), name))
    return RankingSet("privacyqa gold removed", lists, tuple(cases), is_ours_only=True)


def _firefox(folder: Path, spelling: str, spell: Callable[[str], str]) -> RankingSet:
    lines = _text(folder / "firefox_bn_en_privacy_pairs.jsonl").splitlines()
    dice = random.Random(_SEED)  # noqa: S311 - a repeatable set, not a secret
    rows = dice.sample([json.loads(line) for line in lines if line.strip()], _FIREFOX_COUNT)
    english = tuple(row["en"] for row in rows)
    same = {text: frozenset(t for t in english if t.lower() == text.lower()) for text in english}
    cases = tuple(Case(spell(row["bn"]), same[row["en"]], "firefox") for row in rows)
    return RankingSet(f"firefox {spelling}", {"firefox": english}, cases)


def _romanizer() -> Callable[[str], str] | None:
    """bangla-nlpkit is no dependency: the romanised set runs where somebody installed it."""
    try:
        from bangla_nlpkit.romanizer import (  # noqa: PLC0415  # pyright: ignore[reportMissingImports]
            romanize,
        )
    except ImportError:
        return None
    return cast("Callable[[str], str]", romanize)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        raise Refused("policy.bench_no_data", file=str(path)) from None
