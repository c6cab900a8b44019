"""What staff do in Slack leaves one event an update, with what was done and how it ended."""

import logging

import pytest

from handlers.sandbox.telegram import VirtualUser
from tests.support.drivers.office import SUPPORT, Office


def ends(caplog: pytest.LogCaptureFixture) -> list[dict[str, object]]:
    return [getattr(one, "bound", {}) for one in caplog.records if one.message == "update_handled"]


async def test_words_presses_and_refusals_leave_one_event_each(
    office: Office, alice: VirtualUser, caplog: pytest.LogCaptureFixture
):
    ticket = await office.a_ticket(alice)
    caplog.set_level(logging.INFO)

    await office.says(office.bob, ticket, "The client sounds angry.")
    await office.hear()
    await office.clicks(office.bob, ticket, "Claim")
    await office.says(office.bob, ticket, ">> " + "x" * 13_000)
    await office.hear()

    bound = ends(caplog)
    told = [(one["route"], one["reason"], one["action"]) for one in bound]
    assert told == [
        ("Said", "done", None),
        ("Pressed", "done", "claim"),
        ("Said", "refused", None),
    ]
    assert bound[-1]["refusal"] == "desk.too_long"
    assert {one["source"] for one in bound} == {"slack"}


async def test_what_is_answered_at_once_and_who_is_turned_away_leave_one_event_each(
    office: Office, alice: VirtualUser, caplog: pytest.LogCaptureFixture
):
    ticket = await office.a_ticket(alice)
    caplog.set_level(logging.INFO)

    await office.clicks(office.bob, ticket, "Reply")
    await office.bob.command("/desk help", SUPPORT)
    await office.bob.command("/desk my secret", SUPPORT)
    await office.slack.people["U0OUT"].command("/desk help", SUPPORT)
    await office.hear()

    assert [(one["route"], one["reason"], one["action"]) for one in ends(caplog)] == [
        ("Dialog", "done", "reply"),
        ("Commanded", "done", "help"),
        ("Commanded", "done", "unknown"),
        ("command", "not_on_the_list", "/desk"),
    ]
