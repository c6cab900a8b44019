"""Which files the desk wrote for people beside its store, so that an erasure finds them again.

Only where they lie is kept, never what they hold. None is forgotten before it is removed: a kept
value has little room, so that there are as many of them as are needed.
"""

import json
from collections.abc import Sequence

from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.errors import Refused

NAME = "files.written"
"""Of the first value; the next ones have a number behind it."""
ROOM = 3_900
"""Characters of a kept value, with a little to spare."""


async def written_files(work: UnitOfWork) -> list[str]:
    """Where they lie, as it was given, oldest first."""
    return [path for page in await _pages(work) for path in page]


async def note_written(work: UnitOfWork, *, path: str) -> None:
    """A file is about to be written there.

    Raises:
        Refused: its path is too long to be kept, so that no erasure would find it.
    """
    if len(_packed([path])) > ROOM:
        raise Refused("fulfilment.path_too_long", most=ROOM)
    pages = await _pages(work)
    if any(path in page for page in pages):
        return
    last = [*pages[-1], path] if pages else [path]
    if len(_packed(last)) > ROOM:
        await _keep(work, len(pages), [path])
    else:
        await _keep(work, max(len(pages) - 1, 0), last)


async def forget_written(work: UnitOfWork, *, paths: Sequence[str]) -> None:
    """They are not there any more."""
    for number, page in enumerate(await _pages(work)):
        left = [one for one in page if one not in paths]
        if left != page:
            await _keep(work, number, left)


async def _pages(work: UnitOfWork) -> list[list[str]]:
    pages = list[list[str]]()
    while kept := await work.key_values.get(_name(len(pages))):
        pages.append([str(one) for one in json.loads(kept)])
    return pages


async def _keep(work: UnitOfWork, number: int, paths: list[str]) -> None:
    await work.key_values.put(_name(number), _packed(paths))


def _name(number: int) -> str:
    return f"{NAME}:{number}" if number else NAME


def _packed(paths: list[str]) -> str:
    return json.dumps(paths, ensure_ascii=False)
