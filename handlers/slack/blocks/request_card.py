"""A data request's card as blocks: a pure function of its view."""

from zoneinfo import ZoneInfo

from bot.application.views.request_card import RequestCard
from bot.domain.addresses import Language
from bot.wording import say
from bot.wording.times import moment
from handlers.slack.blocks.fulfilment_progress import progress_blocks
from handlers.slack.blocks.mrkdwn import (
    CONTEXT,
    FIELD,
    SECTION,
    Block,
    actions,
    button,
    context,
    cut,
    escape,
    header,
    mrkdwn,
    option,
    plain,
    section,
    with_mentions,
)
from handlers.slack.blocks.request_deeds import deed_text, deeds, frozen_by, identity_text, newcomer
from handlers.slack.blocks.request_plan import copy_lines, plan_text
from handlers.slack.blocks.request_talk import said_words
from handlers.slack.blocks.ticket_card import (
    Sheet,
    counts,
    elements as talk_elements,
    refusal_text,
    tick,
)

BUTTONS = (
    "approve",
    "fulfil",
    "hand_over",
    "deny",
    "hold",
    "retry",
    "findings",
    "manual",
    "details",
)
IN_MENU = 5
"""Options of an overflow menu (Block Kit); it needs two at least."""
STYLES = {"approve": "primary", "fulfil": "primary", "hand_over": "primary", "deny": "danger"}


def request_sheet(card: RequestCard, zone: ZoneInfo, language: Language) -> Sheet:
    """The card; times are shown with their zone."""
    blocks = [header(title(card, language))]
    blocks += [section(mrkdwn(cut(text, SECTION))) for text in _loud(card, zone, language)]
    blocks.append({"type": "section", "fields": _fields(card, zone, language)})
    if card.plan is not None and not card.is_answered:
        text = plan_text(card.plan, card.number, zone, language)
        blocks.append(section(mrkdwn(cut(text, SECTION))))
    blocks += progress_blocks(card, zone, language)
    blocks.append(context(mrkdwn(cut(_facts(card, zone, language), CONTEXT))))
    blocks.append(actions(*elements(card, language), block_id="request"))
    blocks += _talk(card, language)
    return Sheet(f"{title(card, language)} · {state_text(card, language)}", blocks)


def _talk(card: RequestCard, language: Language) -> list[Block]:
    """What the client said first, and what is done with the talk below the card."""
    talk = card.talk
    if talk is None:
        return []
    said = [section(plain(cut(talk.first_text, FIELD)))] if talk.first_text.strip() else []
    who = with_mentions(talk.assignee) or say("slack.nobody", language)
    parts = [f"{say('slack.field_assignee', language)}: {who}", counts(talk, language)]
    if talk.ticks:
        shown = ", ".join(f"{tick(step, language)}: {count}" for step, count in talk.ticks)
        parts.append(say("slack.replies", language, ticks=shown))
    about = context(mrkdwn(cut(" · ".join(parts), CONTEXT)))
    return [*said, about, actions(*talk_elements(talk, language), block_id="talk")]


def details(card: RequestCard, zone: ZoneInfo, language: Language) -> list[str]:
    """Everything that is known, in paragraphs of Slack's markup."""
    fields = "\n".join(f"{each['text']}" for each in _fields(card, zone, language))
    done = deeds(card, zone, language)
    reasons = _reasons(card, language)
    parts = [*_loud(card, zone, language), fields, _facts(card, zone, language)]
    parts += ["\n".join(done)] if done else []
    return [*parts, *([reasons] if reasons and reasons not in parts else [])]


def title(card: RequestCard, language: Language) -> str:
    """Ids and codes only: a title shows on lock screens."""
    return f"{card.number} · {say(f'request_card.title_{card.kind}', language)}"


def ref_of(card: RequestCard) -> str:
    """What a button carries: the request, and what the card shows of it."""
    return f"{card.request}:{card.state_version}:{card.plan_hash}:{card.mark}"


def elements(
    card: RequestCard, language: Language, *, only: tuple[str, ...] = (), mark: str = ""
) -> list[Block]:
    """The buttons and menus that fit the state. `only`: those buttons, and no menu."""
    offered = [name for name in card.actions if not only or name in only]
    made = [
        button(
            say(f"request_card.do_{name}", language),
            f"request_{name}{mark}",
            ref_of(card),
            **({"style": STYLES[name]} if name in STYLES else {}),
        )
        for name in BUTTONS
        if name in offered
    ]
    rest = [name for name in offered if name not in BUTTONS]
    menus = enumerate(_menus(rest))
    return made + [_menu(f"request_more~{n}{mark}", names, card, language) for n, names in menus]


def state_text(card: RequestCard, language: Language) -> str:
    """As staff say it: the client's own words speak to the client."""
    if card.is_ready:
        return _ready(card, language)
    return say(f"request_card.state_{card.state}", language)


def _ready(card: RequestCard, language: Language) -> str:
    """An erasure begins by itself; the rest waits for a person."""
    key = "ready_erasure" if card.begins_by_itself else "ready"
    return say(f"request_card.{key}", language)


