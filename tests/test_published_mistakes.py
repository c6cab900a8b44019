"""Each published mistake can be planted, and is caught by a test that is there and is named."""

from pathlib import Path

import pytest

from tests.mutations import homes, mutant
from tests.published_mistakes import MISTAKES, Mistake

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda one: one.name)
def test_a_published_mistake_can_be_planted(mistake: Mistake):
    planted = mutant(ROOT, mistake.symbol, mistake.edits)

    assert planted.text != (ROOT / planted.file).read_text(encoding="utf-8")


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda one: one.name)
def test_a_published_mistake_names_one_place_of_the_product(mistake: Mistake):
    """By its symbol alone: a second one of that name, made later, cannot take its place."""
    assert len(homes(ROOT, mistake.symbol)) == 1


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda one: one.name)
def test_the_test_of_a_published_mistake_is_there_and_is_named(mistake: Mistake):
    file, _, name = mistake.test.partition("::")

    tests = (ROOT / file).read_text(encoding="utf-8")

    assert (
        not name
        or f"def {name}(" in tests
        or f"class {name}(" in tests
        or f"class {name}:" in tests
    )
    assert f"`{mistake.test}`" in PAGE
