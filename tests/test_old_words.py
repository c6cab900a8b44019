"""The words that the glossary took the place of are gone from code."""

from pathlib import Path

from tests.old_words import IDENTIFIERS, MODULES, old_identifiers, old_modules
from tests.structure import House

GLOSSARY = Path(__file__).parent.parent / "docs" / "glossary.md"


def test_no_module_bears_an_old_word():
    assert old_modules(House()) == [], "docs/glossary.md has the word of the field"


def test_no_class_function_or_variable_bears_an_old_word():
    assert old_identifiers(House()) == [], "docs/glossary.md has the word of the field"


def test_an_old_word_is_found_as_what_it_is_and_where_it_is_old(tmp_path: Path):
    planted = {
        "bot/domain/twins.py": '"""Relay."""\nname = "Relay"\n',
        "bot/application/x.py": "from bot.domain import events as strays\n\nclass Relay: ...\n",
        "storage/opening.py": "def told(trip: object) -> None: ...\n",
        "bot/domain/opening.py": "def told(trip: object) -> None: ...\n",
    }
    for name, source in planted.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(source, encoding="utf-8")
    house = House(tmp_path)

    assert old_modules(house) == [
        "bot/domain/twins.py: now duplicates",
        "storage/opening.py: now bootstrap",
    ]
    assert old_identifiers(house) == [
        "bot/application/x.py: Relay, now SendReply",
        "bot/application/x.py: strays, now expired_leases",
        "storage/opening.py: told, now translate",
    ]


def test_the_glossary_explains_every_new_class_name():
    text = GLOSSARY.read_text(encoding="utf-8")
    new = {
        name
        for word in IDENTIFIERS
        for name in word.new.split("/")
        if name[0].isupper() and not name.isupper()
    }

    assert {name for name in new if name not in text} == set()


def test_no_word_is_both_old_and_new():
    for words in (IDENTIFIERS, MODULES):
        new = {name for word in words if not word.within for name in word.new.split("/")}
        assert {word.old for word in words if not word.within} & new == set()
