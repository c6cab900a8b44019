"""The part of the home view that is about learning: open questions, and approvers' links."""

from zoneinfo import ZoneInfo

from bot.application.staff_desk.home import Section
from bot.application.views.questions_home import GroupRow, LearningPage, LinkRow
from bot.domain.addresses import Language
from bot.wording import say
from bot.wording.times import moment
from handlers.slack.blocks.mrkdwn import (
    CONTEXT,
    SECTION,
    Block,
    actions,
    button,
    context,
    cut,
    plain,
    section,
)


def learning_blocks(
    page: LearningPage, which: Section, zone: ZoneInfo, language: Language
) -> list[Block]:
    """One list: clients' words stand in plain text, each with what an approver can do."""
    blocks: list[Block] = []
    if page.flagged:
        blocks.append(section(plain(say("questions.home_flagged", language, count=page.flagged))))
    if which is Section.QUESTIONS and page.open:
        blocks.append(context(plain(say("questions.home_more", language, count=page.open))))
    for number, group in enumerate(page.groups):
        blocks += _group(group, number, zone, language)
    for number, link in enumerate(page.links):
        blocks += _link(link, number, zone, language)
    return blocks if page.total else [*blocks, section(plain(say("home.nothing_here", language)))]


def _group(group: GroupRow, number: int, zone: ZoneInfo, language: Language) -> list[Block]:
    text = say("questions.home_group", language, count=group.count, text=group.text)
    about = say(
        "questions.home_about",
        language,
        wordings=group.wordings,
        at=moment(group.last_at, zone, language),
        outcome=say(f"questions.outcome_{group.outcome}", language),
    )
    link = say("questions.home_link", language)
    silent = say("questions.home_silent", language)
    return [
        section(plain(cut(text, SECTION))),
        context(plain(cut(about, CONTEXT))),
        actions(
            button(link, f"question_link~{number}", group.question, style="primary"),
            button(silent, f"question_silent~{number}", group.question),
            block_id=f"group~{number}",
        ),
    ]


def _link(link: LinkRow, number: int, zone: ZoneInfo, language: Language) -> list[Block]:
    answer = say("questions.link_is_silent", language)
    if link.sentence is not None:
        answer = say("questions.link_is_sentence", language, sentence=link.sentence)
    about = say("questions.link_since", language, at=moment(link.since, zone, language))
    if link.is_flagged:
        about = f"{say('questions.link_flagged', language)} · {about}"
    buttons = [button(say("questions.home_take_back", language), f"link_back~{number}", link.link)]
    if link.is_flagged:
        keep = say("questions.home_keep", language)
        buttons.append(button(keep, f"link_keep~{number}", link.link))
    text = say("questions.link_line", language, text=link.text)
    return [
        section(plain(cut(f"{text}\n{answer}", SECTION))),
        context(plain(cut(about, CONTEXT))),
        actions(*buttons, block_id=f"link~{number}"),
    ]
