"""The project's own inputs hold one of each kind, and say where each comes from."""

import re
from pathlib import Path

import pytest

from tests.inputs import DATA, bot_api, hostile_kinds, hostile_strings, slack_payloads

KINDS = {
    *("address", "bangla", "bidi", "button", "case and form", "combining marks", "command"),
    *("control character", "csv formula", "emoji", "empty", "format string", "homoglyph"),
    *("html and script", "json", "line separator", "link", "lone surrogate", "noncharacter"),
    *("null byte", "number", "other queries", "other scripts", "path", "prompt", "repetition"),
    *("reserved word", "right to left", "shell", "slack markup", "sql", "telegram html"),
    *("telegram markdown", "template", "very long", "xml and yaml", "zero width"),
}


def test_there_is_a_hostile_string_of_every_kind():
    assert hostile_kinds() == KINDS


@pytest.mark.parametrize(
    "odd", ["\0", "\ud83d", "\u202e", "\u200b", "\u2028", "\r\n", "\u09cd\u200d", "\U0010ffff"]
)
def test_what_an_editor_would_lose_is_still_in_the_file(odd):
    assert [text for text in hostile_strings() if odd in text]


OURS = {"releases"}


def test_every_folder_of_somebody_elses_data_has_its_licence():
    folders = [folder for folder in DATA.iterdir() if folder.is_dir() and folder.name not in OURS]
    origins = (DATA / "README.md").read_text("utf-8")

    assert folders
    for folder in folders:
        assert (folder / "LICENSE").is_file()
        assert f"`{folder.name}/" in origins


def test_a_clone_alone_has_what_tests_need(monkeypatch, tmp_path):
    monkeypatch.setattr("tests.inputs.BESIDE", tmp_path)

    alone = [read.__wrapped__() for read in (hostile_strings, slack_payloads, bot_api)]

    assert all(alone)


def test_what_lies_beside_the_project_is_taken_in_addition(monkeypatch, tmp_path):
    corpora = tmp_path / "corpora"
    (corpora / "slack_bolt").mkdir(parents=True)
    (corpora / "all_strings.json").write_text('[{"s": "from beside"}]')
    (corpora / "slack_bolt" / "payloads.json").write_text('[{"payload": {"type": "beside"}}]')
    monkeypatch.setattr("tests.inputs.BESIDE", tmp_path)

    strings, payloads = hostile_strings.__wrapped__(), slack_payloads.__wrapped__()

    assert (strings[-1], payloads[-1]) == ("from beside", {"type": "beside"})
    assert len(strings) > 1 < len(payloads)


def test_no_test_has_a_path_of_its_own_to_what_lies_beside():
    path = re.compile(r"""shared["']?\s*/\s*["']?(corpora|eval|schemas)""")
    files = [*DATA.parent.rglob("test_*.py"), *DATA.parent.rglob("conftest.py")]

    assert path.search('ROOT / "shared" / "corpora"')
    assert path.search('Path("../shared/eval")')
    assert [file.name for file in files if path.search(_without_this_test(file))] == []


def _without_this_test(file: Path) -> str:
    return "" if file == Path(__file__) else file.read_text("utf-8")
