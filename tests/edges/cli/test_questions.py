"""`privacydesk questions`, as an operator types it."""

import json
from typing import Any

import pytest

from bot.answering.document.policy_document import shipped_policy
from bot.application.ports.unit_of_work import UnitOfWork
from tests.edges.cli.desk_commands import Commands, put_on_the_list
from tests.support.builders.questions import an_open_question

MUGS = "Will my picture be printed on coffee mugs?"
SENTENCE = shipped_policy().sentences[25]


async def ask(work: UnitOfWork, *, text: str, times: int) -> None:
    for _ in range(times):
        await an_open_question(work, text=text)


@pytest.fixture
def asked(commands: Commands, monkeypatch: pytest.MonkeyPatch) -> Commands:
    """Three clients asked one thing, one of them with a slip; a fourth asked another."""
    commands.on_store(put_on_the_list, slack_user="U0SAL")
    monkeypatch.setenv("PRIVACYDESK_AS", "U0SAL")
    for text, times in ((MUGS, 2), (MUGS.replace("coffee", "cofee"), 1), ("Is it free?", 1)):
        commands.on_store(ask, text=text, times=times)
    return commands


def groups(commands: Commands) -> list[dict[str, object]]:
    return json.loads(commands.run("questions", "list", "--json").stdout)


def links(commands: Commands, verb: str = "links") -> list[dict[str, object]]:
    return json.loads(commands.run("questions", verb, "--json").stdout)


def first(commands: Commands) -> str:
    return str(groups(commands)[0]["id"])


def test_groups_are_listed_the_most_frequent_first(asked: Commands):
    shown = asked.run("questions", "list")

    assert [(one["question"], one["count"]) for one in groups(asked)] == [
        (MUGS, 3),
        ("Is it free?", 1),
    ]
    assert shown.stdout.splitlines()[0].endswith(f"3 ×  {MUGS}")
    assert "4 open questions" in shown.stderr


def test_a_group_is_shown_with_its_wordings_and_near_passages(asked: Commands):
    question = first(asked)

    shown = asked.run("questions", "show", question[:8])
    near = json.loads(asked.run("questions", "show", question, "--json").stdout)["near"]

    assert "cofee" in shown.stdout
    assert len(near) == 5
    for passage in near:
        assert passage["start"] in {one.start for one in shipped_policy().sentences}


def test_a_question_is_linked_and_taken_back(asked: Commands):
    question = first(asked)

    linked = asked.run("questions", "link", question[:8], str(SENTENCE.start))
    (link,) = links(asked)
    left = [one["question"] for one in groups(asked)]
    back = asked.run("questions", "unlink", str(link["id"])[:8])

    assert "3 open questions are settled" in linked.stderr
    assert linked.stdout.strip() == link["id"]
    assert link["sentence"] == SENTENCE.text
    assert left == ["Is it free?"]
    assert "3 questions are open again" in back.stderr
    assert links(asked) == []
    assert len(groups(asked)) == 2


def test_not_in_the_policy_is_a_link_too_and_all_can_be_exported(asked: Commands):
    asked.run("questions", "silent", first(asked))
    (link,) = links(asked)
    asked.run("questions", "unlink", str(link["id"]))

    kept = asked.run("questions", "export")
    every = asked.run("questions", "export", "--all")

    assert link["sentence"] is None
    assert kept.stdout == ""
    (line,) = every.stdout.splitlines()
    assert json.loads(line)["taken_back_at"] is not None


def test_a_new_version_puts_links_up_for_review(asked: Commands, monkeypatch: pytest.MonkeyPatch):
    asked.run("questions", "link", first(asked), str(SENTENCE.start))
    asked.run("questions", "silent", first(asked))
    changed = shipped_policy().text.replace(SENTENCE.text, "We print no pictures on anything.")
    monkeypatch.setenv("POLICY_FILE", str(asked.write("new.txt", changed)))

    published = asked.run("policy", "publish")
    waiting = links(asked, "review")
    shown = asked.run("questions", "review")
    kept = [asked.run("questions", "keep", str(one["id"])) for one in waiting]

    assert "2 links wait for a review" in published.stderr
    assert {one["sentence"] for one in waiting} == {SENTENCE.text, None}
    assert "waits for a review" in shown.stdout
    assert sorted(one.exit_code for one in kept) == [0, 1]
    assert "no longer stands in the policy" in "".join(one.stderr for one in kept)


@pytest.mark.parametrize(
    "words",
    [("show", "nothing"), ("silent", "nothing"), ("unlink", "nothing"), ("keep", "nothing")],
)
def test_what_is_not_there_is_refused_with_a_sentence(asked: Commands, words: tuple[str, ...]):
    refused = asked.run("questions", *words)

    assert refused.exit_code == 1
    assert "There is no" in refused.stderr


def test_a_passage_that_begins_nowhere_is_refused(asked: Commands):
    refused = asked.run("questions", "link", first(asked), "3")

    assert refused.exit_code == 1
    assert "No sentence of the policy begins there" in refused.stderr


def answer(commands: Commands, *more: str) -> dict[str, Any]:
    return json.loads(commands.run("ask", MUGS, "--json", *more).stdout)


def test_ask_uses_the_links_that_clients_are_answered_by(asked: Commands):
    before = answer(asked)
    asked.run("questions", "link", first(asked), str(SENTENCE.start))
    policy = asked.write("same.txt", shipped_policy().text)

    linked = answer(asked)
    of_a_file = answer(asked, "--policy", str(policy))

    assert before["outcome"] != "answer"
    assert linked["outcome"] == "answer"
    assert linked["quotes"][0]["text"] == SENTENCE.text
    assert of_a_file["outcome"] == before["outcome"]


def test_a_store_in_trouble_stops_no_answer(asked: Commands, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PRIVACYDESK_MASTER_KEY", "b3RoZXIgc2VjcmV0cyBhcmUgbWFkZSB1cCBhcyB3ZWw")

    answered = asked.run("ask", MUGS)

    assert answered.exit_code == 0
    assert "Reviewed links were left out" in answered.stderr


def test_ask_without_a_store_makes_none(asked: Commands, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DATABASE_URL", "sqlite:///none.db")

    answered = asked.run("ask", MUGS)

    assert (answered.exit_code, answered.stderr) == (0, "")
    assert not (asked.folder / "none.db").exists()
