"""Whether a process is alone on the store, which decides whether it may take over."""

from storage.instance_lock import hold
from tests.support.stores.stages import Stage


async def test_the_first_is_alone_and_the_second_is_not(postgresql: Stage):
    database = postgresql.context.database
    async with hold(database) as first, hold(database) as second:
        assert (first, second) == (True, False)


async def test_who_comes_after_all_have_gone_is_alone_again(postgresql: Stage):
    database = postgresql.context.database
    async with hold(database), hold(database):
        pass
    async with hold(database) as after:
        assert after


async def test_a_sqlite_file_has_one_desk(sqlite: Stage):
    async with hold(sqlite.context.database) as is_alone:
        assert is_alone
