"""The signed links of notices: whoever holds one may say "this was not me"; nobody may unsay it.

One kind freezes a request, the other cuts a chat account loose from the person whose it was said to
be. Each is written down, and works until it expires. After the keys were exchanged because of a
leak, those that were written down before still work, once each; nothing that only the old key
signed does (docs/decisions/0016-store-keys.md).
"""

from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import AccountId, RequestId
from bot.domain.errors import NotFound
from bot.domain.identity.signed_links import (
    LASTS,
    about_of,
    is_signed,
    is_signed_as_before,
)
from bot.domain.requests.request import DataRequest

USERNAME = "telegram.username"
"""The key under which the Telegram edge keeps the bot's name, of which the link is made."""
_FREEZES, _CUTS = "freeze", "freeze_account"
"""What a token may do: the label its signature is reckoned under."""


async def freeze_link(work: UnitOfWork, request: DataRequest) -> str:
    """The deep link to the bot; where nobody knows its name, the words to write to it."""
    return await _link(work, _FREEZES, request.id)


async def cutting_link(work: UnitOfWork, account: AccountId) -> str:
    """Likewise, for a chat account."""
    return await _link(work, _CUTS, account)


async def request_of_token(work: UnitOfWork, token: str) -> DataRequest:
    """What the notice was about, whoever presses.

    Raises:
        NotFound: the token is not one of ours, or works no more.
    """
    return await work.requests.get(RequestId(await _signed(work, _FREEZES, token)))


async def account_of_token(work: UnitOfWork, token: str) -> AccountId:
    """Which chat account the notice was about, whoever presses.

    Raises:
        NotFound: the token is not one of ours, or works no more.
    """
    return AccountId(await _signed(work, _CUTS, token))


async def _link(work: UnitOfWork, purpose: str, about: str) -> str:
    now = work.clock.now()
    token = await work.signed_links.issue(purpose, about, now, now + LASTS)
    name = await work.key_values.get(USERNAME)
    return f"https://t.me/{name}?start=f_{token}" if name else f"/start f_{token}"


async def _signed(work: UnitOfWork, purpose: str, token: str) -> str:
    if not await _works(work, purpose, token):
        raise NotFound("requests.no_such_number")
    return about_of(token)


async def _works(work: UnitOfWork, purpose: str, token: str) -> bool:
    links, now = work.signed_links, work.clock.now()
    known = await links.find(token)
    if known is None:
        until = links.unlisted_until
        return until is not None and now < until and is_signed_as_before(links.sign, purpose, token)
    if (known.purpose, known.about) != (purpose, about_of(token)) or now >= known.expires_at:
        return False
    return is_signed(links.sign, purpose, token) or await links.use(token, now)
