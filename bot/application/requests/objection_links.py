"""The signed links of notices: whoever holds one may say "this was not me"; nobody may unsay it.

A link carries an id and 120 bits that only this desk can have reckoned for it. One kind freezes a
request, the other cuts a chat account loose from the person whose it was said to be.
"""

import hmac

from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import ID_LENGTH, AccountId, RequestId
from bot.domain.errors import NotFound
from bot.domain.requests.request import DataRequest

USERNAME = "telegram.username"
"""The key under which the Telegram edge keeps the bot's name, of which the link is made."""
_FREEZES, _CUTS = "freeze", "freeze_account"
"""What a token may do: the label its signature is reckoned under."""
_MAC_LENGTH = 30
"""Hexadecimal digits; with the id and `f_` the 64 characters that a deep link may carry."""


def freeze_token(work: UnitOfWork, request: DataRequest) -> str:
    """What freezes the request."""
    return _token(work, _FREEZES, request.id)


async def freeze_link(work: UnitOfWork, request: DataRequest) -> str:
    """The deep link to the bot; where nobody knows its name, the words to write to it."""
    return await _link(work, freeze_token(work, request))


async def cutting_link(work: UnitOfWork, account: AccountId) -> str:
    """Likewise, for a chat account."""
    return await _link(work, _token(work, _CUTS, account))


async def request_of_token(work: UnitOfWork, token: str) -> DataRequest:
    """What the notice was about, whoever presses.

    Raises:
        NotFound: the token is not one of ours.
    """
    return await work.requests.get(RequestId(_signed(work, _FREEZES, token)))


def account_of_token(work: UnitOfWork, token: str) -> AccountId:
    """Which chat account the notice was about, whoever presses.

    Raises:
        NotFound: the token is not one of ours.
    """
    return AccountId(_signed(work, _CUTS, token))


async def _link(work: UnitOfWork, token: str) -> str:
    name = await work.key_values.get(USERNAME)
    return f"https://t.me/{name}?start=f_{token}" if name else f"/start f_{token}"


def _token(work: UnitOfWork, label: str, identity: str) -> str:
    return identity + work.digests.digest(label, identity)[:_MAC_LENGTH]


def _signed(work: UnitOfWork, label: str, token: str) -> str:
    identity = token[:ID_LENGTH]
    if not hmac.compare_digest(token.encode(), _token(work, label, identity).encode()):
        raise NotFound("requests.no_such_number")
    return identity
