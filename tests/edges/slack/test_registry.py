"""Each button, menu and dialog that is shown does something; each that does something is shown."""

import ast
import inspect
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from bot.answering.document.policy_document import parse_policy
from bot.application.canned_replies import CannedReplies, CannedReply
from bot.application.ports.backlog import UpdateAside
from bot.application.ports.queues import DeadLetter
from bot.application.staff_desk.home import HomeChoice, Section
from bot.application.views import fulfilment_progress, request_card, thread_post, ticket_card
from bot.application.views.home_view import HomeRow, HomeView
from bot.application.views.questions_home import GroupRow, LearningPage, LinkRow, QuestionCard
from bot.application.views.request_history import History
from bot.domain.addresses import Language, RequestId, StaffId, TicketId
from bot.domain.errors import Refused
from bot.domain.fulfilment.plan import SourceKind
from bot.domain.fulfilment.steps import ExecutionStep, ResidualFinding
from bot.domain.tickets.states import Priority, TicketKind, TicketState
from bot.wording import say
from handlers.sandbox.telegram import VirtualUser
from handlers.slack.blocks import (
    fulfilment_modals,
    modals,
    question_modals,
    request_modals,
)
from handlers.slack.blocks.home import home_view, stranger_home
from handlers.slack.blocks.message_blocks import post_sheets
from handlers.slack.blocks.request_card import elements
from handlers.slack.blocks.request_talk import history_blocks
from handlers.slack.blocks.ticket_card import card_sheet
from handlers.slack.handling.dialogs import OPENING, UPDATING
from handlers.slack.handling.registry import PRESSES, registered
from handlers.slack.handling.searches import SEARCHES
from handlers.slack.handling.submissions import forms
from handlers.slack.payloads.parsing import verb_of
from tests.edges.slack.test_blocks import a_card, a_post
from tests.support.drivers.office import SUPPORT, Office

EN, UTC_ZONE = Language.EN, ZoneInfo("UTC")
AT = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
READ_ONLY = {"home", "notice", "request_details", "stranger"}
"""Views with nothing to send."""


async def nothing(*_: object) -> None:
    """Stands for the one dialog that reads from Slack."""


def names_in(view: Callable[..., Any]) -> list[str]:
    """The keys of the table in which a view says what it offers in which state."""
    tables = [node for node in ast.walk(_tree(view)) if isinstance(node, ast.Dict)]
    return [ast.literal_eval(key) for one in tables for key in one.keys if key is not None]


def _tree(view: Callable[..., Any]) -> ast.Module:
    return ast.parse(inspect.getsource(view))


def cards() -> Iterator[Any]:
    """Every button and menu of the cards of tickets and requests, and below what staff write."""
    for actions in (
        names_in(ticket_card.actions),
        *([one] for one in names_in(ticket_card.actions)),
    ):
        yield card_sheet(a_card("x", actions=tuple(actions)), UTC_ZONE, EN).blocks
    shown = SimpleNamespace(request="r", state_version=1, plan_hash="p", mark="m")
    shown.actions = [*names_in(request_card.actions), *names_in(fulfilment_progress.offers)]
    yield elements(cast("request_card.RequestCard", shown), EN)
    yield history_blocks(cast("request_card.RequestCard", shown), History((), 1, 3), EN)
    offered = (thread_post.UNDO, thread_post.SEND_AGAIN, thread_post.IT_ARRIVED)
    yield [sheet.blocks for sheet in post_sheets(a_post("x", buttons=offered), UTC_ZONE, EN, "")]


def homes() -> Iterator[Any]:
    row = HomeRow(
        ticket=TicketId("t"),
        number="T-000001",
        priority=Priority.P3,
        kind=TicketKind.SUPPORT,
        state=TicketState.NEW,
        subject="x",
        client="x",
        assignee="",
        due=None,
    )
    letter = DeadLetter(id=1, kind="ShowCard", conversation="", error="x", since=AT)
    group = GroupRow(question="q", text="x", count=1, wordings=1, last_at=AT, outcome="answer")
    link = LinkRow(link="l", text="x", sentence=None, since=AT, is_flagged=True)
    page = LearningPage(total=2, page=0, open=1, flagged=1, groups=(group,), links=(link,))
    for section, learning in ((Section.MINE, None), (Section.QUESTIONS, page)):
        view = HomeView(
            viewer=StaffId("s"),
            is_away=False,
            choice=HomeChoice(section=section, page=1),
            counters=tuple((each, 1) for each in Section),
            rows=(row,),
            dead=(letter,),
            aside=(UpdateAside(id=1, source="telegram", error="x", since=AT),),
            pages=3,
            learning=learning,
        )
        yield home_view(view, lambda _: "", UTC_ZONE, EN)
    yield stranger_home(EN)


