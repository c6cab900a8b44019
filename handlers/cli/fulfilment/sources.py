"""`privacydesk sources`: company databases that hold clients' data, and their data maps."""

import asyncio
import base64
import json
import sys
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from datetime import date, datetime
from pathlib import Path

import click

from bot.application.ports.company_maps import CompanyMaps, MapChecked
from bot.application.ports.sources import Source
from bot.domain.addresses import Language, PersonId
from bot.domain.errors import Refused
from bot.domain.fulfilment.identifiers import Identifier, IdentifierKind, Identifiers
from bot.domain.fulfilment.plan import PlanAction, PlanItem, SourcePlan
from bot.domain.fulfilment.retention import retention_rules
from bot.domain.identity.emails import email_address
from bot.domain.identity.phones import e164
from bot.domain.requests.record import Subject
from bot.domain.text import reveal
from bot.wording import say
from handlers.cli.chosen import IN_SANDBOX, is_in_sandbox
from handlers.cli.output import Exit, put_out, refusals, show_json, tell
from handlers.runtime.composition import company_maps, premises
from handlers.runtime.map_checks import line_of_problem
from handlers.settings import read_settings
from handlers.system_clock import SystemClock

JSON = click.option("--json", "as_json", is_flag=True, help="As JSON.")
MAPS = click.option(
    "--map",
    "maps",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="A data map, instead of those of COMPANY_SOURCES; may be said more than once.",
)
UNTESTED = click.option("--untested", is_flag=True, help="Take a kind of database nobody tried.")


@click.group()
def sources() -> None:
    """Company databases that hold clients' data: their data maps, and what is found by them."""


@sources.command("suggest")
@click.argument("url")
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write it here; the file must not be there yet.",
)
@UNTESTED
@refusals
def suggest(url: str, output: Path | None, *, untested: bool) -> None:
    """Write a first data map of a database, with its reasons and doubts; nothing is changed.

    URL may name a value of the environment or of .env, so that no password is typed.

    \b
    Examples:
      privacydesk sources suggest sqlite:///shop.db --output shop.yaml
      privacydesk sources suggest '${BILLING_URL}' > billing.yaml
    """

    async def write() -> None:
        maps = company_maps(read_settings(), untested=untested)
        text = await maps.draft(url, untested=untested)
        await put_out(_whole(text), output)

    asyncio.run(write())


@sources.command("check")
@MAPS
@UNTESTED
@click.option("--strict", is_flag=True, help="A doubt ends with 1 too.")
@JSON
@IN_SANDBOX
@refusals
def check(maps: Sequence[Path], *, untested: bool, strict: bool, as_json: bool) -> None:
    """Hold the data maps against their databases; each problem and doubt with file and line.

    \b
    Example: privacydesk sources check --map billing.yaml
    """
    checked = asyncio.run(_named(maps, untested=untested).check())
    if as_json:
        show_json([_as_data(one) for one in checked])
    else:
        for one in checked:
            _tell_checked(one)
    if any(not one.is_good or (strict and one.problems) for one in checked):
        sys.exit(Exit.REFUSED)


@sources.command("preview")
@click.argument("subject")
@MAPS
@UNTESTED
@click.option("--data", "with_rows", is_flag=True, help="The rows themselves, as JSON lines.")
@JSON
@IN_SANDBOX
@refusals
def preview(
    subject: str, maps: Sequence[Path], *, untested: bool, with_rows: bool, as_json: bool
) -> None:
    """Show what an erasure would do with a client's rows: nothing is changed.

    SUBJECT is the client's number of your list, an e-mail address or a phone number.

    \b
    Examples:
      privacydesk sources preview rahima@example.com
      privacydesk sources preview C-1001 --data > rows.jsonl
    """
    found = _named(maps, untested=untested).sources()
    asyncio.run(_show_rows(found, subject) if with_rows else _show(found, subject, as_json=as_json))


def _named(maps: Sequence[Path], *, untested: bool) -> CompanyMaps:
    settings = premises(in_sandbox=is_in_sandbox()).settings
    if not maps and not settings.company_sources:
        raise Refused("company.none_named")
    return company_maps(settings, maps, untested=untested)


def _now() -> datetime:
    """By the sandbox's clock where its databases are meant."""
    clock = premises(in_sandbox=is_in_sandbox()).clock or SystemClock()
    return clock.now()


