"""The pages of docs/design are held to the code: states, rules, waiting times and limits."""

from datetime import timedelta
from pathlib import Path

from bot.application.config import DeskConfig
from bot.application.conversation import throttling
from bot.application.outbound.delivery import Delivery, DeliveryUncertainty
from bot.application.ports.queues import GivenUp
from bot.application.queues import inbox, outbox
from bot.application.staff_desk.replies import CHANGE_WINDOW
from bot.application.timers import ticket_timers
from bot.application.wire_names import DELIVERIES
from bot.domain.identity import budgets, challenges, codes, levels, limits, phones
from bot.domain.legal_calendar.regimes import regimes
from bot.domain.requests.rules import DEFAULT_RULES
from bot.domain.requests.states import BEFORE_EXECUTION, FINAL, LIVE, RequestAction, RequestState
from bot.domain.requests.transitions import TABLE
from bot.domain.tickets import ticket
from bot.domain.tickets.states import TicketAction, TicketState, may, next_state
from handlers.slack import people
from handlers.slack.blocks import modals, mrkdwn
from handlers.slack.delivery import files
from handlers.slack.delivery.thread_notices import TOGETHER_SECONDS
from handlers.slack.inbound import http_mode
from handlers.telegram import delivery_adapter, rendering, webhook
from handlers.telegram.reading import messages

DESIGN = Path(__file__).parent.parent / "docs" / "design"
LAST_REACHED = 7
"""The eighth failure gives up, so that the last wait of the list is never waited."""


def section(page: str, heading: str) -> str:
    text = (DESIGN / page).read_text(encoding="utf-8")
    _, found, rest = text.partition(f"\n## {heading}\n")
    assert found, f"{page} has no heading {heading!r}"
    return rest.partition("\n## ")[0]


def rows(page: str, heading: str) -> dict[str, list[str]]:
    """The table's rows by their first cell; the headings of the columns aside."""
    lines = [line for line in section(page, heading).splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]
    return {first: rest for first, *rest in cells}


def words(page: str, heading: str) -> str:
    return " ".join(section(page, heading).split())


def hours(span: timedelta) -> int:
    return int(span / timedelta(hours=1))


def set_of(cell: str) -> set[str]:
    return {part.strip() for part in cell.split(",") if part.strip()}


def test_the_states_of_a_data_request_lead_where_the_page_says():
    said = {state: set_of(cells[-1]) for state, cells in rows("requests.md", "States").items()}
    withdrawn = {*map(str, BEFORE_EXECUTION), "executing"}
    erased = withdrawn | {"package_ready", "undelivered"}
    edges = [e for e in TABLE if e.action is not RequestAction.SETTLE_RESTORED]

    led = {
        str(state): {str(e.next) for e in edges if e.state is state}
        - {"withdrawn", "closed_erased"}
        for state in RequestState
    }

    assert said == led
    assert f"{len(RequestState)} states, {len(LIVE)} of them live" in words("requests.md", "States")
    assert {str(e.state) for e in TABLE if e.next is RequestState.WITHDRAWN} == withdrawn
    assert {str(e.state) for e in TABLE if e.next is RequestState.CLOSED_ERASED} == erased
    assert {state for state in said if not said[state]} == {str(state) for state in FINAL}


def test_the_states_of_a_ticket_lead_where_the_page_says():
    said = {state: set_of(cells[-1]) for state, cells in rows("tickets.md", "States").items()}

    assert said == {
        str(state): {str(next_state(state, act)) for act in TicketAction if may(state, act)}
        - {str(state)}
        for state in TicketState
    }


def test_each_kind_of_delivery_has_the_rule_that_the_page_says():
    said = {
        rule: set_of(cells[-1]) for rule, cells in rows("engine.md", "When nobody knows").items()
    }

    assert said == {
        str(rule): {kind.__name__ for kind in DELIVERIES.values() if _rule(kind) is rule}
        for rule in DeliveryUncertainty
    }
    assert set(rows("engine.md", "Outbound")) == {str(end) for end in GivenUp}


def _rule(kind: type[Delivery]) -> DeliveryUncertainty:
    """The rule stands in the class: no field of a delivery changes it."""
    return object.__new__(kind).in_doubt


def test_the_levels_of_identity_stand_on_the_page():
    assert list(rows("security.md", "Levels of identity")) == [str(each) for each in levels.Level]


def test_the_budgets_are_those_of_the_page():
    said = [cells[0] for cells in rows("security.md", "Budgets").values()]
    an_hour, a_day = limits.SUBJECT_CODES.limits
    waits = ", ".join(str(wait.seconds) for wait in limits.SUBJECT_CODES.cooldowns)
    chat, subject = limits.CHAT_FAILURES, limits.SUBJECT_FAILURES

    assert (hours(an_hour.window), hours(a_day.window)) == (1, 24)
    assert (hours(chat.lock), chat.forget_after, subject.lock) == (24, chat.lock, chat.lock)
    assert said == [
        f"{an_hour.most} in an hour, {a_day.most} in 24 hours",
        f"{waits} seconds",
        _a_day(limits.CHAT_CHALLENGES),
        _a_day(limits.CHAT_ADDRESSES),
        f"every {chat.every} lock it for 24 hours; forgotten after 24 hours",
        f"every {subject.every} lock the code path for 24 hours",
        f"{subject.most}, then only the operator opens it again",
        f"above {limits.CODES_ALARM} in an hour, staff hear; above {limits.CODES_PAUSE}, a pause",
        f"above {limits.FAILURES_ALARM} in an hour, staff hear",
        f"{challenges.TRIES} in {challenges.LIFETIME.seconds // 60} minutes",
    ]


