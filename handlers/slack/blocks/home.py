"""The home view as blocks: far below Slack's hundred, whatever the desk holds."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from bot.application.ports.backlog import UpdateAside
from bot.application.ports.queues import DeadLetter
from bot.application.staff_desk.home import HomeChoice, Section
from bot.application.views.home_view import HomeRow, HomeView
from bot.application.views.requests_home import RequestsHome
from bot.domain.addresses import Language
from bot.domain.tickets.states import Priority, TicketKind
from bot.wording import say
from bot.wording.times import moment
from handlers.slack.blocks.mrkdwn import (
    CONTEXT,
    Block,
    actions,
    button,
    context,
    cut,
    escape,
    escaped,
    header,
    mrkdwn,
    option,
    plain,
    section,
    with_mentions,
)
from handlers.slack.blocks.questions_home import learning_blocks
from handlers.slack.blocks.request_card import due_text, elements, state_text

LinkOf = Callable[[str], str]
"""The address of a ticket's card; empty: it has none."""
ANY = "any"
ROW_BUTTONS = ("claim", "reply", "note", "resolve")
FILTERED = (Section.MINE, Section.UNASSIGNED, Section.WAITING, Section.PRIVACY)


def home_view(home: HomeView, link_of: LinkOf, zone: ZoneInfo, language: Language) -> Block:
    """Counters, one list at a time with its filters, and its pages."""
    choice = home.choice
    blocks = [
        header(say("home.title", language)),
        section(mrkdwn(_counters(home, language))),
        *_health(home, language),
        actions(*_sections(home, language), block_id="sections"),
    ]
    if choice.section in FILTERED:
        blocks.append(actions(*_filters(choice, language), block_id="filters"))
    blocks.append({"type": "divider"})
    if home.learning is not None:
        blocks += learning_blocks(home.learning, choice.section, zone, language)
    else:
        blocks += _list(home, link_of, zone, language)
    if home.pages > 1:
        blocks += _pages(home, language)
    return {"type": "home", "callback_id": "home", "blocks": blocks}


def stranger_home(language: Language) -> Block:
    """What somebody sees who does not work the desk."""
    text = say("staff.not_on_the_list", language)
    return {"type": "home", "callback_id": "stranger", "blocks": [section(plain(text))]}


def _counters(home: HomeView, language: Language) -> str:
    shown = [f"{say(f'desk.home_{name}', language)}: *{count}*" for name, count in home.counters]
    if home.is_away:
        shown.append(say("home.you_are_away", language))
    return " · ".join(shown)


def _health(home: HomeView, language: Language) -> list[Block]:
    """One line where all is well; else what is not, each with what to do about it."""
    told: list[Block] = []
    for finding in home.health:
        words = escape(say(finding.key, language, **dict[str, object](finding.params)))
        told.append(context(mrkdwn(words)) if finding.is_good else section(mrkdwn(f"⚠ {words}")))
    return told


def _sections(home: HomeView, language: Language) -> list[Block]:
    made: list[Block] = []
    for each, _ in home.counters:
        is_shown = each is home.choice.section
        style = {"style": "primary"} if is_shown else {}
        label = say(f"desk.home_{each}", language)
        shown = say("home.shown", language, section=label) if is_shown else label
        made.append(button(shown, f"home_section~{each}", each, **style))
    return made


def _filters(choice: HomeChoice, language: Language) -> list[Block]:
    kinds = [option(say(f"desk.kind_{kind}", language), kind) for kind in TicketKind]
    priorities = [option(priority, priority) for priority in Priority]
    made = [
        _menu("home_kind", kinds, choice.kind, language),
        _menu("home_priority", priorities, choice.priority, language),
    ]
    label = say("home.tag", language, tag=choice.tag or say("home.any", language))
    return [*made, button(label, "home_tag", "tag")]


def _menu(action: str, options: list[Block], chosen: str | None, language: Language) -> Block:
    everything = option(say(f"home.{action}_any", language), ANY)
    offered = [everything, *options]
    first = next((each for each in offered if each["value"] == chosen), everything)
    return {
        "type": "static_select",
        "action_id": action,
        "options": offered,
        "initial_option": first,
    }


