"""The ledger of erasures: whatever is done to it is seen, and what was noted stays noted."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.addresses import OPERATOR, HolderId
from bot.domain.errors import Refused, Unavailable
from bot.domain.fulfilment.identifiers import Identifiers
from bot.domain.requests.record import Subject
from storage.bootstrap import StoreLocation, StoreMode
from storage.erasures.beside_store import default_ledger
from storage.erasures.ledger import FileLedger, begin_anew, open_ledger
from storage.erasures.ledger_file import LedgerFile
from storage.keyring.key_file import KeyFile
from storage.keys import write_master_key
from tests.support.stores.stages import MASTER_KEY, Stage, an_account, played_at

ONE, TWO = HolderId("1" * 32), HolderId("2" * 32)


async def opened(stage: Stage, path: Path) -> FileLedger:
    assert stage.store is not None
    return await open_ledger(LedgerFile(path), stage.context, stage.store.rotation)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "erasures-desk.jsonl"


async def noted(ledger: FileLedger, stage: Stage, request: str = "r1") -> None:
    now = stage.clock.now()
    await ledger.note(request, [ONE, TWO], erased_at=now, certified_at=None)
    await ledger.note(request, [ONE], erased_at=now, certified_at=now + timedelta(hours=1))


async def test_what_was_noted_is_there_for_the_next_start(stored: Stage, path: Path):
    await noted(await opened(stored, path), stored)

    again = await opened(stored, path)
    (found,) = await again.entries()

    assert found.request == "r1"
    assert found.certified_at == stored.clock.now() + timedelta(hours=1)
    assert again.is_of(ONE, found)
    assert again.is_of(TWO, found)
    assert not again.is_of(HolderId("3" * 32), found)
    assert await again.knows_store()
    assert path.stat().st_mode & 0o777 == 0o600


async def test_it_says_nothing_of_anybody(sqlite: Stage, path: Path):
    await noted(await opened(sqlite, path), sqlite)

    said = path.read_text()

    assert ONE not in said
    assert TWO not in said


Change = Callable[[list[str]], list[str]]


def edited(lines: list[str]) -> list[str]:
    return [*lines[:-1], lines[-1].replace('"request":"r2"', '"request":"r9"')]


CHANGES: dict[str, tuple[Change, str]] = {
    "edited": (edited, "ledger.damaged"),
    "one taken out": (lambda lines: [*lines[:2], *lines[3:]], "ledger.damaged"),
    "two exchanged": (lambda lines: [*lines[:2], lines[3], lines[2], *lines[4:]], "ledger.damaged"),
    "one doubled": (lambda lines: [*lines, lines[-1]], "ledger.damaged"),
    "printed anew": (lambda lines: [one.replace('":', '": ') for one in lines], "ledger.damaged"),
    "the last cut off": (lambda lines: lines[:-1], "ledger.cut"),
    "all cut off": (lambda lines: lines[:2], "ledger.cut"),
    "its key cut off": (lambda lines: lines[:1], "ledger.other_desk"),
    "emptied": (lambda _lines: [], "ledger.damaged"),
    "noise": (lambda _lines: ["\x00"], "ledger.damaged"),
    "no ledger": (lambda _lines: ['{"kind":"begun"}'], "ledger.other_desk"),
}


@pytest.mark.parametrize("how", CHANGES)
async def test_a_ledger_that_was_changed_or_cut_is_refused(sqlite: Stage, path: Path, how: str):
    change, said = CHANGES[how]
    ledger = await opened(sqlite, path)
    await noted(ledger, sqlite)
    await noted(ledger, sqlite, "r2")
    path.write_text("".join(f"{one}\n" for one in change(path.read_text().splitlines())))

    with pytest.raises(Refused) as refused:
        await opened(sqlite, path)

    assert refused.value.key == said


async def test_a_lost_ledger_keeps_the_desk_from_starting_until_it_is_given_up(
    stored: Stage, path: Path
):
    assert stored.store is not None
    async with stored.writing() as work:
        account = await an_account(work)
    async with stored.writing() as work:
        who = Identifiers(subject=Subject(account=account.id), accounts=(account.id,))
        await work.records.destroy_keys(who, stored.clock.now())
    await opened(stored, path)
    path.unlink()

    with pytest.raises(Refused, match="lost"):
        await opened(stored, path)
    new = await begin_anew(LedgerFile(path), stored.context, stored.store.rotation)

    (known,) = await new.entries()
    assert new.is_of(HolderId(account.id), known)
    assert (await opened(stored, path)).known == 1


async def test_a_whole_ledger_is_not_given_up(sqlite: Stage, path: Path):
    assert sqlite.store is not None
    await opened(sqlite, path)

    with pytest.raises(Refused, match="stands"):
        await begin_anew(LedgerFile(path), sqlite.context, sqlite.store.rotation)


async def test_another_desks_ledger_is_refused(sqlite: Stage, tmp_path: Path, path: Path):
    place = replace(sqlite.place, url=f"sqlite:///{tmp_path / 'other.db'}")
    key = write_master_key(tmp_path / "other.key")
    async with played_at(place, "sqlite") as twin:
        await opened(twin, path)
    third = replace(place, url=f"sqlite:///{tmp_path / 'third.db'}", master_key=key)
    async with played_at(third, "sqlite") as stage:
        with pytest.raises(Refused, match="other_desk"):
            await opened(stage, path)

    await opened(sqlite, tmp_path / "own.jsonl")
    with pytest.raises(Refused, match="other_desk"):
        await opened(sqlite, path)


def test_with_the_key_in_a_setting_it_lies_where_the_desk_runs():
    location = StoreLocation(
        url="postgresql://desk@host/care", master_key=MASTER_KEY, mode=StoreMode.LIVE
    )

    assert default_ledger(location) == Path("erasures-care.jsonl")


@pytest.mark.parametrize("torn", ['{"half', '{"kind":"erased"}', "\xff"])
async def test_a_line_that_was_never_finished_counts_for_nothing(
    sqlite: Stage, path: Path, torn: str
):
    ledger = await opened(sqlite, path)
    await noted(ledger, sqlite)
    with path.open("a") as file:
        file.write(torn)

    await noted(await opened(sqlite, path), sqlite, "r2")

    assert [one.request for one in await (await opened(sqlite, path)).entries()] == ["r1", "r2"]
    assert torn not in path.read_text()
    assert all(json.loads(line) for line in path.read_text().splitlines())


async def test_two_processes_write_one_after_the_other(sqlite: Stage, path: Path):
    first, second = await opened(sqlite, path), await opened(sqlite, path)

    await asyncio.gather(
        *(noted(first, sqlite, f"a{n}") for n in range(10)),
        *(noted(second, sqlite, f"b{n}") for n in range(10)),
    )

    found = {one.request for one in await (await opened(sqlite, path)).entries()}
    assert found == {f"{name}{n}" for name in "ab" for n in range(10)}


async def test_what_cannot_be_written_is_not_noted(sqlite: Stage, path: Path):
    ledger = await opened(sqlite, path)
    path.unlink()
    path.mkdir()

    with pytest.raises(Unavailable):
        await noted(ledger, sqlite)


@pytest.mark.parametrize("compromised", [False, True])
async def test_it_opens_after_a_rotation_and_with_the_former_key_too(
    tmp_path: Path, sqlite: Stage, path: Path, *, compromised: bool
):
    key = tmp_path / "desk.key"
    former = write_master_key(key)
    place = replace(
        sqlite.place, url=f"sqlite:///{tmp_path / 'kept.db'}", master_key="", master_key_file=key
    )
    async with played_at(place, "sqlite") as stage:
        await noted(await opened(stage, path), stage)
        assert stage.store is not None
        await stage.store.rotation.rotate(
            actor=OPERATOR, at=stage.clock.now(), compromised=compromised, new_key_file=None
        )
        await noted(await opened(stage, path), stage, "r2")
    (tmp_path / "former.key").write_text(former)

    async with played_at(place, "sqlite") as stage:
        assert (await opened(stage, path)).known == 2
    old = KeyFile(tmp_path / "former.key")
    assert len(LedgerFile(path).read(old.masters()).tombstones) == 2


async def test_a_store_that_is_behind_is_known_for_one_that_was_put_back(sqlite: Stage, path: Path):
    ledger = await opened(sqlite, path)
    assert not await ledger.was_put_back()
    await ledger.keep_seen()
    assert not await ledger.was_put_back()

    seen = path.with_name(f"{path.name}.seen")
    text = json.loads(seen.read_text())
    seen.write_text(json.dumps(text | {"at": "99 " + "a" * 64}))
    assert not await ledger.was_put_back(), "what nobody signed says nothing"