def _a_day(budget: budgets.Budget) -> str:
    (limit,) = budget.limits
    return f"{limit.most} in {hours(limit.window)} hours"


def test_the_waiting_times_of_requests_are_those_of_the_page():
    said, rules = rows("requests.md", "Waiting times"), DEFAULT_RULES
    reminder, escalation = rules.second_approval_reminder, rules.second_approval_escalation
    letters = rules.manual_verification_waits

    assert [cells[0] for cells in said.values()] == [
        f"{rules.identity_waits.days} days; reminders: {_reminders(rules.reminders)}",
        f"{letters.days} days; staff alarmed on days 21 and 28 after receipt",
        f"{rules.confirmation_waits.days} days; the same reminders",
        f"reminder after {hours(reminder)} hours, escalation after {hours(escalation)} hours",
        f"{hours(rules.cooling_off)} hours",
        f"{rules.manual_verification_hold.days} days",
        f"{regimes()['gdpr'].appeal.days} days",
        f"{rules.package_waits.days} days",
        f"{rules.package_destroyed.days} days",
        f"{rules.first_retry.seconds} seconds, doubled up to an hour; eight tries",
    ]
    assert (rules.tries, hours(rules.longest_retry)) == (8, 1)


def _reminders(after: tuple[timedelta, ...]) -> str:
    first, second, third = after
    return f"{hours(first)} hours, {hours(second)} hours, {third.days} days"


def test_the_regimes_are_those_of_the_page():
    said = rows("requests.md", "The clock of the law")

    assert list(said) == list(regimes())
    for code, regime in regimes().items():
        answer, more, _, _, kept = said[code]
        assert answer.startswith(_span(regime.respond.months, regime.respond.days)), code
        assert more.startswith(_span(regime.extension.months, regime.extension.days)), code
        assert kept.startswith(f"{regime.keep_record.months} months"), code
        assert ("90" in more) == (regime.most is not None), code


def _span(months: int, days: int) -> str:
    return f"{days} days" if days else "1 month" if months == 1 else f"{months} months"


def test_the_times_of_a_ticket_are_those_of_the_page():
    assert [cells[0] for cells in rows("tickets.md", "Time").values()] == [
        f"{hours(ticket.QUIET_BEFORE_CLOSING)} hours",
        f"{ticket.REOPEN_WINDOW.days} days",
        f"{hours(ticket.UNDO_WINDOW)} hours",
        f"{hours(ticket_timers.STARS_REMINDER)} hours after it was resolved",
        f"{DeskConfig().reply_undo.seconds} seconds",
        f"{hours(CHANGE_WINDOW)} hours",
        "1.2 and 2.5 seconds",
    ]
    assert f"Lines within {TOGETHER_SECONDS:.0f} seconds" in words("tickets.md", "Thread")


def test_the_waits_between_tries_are_those_of_the_page():
    seconds = [wait.total_seconds() for wait in outbox.BACK_OFF[:LAST_REACHED]]

    assert seconds == [1, 5, 30, 120, 300, 900, 1800]
    assert "Eight tries." in words("engine.md", "Back-off")
    assert "1 second, 5 seconds, 30 seconds, 2, 5, 15 and 30 minutes" in words(
        "engine.md", "Back-off"
    )


def test_the_limits_to_what_strangers_do_are_those_of_the_page():
    floods, rules = words("security.md", "Floods"), DeskConfig()
    bodies = words("security.md", "Bodies from strangers")

    assert f"{rules.messages_per_minute} messages a minute" in floods
    assert f"{rules.tickets_per_day} new tickets a chat" in floods
    assert (throttling.ACTS_A_WORD, throttling.TOLD_AGAIN_AFTER.seconds) == (2, 600)
    assert (webhook.MAX_BODY_BYTES, webhook.SLOWEST_SECONDS) == (2**20, 10)
    assert (http_mode.MAX_BODY_BYTES, http_mode.PATIENCE_SECONDS) == (2**20, 10)
    assert bodies.count("1 MiB") == 2
    assert (people.FRESH, people.STALE) == (10, 15 * 60)
    assert inbox.INBOX_TRIES == 3


def test_codes_and_proofs_are_as_the_page_says():
    assert (codes.DIGITS, phones.FRESH.seconds, levels.PHONE_TRIES) == (8, 600, 3)
    assert "Eight decimal digits" in words("security.md", "Codes")
    assert "at most ten minutes ago" in words("security.md", "Phone contacts")
    assert "three contacts that do not fit" in words("security.md", "Levels of identity")


def test_the_limits_of_the_platforms_are_those_of_the_page():
    telegram, slack = words("platforms.md", "Telegram"), words("platforms.md", "Slack")

    assert f"at most {rendering.LONGEST:,} UTF-16 units" in telegram
    assert f"a caption {delivery_adapter.LONGEST_CAPTION:,}" in telegram
    assert f"{rendering.MOST_ENTITIES} entities" in telegram
    assert f"at most {messages.MAX_DOWNLOAD_BYTES // 10**6} MB" in telegram
    assert f"at most {files.MAX_STAFF_FILE_BYTES // 10**6} MB" in telegram
    assert f"delete what it sent for {hours(CHANGE_WINDOW)} hours" in telegram
    assert f"a header {mrkdwn.HEADER}" in slack
    assert f"a button {mrkdwn.BUTTON}" in slack
    assert f"a view's title {mrkdwn.TITLE}" in slack
    assert f"a menu {modals.MOST_OPTIONS} options of {mrkdwn.OPTION}" in slack
