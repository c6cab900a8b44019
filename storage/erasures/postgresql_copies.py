"""Dumping a PostgreSQL store, and putting a dump back: by PostgreSQL's own programs.

The password goes by the environment, never by a command line. A dump is put back in one
transaction, in which the tables of before move into a schema of their own.
"""

import asyncio
import os
import re
import shutil
from pathlib import Path

from sqlalchemy import URL

from bot.domain.errors import Refused, Unavailable
from storage.keyring.sealed_keys import CHECK
from storage.migrate import VERSIONS
from storage.models import Table

DUMP = b"PGDMP"
SCHEMA = "public"
TABLES = (VERSIONS.name, *Table.metadata.tables)
_COPIED = re.compile(rf"^{re.escape(CHECK)}\t([0-9a-f]+)\b", re.MULTILINE)


async def dump(url: URL, file: Path) -> None:
    """One moment of the desk's tables, in the custom format.

    Raises:
        Refused: `pg_dump` is not here, or refuses; what it said stands in the text.
    """
    tables = [f"--table={SCHEMA}.{name}" for name in TABLES]
    how = ("--format=custom", "--no-owner", "--no-privileges", *tables)
    await _run(url, "pg_dump", *how, f"--file={file}", f"--dbname={_place(url)}")


async def check_of(url: URL, file: Path) -> str:
    """Which master key fits a dump, as the store keeps it; empty: it says nothing of that."""
    said = await _run(url, "pg_restore", "--data-only", "--table=fact", "--file=-", str(file))
    found = _COPIED.search(said)
    return found[1] if found else ""


async def put_in_place(url: URL, file: Path, aside: str) -> None:
    """The dump's tables in place of those of now, which stand in the schema `aside` then.

    Raises:
        Refused: the programs are not here, or refuse; nothing was changed.
    """
    how = ("--no-owner", "--no-privileges", "--file=-")
    dumped = await _run(url, "pg_restore", *how, str(file))
    await _play(url, f"{_moves(SCHEMA, aside)}\n{dumped}")


async def take_back(url: URL, aside: str) -> None:
    """The tables of before in their place again; those of the dump are gone."""
    drops = "".join(f'DROP TABLE IF EXISTS {SCHEMA}."{name}" CASCADE;\n' for name in TABLES)
    await _play(url, f"{drops}{_moves(aside, SCHEMA)}\nDROP SCHEMA {aside};\n")


def _moves(of: str, to: str) -> str:
    moves = (f'ALTER TABLE IF EXISTS {of}."{name}" SET SCHEMA {to};' for name in TABLES)
    return "\n".join((f"CREATE SCHEMA IF NOT EXISTS {to};", *moves))


async def _play(url: URL, script: str) -> None:
    once = ("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1")
    await _run(url, "psql", *once, "--file=-", f"--dbname={_place(url)}", given=script)


async def _run(url: URL, program: str, *words: str, given: str = "") -> str:
    """What it wrote, with `given` to read. Raises Refused or Unavailable."""
    found = shutil.which(program)
    if found is None:
        raise Refused("backup.program_missing", program=program)
    password = {"PGPASSWORD": str(url.password)} if url.password else {}
    try:
        running = await asyncio.create_subprocess_exec(
            found,
            *words,
            env=os.environ | password | {"LC_ALL": "C.UTF-8"},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
    except OSError as error:
        raise Unavailable("backup.program_failed", program=program, why="") from error
    try:
        out, err = await running.communicate(given.encode())
    except BaseException:
        running.kill()
        raise
    if running.returncode:
        why = err.decode(errors="replace").strip().partition("\n")[0][:200]
        raise Refused("backup.program_failed", program=program, why=why)
    return out.decode(errors="replace")


def _place(url: URL) -> str:
    """The address without its password."""
    plain = url.set(drivername="postgresql", password=None)
    return plain.render_as_string(hide_password=False)
