"""A mutation is planted by symbol, wherever that lies and however it is laid out, or not at all."""

from pathlib import Path

import pytest

from tests.mutations import REMOVED, CannotPlant, mutant

DESK = """\
LIMITS = (3, 5)  # an hour, a day


class Desk:
    closed: bool = False

    def may(self, who: str, when: int) -> bool:
        \"\"\"Ünïcode is measured in bytes.\"\"\"
        äußert = who == "é" and (
            when  # a comment within
            < 10
        )
        return äußert and not self.closed


def may(who: str, when: int) -> bool:
    print(f"{who} asked")
    if when < 10:
        return who == "é"
    return len([who, *LIMITS]) < 10
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "bot" / "desk").mkdir(parents=True)
    (tmp_path / "bot" / "desk" / "doors.py").write_text(DESK, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("symbol", "edit", "was", "becomes"),
    [
        ("LIMITS", ("5", "50"), "(3, 5)", "(3, (50))"),
        ("may", ("*LIMITS", REMOVED), "*LIMITS", "*()"),
        ("Desk.may", ("not self.closed", "True"), "not self.closed", "(True)"),
        ("Desk.may", ("(when<10)", "True"), "when  # a comment within\n            < 10", "(True)"),
        ("Desk", ("closed: bool = False", "closed: bool"), "closed: bool = False", "closed: bool"),
        ("may", ('print(f"{who} asked")', "pass"), 'print(f"{who} asked")', "pass"),
        (
            "may",
            ("if when < 10: return who == 'é'", "if when:\n    return True"),
            'if when < 10:\n        return who == "é"',
            "if when:\n        return True",
        ),
    ],
)
def test_what_is_named_is_replaced_and_the_rest_of_the_file_stays(
    tree: Path, symbol: str, edit: tuple[str, str], was: str, becomes: str
):
    planted = mutant(tree, symbol, dict([edit]))

    assert DESK.count(was) == 1
    assert planted.text == DESK.replace(was, becomes)
    assert planted.file == Path("bot/desk/doors.py")


def test_several_edits_make_one_mutant(tree: Path):
    planted = mutant(tree, "may", {"when < 10": "True", "*LIMITS": REMOVED})

    assert "if (True):" in planted.text
    assert "[who, *()]" in planted.text


def test_a_symbol_is_found_where_its_module_has_moved_to(tree: Path):
    (tree / "handlers").mkdir()
    (tree / "bot" / "desk" / "doors.py").rename(tree / "handlers" / "listeners.py")

    assert mutant(tree, "Desk.may", {"not self.closed": "True"}).file == Path(
        "handlers/listeners.py"
    )


@pytest.mark.parametrize(
    ("symbol", "edits", "said"),
    [
        ("Desk.might", {"10": "11"}, "Desk.might is nowhere in the product: was it renamed?"),
        ("nowhere:may", {"*LIMITS": REMOVED}, "may is nowhere in the product: was it renamed?"),
        ("may", {"when > 10": "True"}, "`when > 10` is not in may (bot/desk/doors.py)"),
        ("may", {"*LIMITS": REMOVED, "9": "8"}, "`9` is not in may (bot/desk/doors.py)"),
        (
            "may",
            {"10": "11"},
            "`10` in may (bot/desk/doors.py) stands 2 times: name more of what is around it",
        ),
        (
            "LIMITS",
            {"(3, 5)": "(yield)"},
            "LIMITS (bot/desk/doors.py) would no longer be Python: 'yield' outside function",
        ),
    ],
)
def test_what_has_not_one_place_or_makes_no_python_is_not_planted(
    tree: Path, symbol: str, edits: dict[str, str], said: str
):
    with pytest.raises(CannotPlant) as refused:
        mutant(tree, symbol, edits)

    assert str(refused.value).startswith(said)


def test_of_two_modules_that_have_the_same_the_folder_or_module_must_be_named(tree: Path):
    (tree / "storage").mkdir()
    (tree / "storage" / "doors.py").write_text(DESK, encoding="utf-8")
    (tree / "storage" / "gates.py").write_text(DESK, encoding="utf-8")

    with pytest.raises(CannotPlant) as refused:
        mutant(tree, "may", {"*LIMITS": REMOVED})

    assert str(refused.value) == (
        "may has this in several modules: bot/desk/doors.py, storage/doors.py, storage/gates.py"
    )
    assert mutant(tree, "gates:may", {"*LIMITS": REMOVED}).file == Path("storage/gates.py")
    assert mutant(tree, "desk:may", {"*LIMITS": REMOVED}).file == Path("bot/desk/doors.py")
