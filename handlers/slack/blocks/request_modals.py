"""The dialogs about data requests, as views. Their private data holds ids only."""

import json

from bot.application.config import DeskConfig
from bot.application.masked import masked_words
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests.decision_words import LONGEST_REASON
from bot.application.views.approval_preview import ApprovalPreview, approval_preview
from bot.application.views.request_card import RequestCard, request_card
from bot.application.views.request_client import masked
from bot.application.views.request_history import History, request_history
from bot.domain.addresses import Language, RequestId, StaffId
from bot.domain.clients.people import Person
from bot.domain.identity.levels import ProofKind
from bot.domain.requests.states import DenialCode, ExtensionReason, HoldReason, RequestType
from bot.domain.text import reveal
from bot.wording import say
from bot.wording.times import moment
from handlers.slack.blocks.mrkdwn import (
    SECTION,
    TITLE,
    Block,
    cut,
    escape,
    mrkdwn,
    option,
    plain,
    section,
    with_mentions,
)
from handlers.slack.blocks.request_card import details, ref_of
from handlers.slack.blocks.request_plan import plan_text
from handlers.slack.blocks.request_talk import HISTORY, history_blocks, said_words

WRITE_DOWN, DETAILS, APPROVE = "request_write_down", "request_details", "request_approve"
JUDGE = "request_judge"
REQUEST_UPDATING = frozenset({HISTORY})
"""Presses within a dialog that change it."""
FIND_PERSON = "find_person"
"""The search field in which a client of the list is looked up."""
OVERTURN, UPHOLD = "overturn", "uphold"
REQUEST_OPENING = frozenset(
    f"request_{name}"
    for name in (
        "approve",
        "deny",
        "hold",
        "hand_over",
        "details",
        "extend",
        "name",
        "vouch",
        "judge",
        "duplicate",
    )
)
"""Presses that open a dialog."""


async def request_dialog(
    work: UnitOfWork, *, verb: str, ref: str, by: StaffId, rules: DeskConfig
) -> Block:
    """The dialog of a button on a card. Raises NotFound: there is no such request."""
    request = RequestId(ref.partition(":")[0])
    if verb == APPROVE:
        return _approve(await approval_preview(work, request=request, by=by), rules)
    card = await request_card(work, request)
    if verb == DETAILS:
        return _details(card, await request_history(work, request=request), rules)
    view = request_modal(verb, card, ref, rules.staff_language)
    if verb == JUDGE:
        said = said_words(card, rules.zone, rules.staff_language)
        view["blocks"] = [*(section(mrkdwn(cut(one, SECTION))) for one in said), *view["blocks"]]
    return view


async def history_dialog(work: UnitOfWork, *, chosen: str, rules: DeskConfig) -> Block:
    """Another part of what happened. `chosen`: the request and the part. Raises NotFound."""
    ref, _, page = chosen.partition(":")
    request = RequestId(ref)
    number = int(page) if page.isascii() and page.isdigit() else 0
    card = await request_card(work, request)
    return _details(card, await request_history(work, request=request, page=number), rules)


def write_down_modal(language: Language) -> Block:
    """For a client who rang or wrote: a request in their name, for which any ticket names them."""
    find: Block = {
        "type": "external_select",
        "action_id": "find_ticket",
        "min_query_length": 0,
        "placeholder": plain(say("slack.search", language)),
    }
    kinds = [option(say(f"request_card.title_{kind}", language), kind) for kind in RequestType]
    return {
        "type": "modal",
        "callback_id": WRITE_DOWN,
        "title": plain(cut(say("request_card.title_write_down", language), TITLE)),
        "submit": plain(cut(say("request_card.submit_write_down", language), TITLE)),
        "close": plain(cut(say("request_card.cancel", language), TITLE)),
        "private_metadata": json.dumps({}),
        "blocks": [
            _input("client", find, language, hint="hint_write_down", optional=False),
            _select("type", kinds, language),
        ],
    }


def person_options(people: list[Person]) -> list[Block]:
    """Masked names and addresses; the number is the company's own."""
    return [
        option(
            reveal(one.external_id) or "–",
            one.id,
            " · ".join([masked_words(one.name), *(masked(each) for each in one.contacts)]),
        )
        for one in people
    ]


def _details(card: RequestCard, history: History, rules: DeskConfig) -> Block:
    """What is known, and below it what happened: in parts where it is long."""
    language = rules.staff_language
    parts = details(card, rules.zone, language) if history.page == 0 else []
    blocks = [section(mrkdwn(cut(part, SECTION))) for part in parts]
    return {
        "type": "modal",
        "callback_id": DETAILS,
        "title": plain(_title("details", card, language)),
        "close": plain(cut(say("request_card.close", language), TITLE)),
        "blocks": [*blocks, *history_blocks(card, history, language)],
    }


def _approve(shown: ApprovalPreview, rules: DeskConfig) -> Block:
    """One press more, and what it does; bound to the request as it is shown here."""
    language, card = rules.staff_language, shown.card
    lines = [escape(say("request_card.approve_ask", language)), *_what_a_yes_does(shown, rules)]
    if card.plan is not None:
        lines.append(plan_text(card.plan, card.number, rules.zone, language))
    return _modal(
        APPROVE,
        card,
        ref_of(card),
        language,
        [section(mrkdwn(cut(line, SECTION))) for line in lines],
    )


