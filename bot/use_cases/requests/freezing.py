"""Freezing: whoever holds the token of a notice may say "this was not me"; nobody may unsay it."""

import hmac

from bot.addresses import RequestId
from bot.data_requests.request import DataRequest
from bot.errors import NotFound
from bot.ports import UnitOfWork

USERNAME = "telegram.username"
"""The fact under which the Telegram edge keeps the bot's name, of which the link is made."""
ID_LENGTH, MAC_LENGTH = 32, 30
"""Hexadecimal digits; with `f_` the 64 characters that a deep link may carry."""


def freeze_token(work: UnitOfWork, request: DataRequest) -> str:
    """The request's id and 120 bits that only this desk can have reckoned for it."""
    return request.id + _mac(work, request.id)


async def freeze_link(work: UnitOfWork, request: DataRequest) -> str:
    """The deep link to the bot; where nobody knows its name, the words to write to it."""
    name, token = await work.facts.get(USERNAME), freeze_token(work, request)
    return f"https://t.me/{name}?start=f_{token}" if name else f"/start f_{token}"


async def request_of_token(work: UnitOfWork, token: str) -> DataRequest:
    """What the notice was about, whoever presses.

    Raises:
        NotFound: the token is not one of ours.
    """
    identity, mac = token[:ID_LENGTH], token[ID_LENGTH:]
    if not hmac.compare_digest(mac.encode(), _mac(work, identity).encode()):
        raise NotFound("requests.no_such_number")
    return await work.requests.get(RequestId(identity))


def _mac(work: UnitOfWork, identity: str) -> str:
    return work.digests.digest("freeze", identity)[:MAC_LENGTH]