async def _whole(text: str) -> AsyncGenerator[str]:
    yield text


def _tell_checked(one: MapChecked) -> None:
    for problem in one.problems:
        click.echo(line_of_problem(problem))
    doubts = sum(problem.is_doubt for problem in one.problems)
    counts = {"count": len(one.problems) - doubts, "doubts": doubts}
    key = "company.check_good" if one.is_good else "company.check_bad"
    tell(say(key, Language.EN, file=one.file, tables=one.tables, of=one.of, **counts))


def _as_data(one: MapChecked) -> dict[str, object]:
    return {
        "file": one.file,
        "source": one.source,
        "good": one.is_good,
        "tables": one.tables,
        "of": one.of,
        "problems": [
            {
                "line": problem.line,
                "key": problem.key,
                "doubt": problem.is_doubt,
                "text": line_of_problem(problem),
            }
            for problem in one.problems
        ],
    }


async def _show(found: Sequence[Source], subject: str, *, as_json: bool) -> None:
    plans = [await _plan(one, subject) for one in found]
    if as_json:
        show_json([_plan_as_data(one) for one in plans])
        return
    for plan in plans:
        if not plan.subjects and not plan.rows:
            click.echo(say("company.preview_nobody", source=plan.source))
            continue
        click.echo(say("company.preview_head", source=plan.source, people=plan.subjects))
        for item in plan.items:
            click.echo(f"  {_line(item)}")
        if plan.subjects > 1:
            tell(say("company.preview_two"))


async def _plan(source: Source, subject: str) -> SourcePlan:
    """Of the first reading of SUBJECT under which anything is found."""
    plan = SourcePlan(source=source.name, kind=source.kind)
    for who in readings(subject):
        plan = await source.plan(who, _now())
        if plan.subjects or plan.rows:
            break
    return plan


async def _show_rows(found: Sequence[Source], subject: str) -> None:
    for source in found:
        for who in readings(subject):
            count = 0
            async with aclosing(source.export(who)) as rows:
                async for place, row in rows:
                    count += 1
                    line = {"source": source.name, "place": place, "row": dict(row)}
                    click.echo(json.dumps(line, ensure_ascii=False, default=_written))
            if count:
                break


def readings(subject: str) -> list[Identifiers]:
    """As what a typed word may be meant; an address is never a number."""
    subject = subject.strip()
    kinds = [(IdentifierKind.EXTERNAL_ID, subject)]
    phone = e164(subject)
    if address := email_address(subject):
        kinds = [(IdentifierKind.EMAIL, address)]
    elif phone is not None:
        kinds = [(IdentifierKind.PHONE, phone), *kinds]
        if not subject.startswith(("+", "00")):
            kinds.reverse()
    person = Subject(person=PersonId("preview"))
    return [Identifiers(subject=person, values=(Identifier(*one),)) for one in kinds]


def _line(item: PlanItem) -> str:
    columns = ", ".join(item.columns) or say("company.nothing")
    law = law_name(item.law)
    if item.action is PlanAction.KEEP and not item.rows:
        return say("company.preview_keep_none", place=item.place, law=law)
    until = f"{item.until:%Y-%m-%d}" if item.until else "?"
    params = {"place": item.place, "columns": columns, "law": law, "until": until}
    return reveal(say(f"company.preview_{item.action}", Language.EN, rows=item.rows, **params))


def law_name(code: str) -> str:
    """Of a shipped rule its name; a law of the map's own is named already."""
    rule = retention_rules().get(code)
    return rule.law[Language.EN] if rule else code


def _plan_as_data(plan: SourcePlan) -> Mapping[str, object]:
    return {
        "source": plan.source,
        "map": plan.version,
        "subjects": plan.subjects,
        "items": [
            {
                "place": one.place,
                "action": one.action.value,
                "columns": list(one.columns),
                "rows": one.rows,
                "law": one.law,
                "until": one.until,
            }
            for one in plan.items
        ],
    }


def _written(value: object) -> str:
    match value:
        case datetime() | date():
            return value.isoformat()
        case bytes() | bytearray() | memoryview():
            return base64.b64encode(bytes(value)).decode("ascii")
        case _:
            return str(value)


COMMANDS = (sources,)