def _what_a_yes_does(shown: ApprovalPreview, rules: DeskConfig) -> list[str]:
    """Names and addresses masked, as on the card."""

    def told(name: str, **params: object) -> str:
        return escape(say(f"request_card.approve_{name}", language, **params))

    language, card = rules.staff_language, shown.card
    kind = say(f"request_card.title_{card.kind}", language)
    reached = ", ".join(card.contacts) or "–"
    lines = [told("what", type=kind, number=card.number, client=card.client, contacts=reached)]
    lines.append(told("plan", mark=shown.plan_mark) if shown.plan_mark else told("by_hand"))
    count = {"count": shown.number, "needed": card.approvals_needed}
    if shown.is_last:
        lines.append(told("last", **count))
    else:
        who = ", ".join(shown.next_approvers) or say("request_card.nobody_may", language)
        lines.append(with_mentions(say("request_card.approve_first", language, **count, who=who)))
    if shown.hold_until is not None:
        lines.append(told("hold", until=moment(shown.hold_until, rules.zone, language)))
    elif shown.is_last:
        lines.append(told("no_hold"))
    mailboxes = ", ".join(shown.addresses)
    lines.append(told("told_by_mail", addresses=mailboxes) if mailboxes else told("told"))
    return lines


def request_modal(verb: str, card: RequestCard, ref: str, language: Language) -> Block:
    """The dialog of a button that asks for something."""
    name = verb.removeprefix("request_")
    return _modal(verb, card, ref, language, _BLOCKS[name](language))


def _modal(
    verb: str, card: RequestCard, ref: str, language: Language, blocks: list[Block]
) -> Block:
    name = verb.removeprefix("request_")
    return {
        "type": "modal",
        "callback_id": verb,
        "title": plain(_title(name, card, language)),
        "submit": plain(cut(say(f"request_card.submit_{name}", language), TITLE)),
        "close": plain(cut(say("request_card.cancel", language), TITLE)),
        "private_metadata": json.dumps({"t": ref}),
        "blocks": blocks,
    }


def _title(name: str, card: RequestCard, language: Language) -> str:
    return cut(say(f"request_card.title_{name}", language, number=card.number), TITLE)


def _texts(language: Language, *, label: str = "text", hint: str) -> list[Block]:
    """What the client reads, in each language; the hint stands once, under the first field."""
    hints = {next(iter(Language)): hint}
    return [
        _text(f"text_{each}", language, label=f"{label}_{each}", hint=hints.get(each, ""))
        for each in Language
    ]


def _deny(language: Language) -> list[Block]:
    codes = [option(say(f"request_card.denial_{code}", language), code) for code in DenialCode]
    return [_select("code", codes, language), *_texts(language, hint="hint_text")]


def _hold(language: Language) -> list[Block]:
    reasons = [option(say(f"request_card.hold_{one}", language), one) for one in HoldReason]
    first = _select("hold_reason", reasons, language, hint="hint_hold")
    return [first, *_texts(language, label="question", hint="hint_question")]


def _extend(language: Language) -> list[Block]:
    reasons = [option(say(f"requests.extension_{one}", language), one) for one in ExtensionReason]
    return [_select("extension_reason", reasons, language, hint="hint_extension")]


def _name(language: Language) -> list[Block]:
    element: Block = {
        "type": "external_select",
        "action_id": FIND_PERSON,
        "min_query_length": 2,
        "placeholder": plain(say("slack.search", language)),
    }
    return [_input("person", element, language, hint="hint_person", optional=False)]


def _vouch(language: Language) -> list[Block]:
    kinds = [option(say(f"identity.proof_{kind}", language), kind) for kind in ProofKind]
    return [_select("proof", kinds, language), _text("reason", language, hint="hint_reason")]


def _judge(language: Language) -> list[Block]:
    ways = [option(say(f"request_card.judge_{way}", language), way) for way in (OVERTURN, UPHOLD)]
    return [_select("judgement", ways, language), *_texts(language, hint="hint_judgement")]


def _duplicate(language: Language) -> list[Block]:
    return [_text("canonical", language, is_line=True)]


_BLOCKS = {
    "deny": _deny,
    "hold": _hold,
    "hand_over": lambda lang: [_text("reason", lang, label="handed", hint="hint_handed")],
    "extend": _extend,
    "name": _name,
    "vouch": _vouch,
    "judge": _judge,
    "duplicate": _duplicate,
}


def _select(name: str, offered: list[Block], language: Language, *, hint: str = "") -> Block:
    """Nothing is chosen before somebody chooses it."""
    choose = plain(say("request_card.choose", language))
    element: Block = {
        "type": "static_select",
        "action_id": name,
        "options": offered,
        "placeholder": choose,
    }
    return _input(name, element, language, hint=hint, optional=False)


def _text(
    name: str, language: Language, *, label: str = "", hint: str = "", is_line: bool = False
) -> Block:
    """A field; only a single line is always needed, the rest is judged together."""
    element: Block = {
        "type": "plain_text_input",
        "action_id": name,
        "multiline": not is_line,
        "max_length": LONGEST_REASON,
    }
    made = _input(name, element, language, hint=hint, optional=not is_line)
    return made | ({"label": plain(say(f"request_card.label_{label}", language))} if label else {})


def _input(name: str, element: Block, language: Language, *, hint: str, optional: bool) -> Block:
    made: Block = {
        "type": "input",
        "block_id": name,
        "label": plain(say(f"request_card.label_{name}", language)),
        "element": element,
        "optional": optional,
    }
    return made | ({"hint": plain(say(f"request_card.{hint}", language))} if hint else {})
