"""The audit chain under random statements: none of them goes unnoticed."""

from random import Random

from sqlalchemy import text

from storage import audit_chain
from storage.audit_chain import SEALED_GENESIS as GENESIS
from tests.storage.written_chain import verified, written
from tests.support.stores.stages import Stage
from tests.volume import seed, volume

COLUMNS = ("at", "actor", "type", "stream", "holder", "payload", "hash")


async def test_no_random_tampering_goes_unnoticed(stored: Stage):
    await written(stored, 12)
    kept_outside = (await verified(stored)).head
    random = Random(seed())

    unnoticed = [
        tampering
        for _ in range(volume(100, 1_000))
        if await goes_unnoticed(stored, tampering := a_tampering(stored, random), kept_outside)
    ]

    assert unnoticed == []


async def goes_unnoticed(stage: Stage, tampering: tuple[str, ...], kept_outside: str) -> bool:
    """Tamper, look, and put everything back."""
    async with stage.context.database.session(writes=True) as session:
        for statement in tampering:
            await session.execute(text(statement))
        report = await audit_chain.verify(session, stage.context.keys, expected_head=kept_outside)
    return report.reason == ""


def another_value(kind: str, column: str, byte: int) -> list[str]:
    """What a cell can be changed to; PostgreSQL takes nothing but what is of the column's type."""
    match (kind, column):
        case ("sqlite", _):
            cut = f"substr({column}, 1, {byte % 20}) || x'{byte:02x}'"
            return [f"x'{byte:02x}'", f"'{byte}'", cut]
        case (_, "at"):
            return [f"at + interval '{byte + 1} microseconds'"]
        case (_, "payload"):
            other = f"decode('{byte:02x}', 'hex')"
            return [other, f"substr(payload, 1, {byte % 20}) || {other}"]
        case _:
            return [f"'{byte}'", f"substr({column}, 1, {byte % 20}) || chr({byte + 1})"]


def a_tampering(stage: Stage, random: Random) -> tuple[str, ...]:
    one, other = random.sample(range(1, 13), 2)
    column = random.choice(COLUMNS)
    edits = another_value(stage.name, column, random.randrange(256))
    shift = "UPDATE event SET seq ="
    before = f"(SELECT hash FROM event WHERE seq = {one - 1})"
    columns, after = ", ".join(COLUMNS), other if other < one else other + 1
    row = f"INSERT INTO event (seq, {columns}) SELECT {one}, {columns} FROM event WHERE seq ="
    return random.choice(
        [
            *((f"UPDATE event SET {column} = {edit} WHERE seq = {one}",) for edit in edits),
            (f"DELETE FROM event WHERE seq = {one}",),
            (
                f"{shift} 99 WHERE seq = {one}",
                f"{shift} {one} WHERE seq = {other}",
                f"{shift} {other} WHERE seq = 99",
            ),
            (
                f"DELETE FROM event WHERE seq >= {one}",
                f"UPDATE audit_head SET seq = {one - 1}, hash = coalesce({before}, '{GENESIS}')",
            ),
            (
                f"{shift} seq + 100 WHERE seq >= {one}",
                f"{shift} seq - 99 WHERE seq >= {one + 100}",
                f"{row} {after}",
                "UPDATE audit_head SET seq = seq + 1",
            ),
        ]
    )