def due_text(card: RequestCard, language: Language) -> str:
    day = card.due_on.isoformat()
    if card.is_given_up:
        text = say("request_card.due_closed", language, day=day)
    elif card.is_answered:
        text = say("request_card.due_answered", language, day=day)
    elif card.days_left < 0:
        text = "⚠ " + say("request_card.due_late", language, day=day, count=-card.days_left)
    elif card.days_left == 0:
        text = "⚠ " + say("request_card.due_today", language, day=day)
    elif card.days_left == 1:
        text = "⚠ " + say("request_card.due_one", language, day=day)
    else:
        text = say("request_card.due_left", language, day=day, count=card.days_left)
    return f"{text} · {say('request_card.due_extended', language)}" if card.extended else text


def _loud(card: RequestCard, zone: ZoneInfo, language: Language) -> list[str]:
    """What must not be missed."""
    loud: list[str] = []
    if card.is_ready:
        loud.append(f"*{_ready(card, language)}*")
    if card.frozen is not None:
        loud.append(frozen_by(card, card.frozen, zone, language))
    if card.held:
        reason = say(f"request_card.hold_{card.held}", language)
        loud.append(escape(say("request_card.on_hold", language, reason=reason)))
    loud += copy_lines(card, language)
    loud += said_words(card, zone, language)
    if card.too_few_people:
        loud.append("⚠ " + escape(say("request_card.too_few_here", language)))
    loud += [newcomer(one, zone, language) for one in card.newcomers]
    if card.duplicate_of:
        loud.append(say("request_card.duplicate_of", language, number=card.duplicate_of))
    if reasons := _reasons(card, language):
        loud.append(reasons)
    if card.refusals:
        loud.append(refusal_text(card.refusals, language))
    return loud


def _reasons(card: RequestCard, language: Language) -> str:
    """Once somebody is proved, what still stands in the way."""
    if not card.verified or card.is_answered or not card.reasons:
        return ""
    said = [say(f"requests.reason_{code}", language, number=card.number) for code in card.reasons]
    lines = [f"• {escape(text)}" for text in dict.fromkeys(said)]
    return "\n".join([escape(say("request_card.not_yet", language)), *lines])


def _fields(card: RequestCard, zone: ZoneInfo, language: Language) -> list[Block]:
    """At most ten fields, two in a row (Block Kit)."""
    count = say(
        "request_card.approvals",
        language,
        count=len(card.approvals),
        needed=card.approvals_needed,
    )
    said = [deed_text("approved_by", deed, zone, language) for deed in card.approvals]
    who = "; ".join(said)
    given = f"{count}: {who}" if who else count
    if card.may_approve:
        able = ", ".join(card.may_approve)
        given += "\n" + say("request_card.may_still_approve", language, who=able)
    shown = [
        ("state", escape(state_text(card, language))),
        ("due", escape(due_text(card, language))),
        ("client", escape(card.client)),
        ("identity", with_mentions(identity_text(card, zone, language))),
        ("confirmed", escape(_confirmed(card, language))),
        ("approvals", with_mentions(given)),
        ("contacts", escape(", ".join(card.contacts)) or "–"),
        ("regime", escape(card.law)),
    ]
    return [
        mrkdwn(cut(f"*{say(f'request_card.field_{name}', language)}*\n{value}", FIELD))
        for name, value in shown
    ]


def _confirmed(card: RequestCard, language: Language) -> str:
    if not card.needs_confirmation:
        return say("request_card.confirmed_not_needed", language)
    return say(f"request_card.confirmed_{'yes' if card.confirmed else 'no'}", language)


def _facts(card: RequestCard, zone: ZoneInfo, language: Language) -> str:
    parts = [say("request_card.received", language, at=moment(card.received_at, zone, language))]
    if card.ticket_number:
        parts.append(say("request_card.talk", language, number=card.ticket_number))
    who = say(f"request_card.actor_{card.waits_on}", language)
    parts.append(say("request_card.waits_on", language, who=who))
    if card.hold_until is not None:
        until = moment(card.hold_until, zone, language)
        parts.append(say("request_card.hold_until", language, until=until))
    return escape(" · ".join(parts))


def _menus(names: list[str]) -> list[list[str]]:
    """Menus of two to five options each; the last one borrows where it would have only one."""
    menus = [names[at : at + IN_MENU] for at in range(0, len(names), IN_MENU)]
    if len(menus) > 1 and len(menus[-1]) == 1:
        menus[-1].insert(0, menus[-2].pop())
    return menus


def _menu(action: str, names: list[str], card: RequestCard, language: Language) -> Block:
    ref = f"{card.request}:{card.state_version}::{card.mark}"
    if len(names) == 1:
        mark = action.partition("~")[2]
        label = say(f"request_card.do_{names[0]}", language)
        return button(label, f"request_{names[0]}~{mark}", ref)
    return {
        "type": "overflow",
        "action_id": action,
        "options": [
            option(say(f"request_card.do_{name}", language), f"request_{name}:{ref}")
            for name in names
        ],
    }
