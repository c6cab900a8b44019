"""`privacydesk questions`: what clients asked in vain, and what the desk learned from approvers."""

import json
from collections.abc import Iterable

import click

from bot.answering.document.policy_document import Document
from bot.answering.engine import rank
from bot.answering.questions import QuestionLink
from bot.application.reviewed_answers import question_links
from bot.application.reviewed_answers.question_groups import QuestionGroup, group_of, open_groups
from bot.application.reviewed_answers.question_links import (
    all_links,
    count_open,
    current_policy,
    questions_of,
    the_link,
)
from bot.application.staff_desk.shell_names import ShellDeed
from bot.wording import say
from handlers.cli.desk_command import AS, Shell, at_shell, on_desk
from handlers.cli.output import show_json, tell
from handlers.open_desk import Desk

SHORT = 8
"""Characters of an id that are shown; a command takes any beginning that is one id's only."""
NEAR = 5
QUESTION = click.argument("question")
LINK = click.argument("link")
JSON = click.option("--json", "as_json", is_flag=True, help="As JSON.")


@click.group()
def questions() -> None:
    """Questions that were not answered, or not to the client's help; and reviewed links.

    Questions are kept without who asked them, personal data masked. A link answers a question,
    however it is spelled, with a sentence of the policy or with "not in the policy", until it is
    taken back. Approvers do the same on the Home of the Slack app.
    """


@questions.command("list")
@click.option("--limit", default=20, show_default=True, help="So many groups at most.")
@JSON
@on_desk
async def list_groups(desk: Desk, limit: int, *, as_json: bool) -> None:
    """List open questions in groups of alike ones, the most frequent first."""
    groups = await desk.bus.look(open_groups)
    if as_json:
        show_json([_group_data(one) for one in groups[:limit]])
        return
    for one in groups[:limit]:
        click.echo(f"{one.question.id[:SHORT]}  {one.count:>5} ×  {one.question.text}")
    total = await desk.bus.look(count_open)
    tell(say("questions.list_head", groups=len(groups), count=total))


@questions.command("show")
@QUESTION
@JSON
@on_desk
async def show(desk: Desk, question: str, *, as_json: bool) -> None:
    """Show a group: its wordings, and passages of the policy that may answer it."""
    group = await desk.bus.look(group_of, ref=question)
    near = _near(await desk.bus.look(current_policy), group.question.text)
    if as_json:
        passages = [{"start": start, "sentence": text} for start, text in near]
        show_json({**_group_data(group), "near": passages})
        return
    for wording in group.wordings:
        click.echo(f"{wording.count:>5} ×  {wording.question.text}")
    tell(say(f"questions.outcome_{group.question.outcome}"))
    tell(say("questions.near"))
    for start, text in near:
        click.echo(f"{start:>7}  {text}")


@questions.command("link")
@QUESTION
@click.argument("start", type=int)
@AS
@on_desk
async def link(desk: Desk, question: str, start: int, person: str) -> None:
    """Answer a question with the sentence that begins at START (`show` and `policy show` print it).

    \b
    Example: privacydesk questions link 3f1a09bc 1024 --as U0123ABCD
    """
    shell = await _reviewing(desk, person)
    group = await desk.bus.look(group_of, ref=question)
    policy = await desk.bus.look(current_policy)
    made = await shell.do(
        "",
        question_links.link_question,
        question=group.question.id,
        version=policy.sha256,
        start=start,
    )
    await _tell_linked(desk, made)


@questions.command("silent")
@QUESTION
@AS
@on_desk
async def silent(desk: Desk, question: str, person: str) -> None:
    """Say that the policy does not answer a question: "not in the policy"."""
    shell = await _reviewing(desk, person)
    group = await desk.bus.look(group_of, ref=question)
    made = await shell.do("", question_links.mark_not_in_policy, question=group.question.id)
    await _tell_linked(desk, made)


@questions.command("links")
@JSON
@on_desk
async def links(desk: Desk, *, as_json: bool) -> None:
    """List the links that nobody took back, newest first."""
    _show_links(await desk.bus.look(all_links, with_gone=False), as_json=as_json)


