"""The concepts of privacy: what policies say of them, what people ask (reviewed data files)."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Concept:
    """One topic. `broader` also answers for it; `is_outside` marks what policies never speak of."""

    id: str
    label_en: str
    label_bn: str
    broader: str | None
    is_outside: bool
    says: tuple[str, ...]
    asks: tuple[str, ...]

    def label(self, language: str) -> str:
        """In Bangla for who reads it, else in English."""
        return self.label_bn if language == "bn" else self.label_en


@cache
def concepts() -> tuple[Concept, ...]:
    """All concepts in a fixed order: by file name, then as written."""
    folder = resources.files("bot.answering") / "data" / "concepts"
    found: list[Concept] = []
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
            table = tomllib.loads(file.read_text(encoding="utf-8"))
            found.extend(_concept(key, value) for key, value in table.items())
    return tuple(found)


@cache
def labels() -> dict[str, Concept]:
    return {concept.id: concept for concept in concepts()}


def _concept(key: str, table: dict[str, str | bool]) -> Concept:
    def lines(name: str) -> tuple[str, ...]:
        return tuple(line.strip() for line in str(table.get(name, "")).splitlines() if line.strip())

    return Concept(
        id=key,
        label_en=str(table["en"]),
        label_bn=str(table["bn"]),
        broader=str(table["broader"]) if "broader" in table else None,
        is_outside=bool(table.get("outside", False)),
        says=lines("says"),
        asks=(*lines("ask_en"), *lines("ask_bn"), *lines("ask_latn")),
    )
