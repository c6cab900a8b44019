"""Which files the desk wrote for people beside its store, so that an erasure finds them again.

Only where they lie is kept, never what they hold. There is room for some dozens of places; where
more are written, the oldest are forgotten, as files that were copied elsewhere are not known.
"""

import json

from bot.application.ports.unit_of_work import UnitOfWork

NAME = "files.written"
ROOM = 3_900
"""Characters of a kept value, with a little to spare."""


async def written_files(work: UnitOfWork) -> list[str]:
    """Where they lie, as it was given, oldest first."""
    kept = await work.key_values.get(NAME)
    return [str(one) for one in json.loads(kept)] if kept else []


async def note_written(work: UnitOfWork, *, path: str) -> None:
    """A file is about to be written there."""
    paths = [one for one in await written_files(work) if one != path]
    paths.append(path)
    while len(paths) > 1 and len(_packed(paths)) > ROOM:
        paths.pop(0)
    if len(_packed(paths)) <= ROOM:
        await work.key_values.put(NAME, _packed(paths))


async def forget_written(work: UnitOfWork, *, paths: list[str]) -> None:
    """They are not there any more."""
    kept = await written_files(work)
    left = [one for one in kept if one not in paths]
    if left != kept:
        await work.key_values.put(NAME, _packed(left))


def _packed(paths: list[str]) -> str:
    return json.dumps(paths, ensure_ascii=False)
