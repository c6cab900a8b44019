"""A message as it stands in a ticket's thread, as blocks."""

from zoneinfo import ZoneInfo

from bot.application.views.thread_post import ThreadPost
from bot.domain.addresses import Language
from bot.wording import say
from bot.wording.times import moment
from handlers.slack.blocks.mrkdwn import (
    CONTEXT,
    FALLBACK,
    Block,
    actions,
    button,
    context,
    cut,
    escaped,
    mrkdwn,
    plain,
    section,
    slices,
    with_mentions,
)
from handlers.slack.blocks.ticket_card import Sheet, tick

SECTIONS_A_POST = 4
"""All blocks of a message hold about 13,200 characters (bolt-js 2509)."""


def post_sheets(post: ThreadPost, zone: ZoneInfo, language: Language, name: str) -> list[Sheet]:
    """The posts that show a message; one, unless it is very long. `name`: of its writer."""
    head = _head(post, language, name)
    foot = _foot(post, zone, language)
    body = _body(post, language)
    groups = [body[at : at + SECTIONS_A_POST] for at in range(0, len(body), SECTIONS_A_POST)] or [
        []
    ]
    sheets: list[Sheet] = []
    for number, group in enumerate(groups):
        blocks: list[Block] = [head] if number == 0 else []
        if number == 0 and post.origin:
            blocks.append(context(plain(cut(f"↪ {post.origin}", CONTEXT))))
        if number == 0 and post.quoted:
            blocks.append(context(plain(cut(f"↪ {post.quoted}", CONTEXT))))
        blocks += [section(plain(part)) for part in group]
        if number == len(groups) - 1:
            blocks += foot
        above = f"[{post.origin}] " if number == 0 and post.origin else ""
        words = escaped(f"{above}{''.join(group)}", FALLBACK - 200)
        text = f"{_said_by(post, language, name)}: {words}"
        sheets.append(Sheet(text, blocks))
    return sheets


def line_sheet(text: str) -> Sheet:
    """One line of the desk; `text` is escaped."""
    return Sheet(text[:FALLBACK], [context(mrkdwn(text[:CONTEXT]))])


def _body(post: ThreadPost, language: Language) -> list[str]:
    if post.is_deleted:
        return [say("slack.deleted", language)]
    if post.is_written_in_thread:
        return []
    return [part for part in slices(post.text.strip()) if part.strip()]


def _head(post: ThreadPost, language: Language, name: str) -> Block:
    return context(mrkdwn(f"*{_said_by(post, language, name)}*"))


def _said_by(post: ThreadPost, language: Language, name: str) -> str:
    who = with_mentions(post.author, lambda _: name) if post.author else ""
    if post.is_reply and not who:
        who = say("desk.who_operator", language)
    return say(f"slack.said_{post.direction}", language, who=who, number=post.number or "–")


def _foot(post: ThreadPost, zone: ZoneInfo, language: Language) -> list[Block]:
    facts = [escaped(moment(post.at, zone, language), CONTEXT)]
    if post.edited_at is not None and not post.is_deleted:
        at = moment(post.edited_at, zone, language)
        facts.append(say("slack.edited", language, version=post.version, at=at))
    facts += [escaped(change, CONTEXT) for change in post.changes]
    if not post.number:
        facts.append(say("slack.taken_out", language))
    if post.is_on_its_way:
        facts.append(f"*{_delivery(post, language)}*")
    blocks = [context(mrkdwn(" · ".join(facts)))]
    if post.buttons:
        pressed = [
            button(say(f"slack.do_{verb}", language), verb, post.message) for verb in post.buttons
        ]
        blocks.append(actions(*pressed, block_id="delivery"))
    return blocks


def _delivery(post: ThreadPost, language: Language) -> str:
    shown = tick(post.delivery, language)
    if post.why_failed:
        return f"{shown} ({escaped(post.why_failed, 80)})"
    return shown