@questions.command("review")
@JSON
@on_desk
async def review(desk: Desk, *, as_json: bool) -> None:
    """List the links that a new version of the policy put in doubt; they are not used meanwhile.

    Take such a link back (`unlink`) and link its question anew; or `keep` it, if still right.
    """
    waiting = await desk.bus.look(question_links.links_to_review)
    _show_links(waiting, as_json=as_json)
    tell(say("questions.review_head", count=len(waiting)))


@questions.command("keep")
@LINK
@AS
@on_desk
async def keep(desk: Desk, link: str, person: str) -> None:
    """Say that a link is right for the present version of the policy too."""
    shell = await _reviewing(desk, person)
    found = await desk.bus.look(the_link, ref=link)
    await shell.do("", question_links.keep_link, link=found.id)
    tell(say("questions.told_kept"))


@questions.command("unlink")
@LINK
@AS
@on_desk
async def unlink(desk: Desk, link: str, person: str) -> None:
    """Take a link back; the questions it settled are open again."""
    shell = await _reviewing(desk, person)
    found = await desk.bus.look(the_link, ref=link)
    reopened = await desk.bus.look(questions_of, link=found.id)
    await shell.do("", question_links.take_back_link, link=found.id)
    tell(say("questions.told_taken_back", count=reopened))


@questions.command("export")
@click.option("--all", "with_gone", is_flag=True, help="Those that were taken back too.")
@on_desk
async def export(desk: Desk, *, with_gone: bool) -> None:
    """Print the links as JSON Lines, for a review elsewhere; they hold nobody's personal data."""
    for one in await desk.bus.look(all_links, with_gone=with_gone):
        click.echo(json.dumps(_link_data(one), ensure_ascii=False, default=str))


async def _reviewing(desk: Desk, person: str) -> Shell:
    return await at_shell(desk, ShellDeed.REVIEW_QUESTION, person)


async def _tell_linked(desk: Desk, made: QuestionLink) -> None:
    click.echo(made.id)
    settled = await desk.bus.look(questions_of, link=made.id)
    tell(say("questions.told_linked", count=settled))


def _show_links(found: Iterable[QuestionLink], *, as_json: bool) -> None:
    if as_json:
        show_json([_link_data(one) for one in found])
        return
    for one in found:
        mark = "" if one.is_used else f"  [{say('questions.link_flagged')}]"
        click.echo(f"{one.id[:SHORT]}  {one.question}{mark}")
        click.echo(f"{'':{SHORT}}  {answer_of(one)}")


def answer_of(link: QuestionLink) -> str:
    """What a link answers, in words."""
    if link.sentence is None:
        return say("questions.link_is_silent")
    return say("questions.link_is_sentence", sentence=" ".join(link.sentence.split()))


def _near(policy: Document, question: str) -> list[tuple[int, str]]:
    """Where passages that may answer begin; by words alone, as no model is loaded for a look."""
    starts = {one.text: one.start for one in reversed(policy.sentences)}
    best = rank(question, list(starts), NEAR)
    return [(starts[text], " ".join(text.split())) for text in best]


def _group_data(group: QuestionGroup) -> dict[str, object]:
    return {
        "id": group.question.id,
        "question": group.question.text,
        "count": group.count,
        "language": group.question.language,
        "outcome": group.question.outcome,
        "last_asked_at": max(one.last_at for one in group.wordings),
        "wordings": [{"question": one.question.text, "count": one.count} for one in group.wordings],
    }


def _link_data(link: QuestionLink) -> dict[str, object]:
    return {
        "id": link.id,
        "question": link.question,
        "sentence": link.sentence,
        "sentence_hash": link.sentence_hash or None,
        "policy_version": link.policy_version,
        "linked_at": link.at,
        "waits_for_review_since": link.flagged_in,
        "taken_back_at": link.taken_back_at,
    }


COMMANDS = (questions,)
