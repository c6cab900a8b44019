"""Files that the desk wrote beside its store: exports with the subject in them are removed whole.

An export can be made again, and a row cut out of somebody's spreadsheet would make it a false one.
What else lies beside the store (the cache of policy vectors, locks) holds nobody's data by its
making; it is searched all the same. The desk writes no log file: its log is its standard error.
"""

import os
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from datetime import datetime
from pathlib import Path

from bot.application.bus import Bus
from bot.application.fulfilment.file_register import forget_written, written_files
from bot.application.ports.sources import Data, Erased, Left, Looked, Order, Patterns
from bot.domain.addresses import SYSTEM
from bot.domain.errors import Refused
from bot.domain.fulfilment.identifiers import IdentifierKind, Identifiers
from bot.domain.fulfilment.plan import PlanAction, PlanItem, SourceKind, SourcePlan

EXPORTS = "files.written"
"""The place of the plan."""
OUT_OF_HAND = "erasure.files_handed_out"

NAMING = frozenset(one.value for one in IdentifierKind)
"""Of a file that cannot be read nobody knows whom it names: the look tells of it."""

LookAtFiles = Callable[[Sequence[Path], Patterns], Awaitable[Looked]]
"""Searches files; each hit's place begins with its file's path."""
PatternsOf = Callable[[Identifiers], Patterns]


class FilesSource:
    """The `Source` of what the desk wrote beside its store."""

    name = "files"
    kind = SourceKind.FILES

    def __init__(
        self,
        bus: Bus,
        look_at_files: LookAtFiles,
        patterns_of: PatternsOf,
        beside: Callable[[], Sequence[Path]] = tuple,
    ) -> None:
        """`beside`: other files and folders, which are only searched."""
        self._bus = bus
        self._look_at_files = look_at_files
        self._patterns_of = patterns_of
        self._beside = beside

    async def plan(self, who: Identifiers, now: datetime) -> SourcePlan:
        del now
        found = await self._exports_of(who)
        item = PlanItem(place=EXPORTS, action=PlanAction.DELETE, rows=len(found))
        return SourcePlan(source=self.name, kind=self.kind, items=(item,))

    async def erase(self, order: Order) -> Erased:
        """Raises Refused: a file cannot be removed; the others are gone all the same."""
        gone, stuck = list[Path](), list[Path]()
        for path in await self._exports_of(order.who):
            try:
                _remove(path)
            except OSError:
                stuck.append(path)
            else:
                gone.append(path)
        await self._bus.handle(SYSTEM, forget_written, paths=[str(one) for one in gone])
        if stuck:
            raise Refused("erasure.files_unwritable", file=str(_aim_of(stuck[0])))
        rows = {f"{EXPORTS}.{PlanAction.DELETE}": len(gone)}
        return Erased(rows=rows, stated=(OUT_OF_HAND,))

    async def verify(self, order: Order) -> tuple[Left, ...]:
        """What was removed is on no list any more: what is on it is searched again."""
        left = len(await self._exports_of(order.who))
        return (Left(EXPORTS, left),) if left else ()

    async def look(self, order: Order, patterns: Patterns, *, masks: bool) -> Looked:
        """Nothing is overwritten: a file with somebody in it is judged whole.

        What is to be searched and is not there, or cannot be read, is a finding.
        """
        del order, masks
        paths = [*await self._written(), *self._beside()]
        return await self._look_at_files(_followed(paths), patterns)

    async def export(self, who: Identifiers) -> AsyncGenerator[tuple[str, Data]]:
        """Where exports lie that hold their data; the data itself is in the desk's store."""
        for path in await self._exports_of(who):
            yield EXPORTS, {"file": str(path)}

    async def _exports_of(self, who: Identifiers) -> list[Path]:
        """Those with something in them that names this person and nobody else."""
        patterns, found = self._patterns_of(who), list[Path]()
        for path in await self._written():
            looked = await self._look_at_files(_followed((path,)), patterns)
            if any(hit.is_strong and hit.kind in NAMING for hit in looked.hits):
                found.append(path)
        return found

    async def _written(self) -> list[Path]:
        """All but those that are surely gone."""
        paths = [Path(one) for one in await self._bus.look(written_files)]
        return [one for one in paths if not _is_gone(one)]


def _is_gone(path: Path) -> bool:
    """Its folder is there, and it is not in it; one whose folder is away may come back with it."""
    try:
        path.lstat()
    except FileNotFoundError:
        return path.parent.is_dir()
    except OSError:
        return False
    return False


def _followed(paths: Sequence[Path]) -> list[Path]:
    """Each with what it leads to: a file may have been moved, and a link left in its place."""
    every = [two for one in paths for two in (one, _aim_of(one))]
    return list(dict.fromkeys(every))


def _aim_of(path: Path) -> Path:
    """What a link leads to, whether it is there or not; of anything else itself."""
    return Path(os.path.realpath(path)) if os.path.islink(path) else path  # noqa: PTH114  # which raises nothing


def _remove(path: Path) -> None:
    """Raises OSError: it cannot be removed, or a link stands there, and a person must look."""
    if path.is_symlink():
        raise OSError(path)
    path.unlink(missing_ok=True)
