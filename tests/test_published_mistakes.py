"""Each published mistake can be planted, and is caught by a test that is there and is named."""

from pathlib import Path

import pytest

from tests.published_mistakes import MISTAKES, Mistake

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda one: one.name)
def test_a_published_mistake_can_be_planted_and_its_test_is_named(mistake: Mistake):
    file, _, name = mistake.test.partition("::")

    text = (ROOT / mistake.file).read_text(encoding="utf-8")
    tests = (ROOT / file).read_text(encoding="utf-8")

    assert text.count(mistake.old) == 1, f"{mistake.file} has changed: plant it elsewhere"
    assert (
        not name
        or f"def {name}(" in tests
        or f"class {name}(" in tests
        or f"class {name}:" in tests
    )
    assert f"`{mistake.test}`" in PAGE
