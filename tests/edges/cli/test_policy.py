"""`privacydesk policy`: what a draft would change, and whether the summaries fit."""

import json

import pytest

from bot.answering.document.policy_document import shipped_policy
from tests.edges.cli.desk_commands import Commands

HEADING = next(one.heading for one in shipped_policy().sections if one.sentences)
LAST = shipped_policy().sentences[-1].text
DRAFT = shipped_policy().text.replace(LAST, "We wrote this anew.")


def versions(commands: Commands) -> list[str]:
    rows = json.loads(commands.run("policy", "versions", "--json").stdout)
    return [row["version"] for row in rows]


def test_a_draft_is_compared_with_what_is_published_and_not_published_by_that(commands: Commands):
    draft = commands.write("draft.txt", DRAFT)

    shown = commands.run("policy", "diff", "--policy", str(draft))
    changes = json.loads(commands.run("policy", "diff", "--policy", str(draft), "--json").stdout)

    assert "We wrote this anew." in shown.stdout
    assert "We wrote this anew." in [one["new"] for one in changes]
    assert versions(commands) == [shipped_policy().sha256]


def test_two_kept_versions_are_compared_by_how_their_names_begin(
    commands: Commands, monkeypatch: pytest.MonkeyPatch
):
    commands.run("policy", "publish")
    monkeypatch.setenv("POLICY_FILE", str(commands.write("new.txt", DRAFT)))
    commands.run("policy", "publish")
    old, new = versions(commands)

    by_default = commands.run("policy", "diff")
    named = commands.run("policy", "diff", old[:9], new[:9])
    backwards = commands.run("policy", "diff", new[:9], old[:9])

    assert by_default.stdout == named.stdout
    assert "+ We wrote this anew." in named.stdout
    assert "- We wrote this anew." in backwards.stdout


def test_with_one_version_there_is_nothing_to_compare(commands: Commands):
    alone = commands.run("policy", "diff")

    assert alone.exit_code == 0
    assert "Only one version" in alone.stderr
    assert "--policy draft.md" in alone.stderr
    assert "Nothing changed" not in alone.stderr
    assert json.loads(commands.run("policy", "diff", "--json").stdout) == []


def test_a_version_that_nobody_published_is_refused(commands: Commands):
    refused = commands.run("policy", "diff", "zzz")

    assert refused.exit_code == 1
    assert "no policy version of that name" in refused.stderr


def test_a_second_version_and_a_document_are_one_too_many(commands: Commands):
    draft = commands.write("draft.txt", DRAFT)

    refused = commands.run("policy", "diff", "a", "b", "--policy", str(draft))

    assert refused.exit_code == 2


def test_a_command_that_only_looks_publishes_nothing(
    commands: Commands, monkeypatch: pytest.MonkeyPatch
):
    before = versions(commands)
    monkeypatch.setenv("POLICY_FILE", str(commands.write("new.txt", DRAFT)))

    commands.run("questions", "list")

    assert versions(commands) == before


def test_sections_without_a_summary_are_listed_and_are_no_failure(commands: Commands):
    file = commands.write("bn.md", f"## {HEADING}\n\nসারাংশ।\n")

    checked = commands.run("policy", "translations", str(file))
    found = json.loads(commands.run("policy", "translations", str(file), "--json").stdout)

    assert checked.exit_code == 0
    assert found["summaries"] == 1
    assert len(found["without"]) == found["sections"] - 1
    assert len(checked.stdout.splitlines()) == len(found["without"])
    assert found["unmatched"] == []


def test_a_heading_that_the_policy_lacks_is_a_failure(
    commands: Commands, monkeypatch: pytest.MonkeyPatch
):
    file = commands.write("bn.md", "## Gone\n\nসারাংশ।\n")
    monkeypatch.setenv("POLICY_TRANSLATIONS_FILE", str(file))

    checked = commands.run("policy", "translations")

    assert checked.exit_code == 1
    assert '"gone" is no heading of the policy' in checked.stdout


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (None, "does not exist"),
        (b"## A\n\n\xff\xfe", "is not UTF-8"),
        (b"no heading", "cannot be used (line 1)"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_one_sentence_also_at_the_start(
    commands: Commands, monkeypatch: pytest.MonkeyPatch, text: bytes | None, says: str
):
    file = commands.folder / "bn.md"
    if text is not None:
        commands.write("bn.md", text)
    monkeypatch.setenv("POLICY_TRANSLATIONS_FILE", str(file))

    for refused in (commands.run("policy", "translations"), commands.run("policy", "publish")):
        assert refused.exit_code == 1
        assert says in refused.stderr
        assert len(refused.stderr.splitlines()) == 1


def test_without_a_file_there_is_nothing_to_check(commands: Commands):
    refused = commands.run("policy", "translations")

    assert refused.exit_code == 1
    assert "No translations file is set" in refused.stderr


def test_who_asks_in_bangla_reads_the_summary_but_never_in_json(
    commands: Commands, monkeypatch: pytest.MonkeyPatch
):
    headings = dict.fromkeys(one.heading for one in shipped_policy().sections if one.heading)
    text = "".join(f"## {one}\n\nসারাংশ।\n\n" for one in headings)
    monkeypatch.setenv("POLICY_TRANSLATIONS_FILE", str(commands.write("bn.md", text)))
    monkeypatch.setattr("handlers.answer_engine.load_embedder", lambda **_: None)

    shown = commands.run("ask", "আপনারা কি আমার তথ্য বিক্রি করেন?")
    as_json = commands.run("ask", "আপনারা কি আমার তথ্য বিক্রি করেন?", "--json")

    assert "সারাংশ।" in shown.stdout
    assert "সারাংশ" not in as_json.stdout
