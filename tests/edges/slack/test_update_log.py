"""What staff do in Slack leaves one event an update, with what was done and how it ended."""

import logging

import pytest

from handlers.sandbox.telegram import VirtualUser
from tests.support.drivers.office import Office


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

    bound = [getattr(one, "bound", {}) for one in caplog.records if one.message == "update_handled"]
    told = [(one["route"], one["reason"], one["action"]) for one in bound]
    assert told == [
        ("Said", "done", None),
        ("Pressed", "done", "claim"),
        ("Said", "refused", None),
    ]
    assert bound[-1]["refusal"] == "desk.too_long"
    assert {one["source"] for one in bound} == {"slack"}
