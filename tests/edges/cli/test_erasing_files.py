"""Exports that hold somebody who is erased go whole; other files are searched and left alone."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.application.fulfilment.file_register import forget_written, note_written, written_files
from bot.application.ports.sources import Hit, Left, Looked, Order, Patterns
from bot.domain.addresses import SYSTEM, AccountId, RequestId
from bot.domain.errors import Refused
from bot.domain.fulfilment.identifiers import Identifier, IdentifierKind, Identifiers
from bot.domain.requests.record import Subject
from handlers.cli.cli import cli
from handlers.open_desk import Desk
from handlers.runtime.composition import open_desk
from handlers.runtime.written_files import FilesSource
from handlers.settings import read_settings
from tests.edges.away import LIVE
from tests.support.fakes.patterns import FakePatterns
from tests.support.fakes.store import BEGINNING
from tests.support.stores.stages import Stage

EMAIL = "rahima@example.com"
WHO = Identifiers(
    subject=Subject(account=AccountId("a")),
    accounts=(AccountId("a"),),
    values=(Identifier(IdentifierKind.EMAIL, EMAIL),),
)


async def look_at(paths: Sequence[Path], patterns: Patterns) -> Looked:
    hits: list[Hit] = []
    for path in paths:
        try:
            found = list(patterns.find(path.read_bytes()))
        except OSError:
            hits.append(Hit(place=str(path), kind="unreadable"))
            continue
        hits += [Hit(place=str(path), kind=one.kind, is_strong=one.is_strong) for one in found]
    return Looked(files=len(paths), hits=tuple(hits))


def patterns_of(who: Identifiers) -> Patterns:
    return FakePatterns({one.value: one.kind for one in who.values})


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, value in LIVE.items():
        monkeypatch.setenv(name, value)
    return tmp_path


async def an_order(source: FilesSource) -> Order:
    plan = await source.plan(WHO, BEGINNING)
    return Order(request=RequestId("e" * 32), round=1, who=WHO, plan=plan, now=BEGINNING)


async def with_exports(desk: Desk, place: Path) -> tuple[Path, Path]:
    theirs, others = place / "theirs.csv", place / "others.csv"
    theirs.write_text(f"T-1,{EMAIL}\n")
    others.write_text("T-2,karim@example.com\n")
    for one in (theirs, others, place / "long gone.csv"):
        await desk.bus.handle(SYSTEM, note_written, path=str(one))
    return theirs, others


def test_an_export_is_known_by_its_place_and_one_to_the_screen_is_not(place: Path):
    async def make() -> None:
        async with open_desk(read_settings()):
            pass

    asyncio.run(make())
    CliRunner().invoke(cli, ["tickets", "export"])
    done = CliRunner().invoke(cli, ["tickets", "export", "--output", "tickets.csv"])

    async def known() -> list[str]:
        async with open_desk(read_settings()) as desk:
            return await desk.bus.look(written_files)

    assert done.exit_code == 0, done.output
    assert asyncio.run(known()) == [str(place / "tickets.csv")]


def test_an_export_with_the_subject_in_it_goes_whole_and_no_other(place: Path):
    async def play() -> None:
        async with open_desk(read_settings()) as desk:
            theirs, others = await with_exports(desk, place)
            beside = place / "cache"
            beside.write_text(f"found beside: {EMAIL}")
            source = FilesSource(desk.own_bus, look_at, patterns_of, lambda: (beside,))
            order = await an_order(source)
            assert [one.rows for one in order.plan.items] == [1]
            assert await source.verify(order) == (Left("files.written", 1),)

            erased = await source.erase(order)

            assert erased.rows == {"files.written.delete": 1}
            assert erased.stated == ("erasure.files_handed_out",)
            assert not theirs.exists()
            assert others.read_text() == "T-2,karim@example.com\n"
            assert await source.verify(order) == ()
            assert (await source.erase(order)).rows == {"files.written.delete": 0}
            looked = await source.look(order, patterns_of(WHO), masks=True)
            assert [one.place for one in looked.hits] == [str(beside)]
            assert looked.files == 2

    asyncio.run(play())


def test_a_file_that_cannot_be_removed_is_refused_in_words(
    place: Path, monkeypatch: pytest.MonkeyPatch
):
    async def play() -> None:
        async with open_desk(read_settings()) as desk:
            theirs, _ = await with_exports(desk, place)
            source = FilesSource(desk.own_bus, look_at, patterns_of)
            order = await an_order(source)
            with monkeypatch.context() as locked:
                locked.setattr(Path, "unlink", _denied)
                with pytest.raises(Refused) as refused:
                    await source.erase(order)

            assert refused.value.key == "erasure.files_unwritable"
            assert theirs.exists()
            await source.erase(order)
            assert not theirs.exists()

    asyncio.run(play())


async def test_the_register_forgets_no_file_that_was_not_removed(stage: Stage):
    every = [f"/exports/a folder/tickets-{number}.csv" for number in range(300)]
    async with stage.writing() as work:
        for path in (*every, every[0], every[-1]):
            await note_written(work, path=path)

    async with stage.writing() as work:
        assert await written_files(work) == every
        await forget_written(work, paths=every[:-1])
        await note_written(work, path=every[0])

    async with stage.reading() as work:
        assert await written_files(work) == [every[-1], every[0]]


async def test_a_path_that_cannot_be_kept_is_refused(fake: Stage):
    async with fake.writing() as work:
        with pytest.raises(Refused, match="path_too_long"):
            await note_written(work, path=f"/{'folder/' * 600}tickets.csv")


def test_folders_are_searched_and_what_is_not_there_is_told(place: Path):
    async def play() -> None:
        async with open_desk(read_settings()) as desk:
            shared, moved = place / "shared" / "deep", place / "moved"
            shared.mkdir(parents=True)
            (shared / "notes.txt").write_text(EMAIL)
            moved.write_text(EMAIL)
            (place / "export.csv").symlink_to(moved)
            for one in (place / "export.csv", place / "away" / "old.csv", place / "gone.csv"):
                await desk.bus.handle(SYSTEM, note_written, path=str(one))
            beside = (shared.parent, place / "never there.log")
            proofs = desk.proofs
            source = FilesSource(desk.own_bus, proofs.look_at_files, patterns_of, lambda: beside)
            order = await an_order(source)

            looked = await source.look(order, patterns_of(WHO), masks=True)

            assert {(one.place, one.kind) for one in looked.hits} == {
                (str(shared / "notes.txt"), "email"),
                (str(moved), "email"),
                (str(place / "away" / "old.csv"), "unreadable"),
                (str(beside[1]), "unreadable"),
            }
            with pytest.raises(Refused, match="files_unwritable") as refused:
                await source.erase(order)
            assert refused.value.params["file"] == str(moved)
            assert moved.exists()

    asyncio.run(play())


def _denied(*_: object, **__: object) -> None:
    raise PermissionError
