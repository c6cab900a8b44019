"""The data maps that the setting names, as the sources that they describe."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from sqlalchemy import make_url

from bot.application.ports.company_maps import MapChecked, MapProblem
from bot.application.ports.sources import Source
from bot.domain.errors import Refused
from storage.company.connected import CompanyDatabase
from storage.company.data_map import DEFAULT_SECONDS, DataMap
from storage.company.draft_map import draft_map
from storage.company.map_check import held_against
from storage.company.shape import reflect
from storage.company.sql_source import SqlSource
from storage.company.written_map.map_file import (
    TESTED,
    backend_of,
    read_map,
    reference_in,
    with_references,
)


class MapFiles:
    """One file, one database.

    `environment`: what `${NAME}` in an address stands for.
    """

    def __init__(
        self, files: Sequence[Path], environment: Mapping[str, str], *, untested: bool = False
    ) -> None:
        self._files = files
        self._environment = environment
        self._untested = untested

    def problems(self) -> list[MapProblem]:
        return self._read()[1]

    def sources(self) -> list[Source]:
        maps, problems = self._read()
        if any(not one.is_doubt for one in problems):
            first = next(one for one in problems if not one.is_doubt)
            raise Refused("data_map.broken", file=first.file, line=first.line)
        return [SqlSource(one) for one in maps]

    async def check(self) -> list[MapChecked]:
        maps, problems = self._read()
        known = {one.file: one for one in maps}
        checked: list[MapChecked] = []
        for file in map(str, self._files):
            own = tuple(one for one in problems if one.file == file)
            if file in known:
                checked.append(await _check(known[file], own))
            else:
                checked.append(MapChecked(file=file, source="", problems=own))
        return checked

    async def draft(self, url: str, *, untested: bool = False) -> str:
        address = with_references(url, self._environment)
        if unset := reference_in(address):
            raise Refused("data_map.url_unset", name=unset)
        if backend_of(address) not in TESTED and not (untested or self._untested):
            raise Refused(
                "company.url_unknown", driver=backend_of(address), known=", ".join(TESTED)
            )
        parts = make_url(address)
        database = CompanyDatabase(Path(parts.database or "").name, address, DEFAULT_SECONDS)
        shape = await database.run(lambda connection: reflect(connection, database.backend))
        return draft_map(shape, parts, written=url if reference_in(url) else "")

    def _read(self) -> tuple[list[DataMap], list[MapProblem]]:
        maps: list[DataMap] = []
        problems: list[MapProblem] = []
        for path in self._files:
            data_map, found = read_map(path, self._environment, untested=self._untested)
            if data_map is not None and data_map.name in {one.name for one in maps}:
                found.add(data_map.line, "name_twice", given=data_map.name)
                data_map = None
            maps += [data_map] if data_map is not None else []
            problems += found.in_order()
        return maps, problems


async def _check(data_map: DataMap, own: tuple[MapProblem, ...]) -> MapChecked:
    database = CompanyDatabase(data_map.name, data_map.url, data_map.seconds)

    shape = await database.run(lambda connection: reflect(connection, database.backend))
    tables = [one for one in shape.tables.values() if not one.is_view]
    return MapChecked(
        file=data_map.file,
        source=data_map.name,
        tables=len(data_map.tables),
        of=len(tables),
        problems=(*own, *held_against(data_map, shape).in_order()),
    )
