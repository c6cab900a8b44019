"""A store without its keys is refused, and whatever is sealed is rewritten with them."""

import pytest
import sqlalchemy as sa

from bot.domain.errors import Refused
from storage.bootstrap import open_store
from storage.keyring.new_seals import RULES
from storage.keys import KeyPurpose
from storage.models import Table
from storage.models.audit import EventRow, StoreKeyRow
from storage.models.people import HolderKeyRow
from storage.models.requests import TallyRow
from storage.models.seals import GuardRow
from tests.storage.rotated_stores import rows
from tests.support.builders.personal_data import leave_traces
from tests.support.stores.stages import Stage

ELSEWHERE = {HolderKeyRow, TallyRow, EventRow, GuardRow, StoreKeyRow}
"""Rewritten in a way of their own, or never."""


NOT_SEALED = {"challenge.mac"}
"""Bytes of which nothing can be read."""


class TestTheStore:
    @pytest.mark.parametrize(
        "spoiled",
        [
            "DELETE FROM fact WHERE name = 'keys.check'",
            "DELETE FROM fact WHERE name = 'keys.generation'",
            "UPDATE fact SET value = '1' WHERE name = 'keys.generation'",
            "DELETE FROM store_key",
            "DELETE FROM store_key WHERE purpose = 'audit'",
            "UPDATE store_key SET generation = 1 WHERE purpose = 'audit'",
            "UPDATE store_key SET first_event = 5 WHERE purpose = 'audit'",
            "UPDATE store_key SET wrapped = (SELECT wrapped FROM store_key WHERE purpose = 'desk')",
        ],
    )
    async def test_a_store_without_its_keys_is_refused_and_never_founded_anew(
        self, stored: Stage, spoiled: str
    ):
        await leave_traces(stored)
        before = await rows(stored, StoreKeyRow)
        async with stored.context.database.session(writes=True) as session:
            await session.execute(sa.text(spoiled))
            await session.commit()
        after = await rows(stored, StoreKeyRow)

        with pytest.raises(Refused, match=r"check_missing|keys_damaged"):
            await open_store(stored.place)

        assert await rows(stored, StoreKeyRow) == after
        assert len(before) == len(KeyPurpose)

    def test_everything_that_is_sealed_or_indexed_is_rewritten(self):
        forgotten = [
            str(column)
            for table in Table.metadata.sorted_tables
            for column in table.columns
            if is_sealed_or_indexed(column) and str(column) not in NOT_SEALED
            if table.name not in {one.__tablename__ for one in ELSEWHERE}
            if not is_ruled(table.name, column.name)
        ]

        assert forgotten == []


def is_sealed_or_indexed(column: sa.Column[object]) -> bool:
    return isinstance(column.type, sa.LargeBinary) or column.info["personal"] == "blind index"


def is_ruled(table: str, column: str) -> bool:
    rules = [rule for one, rule in RULES.items() if one.__tablename__ == table]
    return any(column in (*rule.sealed, *rule.indexes) for rule in rules)
