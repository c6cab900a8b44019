"""The house stays one that a newcomer finds their way in: small rooms, each name for one thing.

`python -m tests.structure` prints the figures of today.
"""

from pathlib import Path

import pytest

from tests import structure
from tests.structure import House

ROLE_NAMES = {
    "events": "each noun of the domain says what happened to it",
    "states": "each noun of the domain with a life has its states",
    "queries": "each room of use cases has what is only looked at",
    "people": "a noun has its tables in storage/models, its queries in storage/repositories",
    "policy": "likewise",
    "requests": "likewise",
    "tickets": "likewise",
    "changes": "each stand-in tells the page what changed on it",
    "faults": "each stand-in can be told to fail",
    "files": "each stand-in keeps files, and the page shows them",
    "rates": "each stand-in counts calls as its platform does",
    "record": "each stand-in keeps what it was asked",
    "refusals": "each stand-in refuses as its platform does",
    "server": "each stand-in is a server, and so is the page",
}
"""Module names that may stand twice in a tree, since each is a part that every noun or edge has."""
ROLE_CLASSES = {
    "Call": "each stand-in keeps the calls it had",
    "Changes": "each stand-in tells the page what changed on it",
    "Fault": "each stand-in can be told to fail",
    "Faults": "likewise",
    "Files": "each stand-in keeps files",
    "Rates": "each stand-in counts calls as its platform does",
    "Record": "each stand-in keeps what it was asked",
    "Violation": "each stand-in counts what its platform would have refused",
}
"""Class names that may stand in two files of a tree, likewise."""
SMALL = {
    "bot/application/conversation/erasures/late_copy.py": "each question has its module",
    "handlers/runtime/workers/silence_worker.py": "each worker has its module",
    "handlers/runtime/trouble_board.py": "what every desk stands on, also one that tells nobody",
    "handlers/documents/certificate_signer.py": "the one place that holds the signing key",
    "storage/repositories/holder_keys.py": "a noun has its tables and its queries",
}
"""Modules of forty lines or less with one importer that stay by themselves, and why."""
LONG = {
    "bot/domain/requests/request.py": "one aggregate: what may change it is read in one place",
    "bot/domain/tickets/ticket.py": "likewise",
    "bot/application/wire_names.py": "one table of every stored name",
}
"""Files of more than three hundred lines, and why."""


@pytest.fixture(scope="module")
def house() -> House:
    return House()


def test_a_folder_can_be_looked_over(house: House):
    assert structure.full_folders(house) == {}, (
        "sort some of its modules into a folder of their own"
    )


def test_a_module_name_stands_once_in_its_tree(house: House):
    found = structure.repeated_stems(house, ROLE_NAMES)

    assert found == {}, "say in the name what differs, or put both into one module"


def test_a_class_name_stands_in_one_file_of_its_tree(house: House):
    found = structure.repeated_classes(house, ROLE_CLASSES)

    assert found == {}, "say in the name what differs"


def test_no_role_name_is_listed_that_nothing_bears_twice(house: House):
    assert structure.unused_roles(house, ROLE_NAMES, ROLE_CLASSES) == set(), "take it off the list"


def test_few_modules_are_named_by_a_bare_gerund(house: House):
    found = structure.gerunds(house)

    assert len(found) <= structure.MOST_GERUNDS, f"say what of: {found}"


def test_the_chain_of_imports_within_bot_is_short(house: House):
    chain = structure.longest_chain(house)

    shown = "\n".join(chain)
    assert len(chain) <= structure.LONGEST_CHAIN, f"cut it in the middle:\n{shown}"


def test_a_small_module_with_one_importer_has_its_reason(house: House):
    found = set(structure.small_modules(house))

    assert found == set(SMALL), "put it into the module that imports it, or say why not in SMALL"
    assert len(SMALL) <= structure.MOST_SMALL


def test_a_file_is_read_in_one_sitting(house: House):
    found = structure.long_files(house)

    assert set(found) == set(LONG), f"split it by concept, or say why not in LONG: {found}"
    assert len(LONG) <= structure.MOST_LONG_FILES
    assert max(found.values()) <= structure.LONGEST_FILE


def test_a_function_is_seen_at_once(house: House):
    assert structure.long_functions(house) == {}, "give its parts names"


PART = '"""A part."""\n'


def a_house(root: Path, files: dict[str, str]) -> House:
    for name, source in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(source, encoding="utf-8")
    return House(root)


def test_what_is_too_much_is_measured(tmp_path: Path):
    long = "def far():\n" + "    pass\n" * 40
    house = a_house(
        tmp_path,
        {
            **{f"bot/full/m{number}.py": PART for number in range(23)},
            "bot/domain/a/asking.py": "class Same: ...\n" + "\n" * 300,
            "bot/domain/b/asking.py": f"class Same: ...\n{long}",
            "storage/asking.py": "class Same: ...\n",
        },
    )

    assert structure.full_folders(house) == {"bot/full": 23}
    assert list(structure.repeated_stems(house, {})) == ["bot.domain: asking"]
    assert list(structure.repeated_classes(house, {})) == ["bot.domain: Same"]
    assert structure.repeated_stems(house, {"asking": "a role"}) == {}
    assert structure.unused_roles(house, {"asking": "", "gone": ""}, {"Same": ""}) == {"gone"}
    assert len(structure.gerunds(house)) == 3
    assert structure.long_files(house) == {"bot/domain/a/asking.py": 301}
    assert structure.long_functions(house) == {"bot/domain/b/asking.py: far": 41}


def test_imports_are_followed_to_their_end(tmp_path: Path):
    house = a_house(
        tmp_path,
        {
            "bot/__init__.py": PART,
            "bot/a.py": "from bot import b\n",
            "bot/b.py": "from bot.c import thing\n",
            "bot/c.py": "import bot.d\nimport storage.e\n",
            "bot/d.py": "import sys\n" + "\n" * 40,
            "storage/e.py": "import bot.d\n",
        },
    )

    assert structure.longest_chain(house) == ("bot.a", "bot.b", "bot.c", "bot.d")
    assert structure.small_modules(house) == {
        "bot/b.py": "bot.a",
        "bot/c.py": "bot.b",
        "storage/e.py": "bot.c",
    }
