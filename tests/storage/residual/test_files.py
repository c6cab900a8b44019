"""Files: their contents in pieces, their names and folders, and what cannot be read."""

import gzip
import os
from pathlib import Path

from storage.residual.files import look_at_files
from tests.storage.residual.planted_stores import PATTERNS
from tests.support.builders.planted import EMAIL


async def _found(*paths: Path) -> set[tuple[str, str, bool]]:
    looked = await look_at_files(paths, PATTERNS)
    return {(hit.place, hit.kind, hit.is_strong) for hit in looked.hits}


async def test_clean_files_hold_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text("nothing to see\n" * 1000, encoding="utf-8")

    looked = await look_at_files([tmp_path], PATTERNS)

    assert (looked.files, looked.bytes, looked.hits) == (1, 15_000, ())


async def test_contents_are_searched_to_the_end(tmp_path: Path) -> None:
    log = tmp_path / "deep" / "er" / "desk.log"
    log.parent.mkdir(parents=True)
    log.write_text("line\n" * 500_000 + EMAIL, encoding="utf-8")
    packed = tmp_path / "desk.log.1.gz"
    packed.write_bytes(gzip.compress(b"line\n" * 500_000 + b"call 01712 345678\n"))

    found = await _found(tmp_path)

    assert found == {(str(log), "email", True), (str(packed), "phone", True)}


async def test_names_of_files_and_folders_are_searched_and_not_told(tmp_path: Path) -> None:
    folder = tmp_path / "548812345"
    folder.mkdir()
    (folder / f"export_{EMAIL}.csv").write_text("x", encoding="utf-8")

    found = await _found(tmp_path)

    assert found == {
        (f"{tmp_path}/*", "chat_id", True),
        (f"{tmp_path}/*/*.csv", "email", True),
    }


async def test_a_link_is_not_followed_and_its_aim_is_read(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.txt").write_text(EMAIL, encoding="utf-8")
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "to").symlink_to(outside / "a.txt")
    (inside / "round").symlink_to(inside)
    (inside / "said").symlink_to(f"/home/{EMAIL}")

    found = await _found(inside)

    assert found == {(str(inside / "said"), "email", True)}


async def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    gone = tmp_path / "gone.log"

    assert await _found(gone) == {(str(gone), "unreadable", True)}


async def test_a_pipe_does_not_stop_the_look(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    assert await _found(tmp_path) == set()
