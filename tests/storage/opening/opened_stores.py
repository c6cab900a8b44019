"""A store that is opened, or refused in words."""

import pytest

from bot.domain.addresses import Language
from bot.domain.errors import DeskError, Refused
from bot.wording import say
from storage.bootstrap import Store, StoreLocation, open_store
from storage.database import Database, parse_url

OTHER_KEY = "b3RoZXIgc2VjcmV0cyBhcmUgbWFkZSB1cCBhcyB3ZWw"


async def opened(place: StoreLocation) -> Store:
    """Open and close again."""
    store = await open_store(place)
    await store.database.close()
    return store


async def refused(place: StoreLocation, kind: type[DeskError] = Refused) -> str:
    """The wording key of the refusal, which must have words in both languages."""
    with pytest.raises(kind) as refusal:
        await opened(place)
    for language in Language:
        assert say(refusal.value.key, language, **refusal.value.params)
    return refusal.value.key


async def execute(url: str, statement: str) -> None:
    some = Database(parse_url(url))
    async with some.engine.begin() as connection:
        await connection.exec_driver_sql(statement)
    await some.close()