def _list(home: HomeView, link_of: LinkOf, zone: ZoneInfo, language: Language) -> list[Block]:
    blocks: list[Block] = []
    for number, row in enumerate(home.rows):
        blocks += _row(row, number, link_of(row.ticket), (zone, language))
    for number, letter in enumerate(home.dead):
        blocks.append(_letter(letter, number, zone, language))
    for number, update in enumerate(home.aside):
        blocks.append(_update(update, number, zone, language))
    return blocks or [section(plain(say("home.nothing_here", language)))]


def _row(row: HomeRow, number: int, link: str, how: tuple[ZoneInfo, Language]) -> list[Block]:
    zone, language = how
    title = f"<{link}|{row.number}>" if link else row.number
    parts = [
        f"*{title}*",
        row.priority,
        say(f"desk.state_{row.state}", language),
        say(f"desk.kind_{row.kind}", language),
    ]
    if row.due is not None:
        late = f"⚠ {say('slack.late', language)}: " if row.due.is_late else ""
        parts.append(f"{late}{moment(row.due.at, zone, language)}")
    if row.assignee:
        parts.append(with_mentions(row.assignee))
    words = cut(f"{row.client}: {row.subject}", CONTEXT)
    buttons = [
        button(say(f"slack.do_{verb}", language), f"{verb}~{number}", row.ticket)
        for verb in ROW_BUTTONS
        if verb in row.actions
    ]
    return [
        section(mrkdwn(" · ".join(parts))),
        context(plain(words)),
        actions(*buttons, block_id=f"row~{number}"),
    ]


def _letter(letter: DeadLetter, number: int, zone: ZoneInfo, language: Language) -> Block:
    since = moment(letter.since, zone, language)
    text = say("home.dead_letter", language, kind=letter.kind, error=letter.error, since=since)
    again = button(say("home.try_again", language), f"try_again~{number}", str(letter.id))
    return section(mrkdwn(escaped(text, CONTEXT)), accessory=again, block_id=f"letter~{number}")


def _update(update: UpdateAside, number: int, zone: ZoneInfo, language: Language) -> Block:
    text = say(
        "home.update_aside",
        language,
        lane=say(f"home.lane_{update.source}", language),
        error=update.error,
        since=moment(update.since, zone, language),
    )
    again = button(say("home.try_again", language), f"update_again~{number}", str(update.id))
    return section(mrkdwn(escaped(text, CONTEXT)), accessory=again, block_id=f"update~{number}")


def _pages(home: HomeView, language: Language) -> list[Block]:
    page = home.choice.page
    turns = [
        button(say(f"home.{name}", language), f"home_turn~{name}", by)
        for name, by, is_there in (
            ("previous", "-1", page > 0),
            ("next", "1", page + 1 < home.pages),
        )
        if is_there
    ]
    where = say("home.page", language, page=page + 1, pages=home.pages)
    return [context(plain(where)), actions(*turns, block_id="pages")]


BUTTONS = ("approve", "fulfil", "hand_over", "deny", "hold", "details")


def with_requests(view: Block, home: RequestsHome, language: Language) -> Block:
    """The home view with the open requests below it."""
    blocks = [
        *view["blocks"],
        {"type": "divider"},
        header(say("request_card.home_title", language)),
    ]
    for finding in home.troubles:
        params: dict[str, object] = dict(finding.params)
        blocks.append(section(mrkdwn(f"⚠ {with_mentions(say(finding.key, language, **params))}")))
    for number, card in enumerate(home.cards):
        line = say(
            "request_card.home_line",
            language,
            number=f"*{card.number}*",
            type=say(f"request_card.title_{card.kind}", language),
            state=state_text(card, language),
            due=due_text(card, language),
        )
        blocks.append(section(mrkdwn(escape(line))))
        row = elements(card, language, only=BUTTONS, mark=f"~home{number}")
        blocks.append(actions(*row, block_id=f"request~{number}"))
    if not home.cards:
        blocks.append(context(plain(say("request_card.home_none", language))))
    if home.more:
        text = say("request_card.home_more", language, count=home.more)
        blocks.append(context(plain(text)))
    return view | {"blocks": blocks}
