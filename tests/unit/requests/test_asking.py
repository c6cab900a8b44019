"""Asking for one's data: what is taken, when, and what the client hears of it."""

import pytest

from bot.data_requests.states import State
from tests.unit.requests.asker import EMAIL, a_person, an_asker


async def test_an_erasure_goes_from_the_wish_over_code_and_phone_to_review():
    client = await an_asker()
    a_person(client.desk)

    request = await client.erases()

    assert request.state is State.IN_REVIEW
    assert request.facts.confirmed_at is not None
    assert request.facts.identity is not None
    assert not request.facts.identity.phone_not_confirmed
    assert str(request.subject) == "person:person-rahima"