def dialogs() -> Iterator[Any]:
    card = a_card("x")
    draft = modals.ReplyDraft(
        ticket="t", number="T-000001", language=EN, last_words="", variables={}
    )
    yield modals.reply_modal(draft, CannedReplies({EN: (CannedReply("hello", "Hello", "Hi"),)}), EN)
    for made in (
        modals.note_modal,
        modals.resolve_modal,
        modals.priority_modal,
        modals.tags_modal,
        modals.snooze_modal,
        modals.merge_modal,
    ):
        yield made(card, EN)
    yield modals.assign_modal(card, [("s", "Bob")], EN)
    yield from (modals.new_modal(EN), modals.attach_modal(["C", "1", ""], EN))
    yield from (modals.tag_modal("", EN), modals.notice_modal("x", EN))
    yield request_modals.write_down_modal(EN)
    request = cast("request_card.RequestCard", SimpleNamespace(number="R-000001"))
    by_card = {request_modals.DETAILS, request_modals.APPROVE}
    for verb in request_modals.REQUEST_OPENING - by_card:
        yield request_modals.request_modal(verb, request, "r:1:p", EN)
    yield {"callback_id": request_modals.APPROVE, "blocks": []}
    yield from while_it_is_carried_out()
    asked = QuestionCard("q", "x", parse_policy("# Privacy\n\nWe keep it. You may ask."))
    yield question_modals.question_modal(asked, question_modals.Picked(section=0), EN)


def while_it_is_carried_out() -> Iterator[Any]:
    """The dialogs of findings, of which there are more than one page, and of steps by hand."""
    request = RequestId("r")
    found = [
        ResidualFinding(id=f"{n:064x}", request=request, source="crm", place="note", kind="name")
        for n in range(30)
    ]
    for page in (0, 1):
        yield fulfilment_modals.findings_modal("R-000001", "r:1:p", found, EN, page=page)
    step = ExecutionStep(request=request, round=1, source="by hand: Paper", kind=SourceKind.MANUAL)
    yield fulfilment_modals.manual_modal("R-000001", "r:1:p", [step], EN)


SHOWN = [*cards(), *homes(), *dialogs()]


def verbs(shown: Any) -> set[str]:
    """What buttons, menus and search fields do, by the name that a press of them brings."""
    found: set[str] = set()
    for one in _dicts(shown):
        if one.get("type") == "overflow":
            options = one["options"]
            found |= {verb_of({"type": "overflow", "selected_option": each})[0] for each in options}
        elif "action_id" in one and one.get("type") not in ("plain_text_input", "datetimepicker"):
            found.add(verb_of(one)[0])
    return found


def _dicts(shown: Any) -> Iterator[dict[str, Any]]:
    if isinstance(shown, dict):
        yield cast("dict[str, Any]", shown)
    parts: Any = shown.values() if isinstance(shown, dict) else shown
    if isinstance(parts, str) or not hasattr(parts, "__iter__"):
        return
    for part in parts:
        yield from _dicts(part)


def callbacks(shown: Any) -> set[str]:
    return {one["callback_id"] for one in _dicts(shown) if "callback_id" in one}


def fields_of(shown: Any) -> set[str]:
    """Menus within a dialog that do nothing before it is sent."""
    blocks = [one for one in _dicts(shown) if one.get("type") == "input"]
    return {
        one["element"]["action_id"]
        for one in blocks
        if one["element"]["type"] == "static_select" and not one.get("dispatch_action")
    }


def test_every_button_menu_and_search_field_that_is_shown_does_something():
    known = {*PRESSES, *OPENING, *UPDATING, *SEARCHES}

    assert verbs(SHOWN) - fields_of(SHOWN) - known == set()


def test_every_verb_that_does_something_is_shown_somewhere():
    shown = verbs(SHOWN)

    assert {*PRESSES, *OPENING, *UPDATING, *SEARCHES} - shown == set()


def test_no_verb_does_two_things():
    tables = (PRESSES, OPENING, UPDATING)

    assert sum(map(len, tables)) == len({verb for table in tables for verb in table})


def test_every_dialog_that_is_shown_can_be_sent_and_every_other_is_only_read():
    shown = callbacks(SHOWN)

    assert shown - READ_ONLY == set(forms(attach=nothing))


def test_every_form_marks_a_field_that_its_dialog_has():
    fields = {
        one["callback_id"]: {
            block["block_id"].partition("~")[0]
            for block in one["blocks"]
            if block["type"] == "input"
        }
        for one in _dicts(SHOWN)
        if one.get("callback_id") not in (None, *READ_ONLY)
    }

    known = forms(attach=nothing).items()
    wrong = {name for name, how in known if fields[name] and how.field not in fields[name]}
    assert wrong == set()


def test_an_unknown_verb_is_refused():
    with pytest.raises(Refused) as refused:
        registered(PRESSES, "telephone")

    assert refused.value.key == "slack.no_such_action"


async def test_who_presses_a_button_of_another_release_is_told(office: Office, alice: VirtualUser):
    card = await office.card(await office.a_ticket(alice))
    button = {
        "type": "button",
        "action_id": "telephone",
        "text": {"type": "plain_text", "text": "Telephone"},
        "value": "x",
    }
    card.blocks = [{"type": "actions", "block_id": "card", "elements": [button]}]

    await office.bob.click("Telephone", SUPPORT, card.ts)
    await office.hear()

    assert office.bob.ephemerals[-1].text == say("slack.no_such_action", EN)
