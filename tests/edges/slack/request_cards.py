"""A data request whose card stands in the private channel, and who presses on it."""

from typing import Any

from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import RequestType
from handlers.sandbox.slack import Person
from handlers.sandbox.slack.workspace import Message as Posted
from handlers.slack.card_refs import request_card_ref
from tests.support.builders.requests import a_request, now
from tests.support.drivers.office import PRIVACY, Office


async def reviewed(office: Office, kind: RequestType = RequestType.ERASURE, **more: Any):
    request = await a_request(office.rig.desk.bus, kind, **more)
    await office.hear()
    return request


async def posted(office: Office, request: DataRequest) -> Posted:
    place = await office.rig.desk.bus.look(request_card_ref, request=request.id)
    assert place is not None
    return office.slack.channel(place.channel).messages[place.ts]


async def clicks(office: Office, who: Person, request: DataRequest, label: str) -> None:
    card = await posted(office, request)
    await who.click(label, PRIVACY, card.ts)
    await office.hear()
    if label == "Approve":
        await who.expect_modal()
        if who.modal is not None and "submit" in who.modal.given:
            await who.submit({})
            await office.hear()
    await office.go_on(seconds=3)


async def as_it_stands(office: Office, request: DataRequest) -> DataRequest:
    return await now(office.rig.desk.bus, request)


def person(office: Office, user: str) -> Person:
    return office.slack.people[user]
