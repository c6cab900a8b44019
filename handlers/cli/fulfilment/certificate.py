"""`privacydesk certificate`: checking certificates of erasure anywhere, and printing them here."""

import base64
import os
import sys
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

import click

from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import Language
from bot.domain.errors import DeskError, Refused
from bot.wording import say
from handlers.cli.desk_command import on_desk
from handlers.cli.output import Exit, refusals, show_json, tell
from handlers.documents.certificate_key import own_key, public_key_of
from handlers.documents.certificate_pdf import attached_json, pdf_of
from handlers.documents.signed_json import MAX_SIGNED_BYTES, Verdict, look_at, raw_public
from handlers.open_desk import Desk
from handlers.runtime.composition import certificate_key_file
from handlers.settings import read_settings

PDF = b"%PDF-"


@click.group()
def certificate() -> None:
    """Certificates of erasure."""


@certificate.command("verify")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--key", default="", metavar="FILE|BASE64", help="The public key you expect.")
@click.option("--json", "as_json", is_flag=True, help="The result as JSON.")
@refusals
def verify(file: Path, key: str, *, as_json: bool) -> None:
    """Check a certificate, JSON or PDF; it needs no database and no settings.

    Without --key it is held against this desk's own key, if that lies here; else it is said that
    nobody can tell from the certificate alone whose key signed it.

    \b
    Examples:
      privacydesk certificate verify R-000045.json --key company.pem
      privacydesk certificate verify R-000045.pdf
    """
    expected = _expected(key)
    checked = _checked(file, expected.raw)
    if as_json:
        show_json(checked.as_data(expected))
    elif checked.verdict.canonical:
        show_json(checked.verdict.facts)
    for line in checked.lines(expected):
        tell(line)
    if not checked.is_good:
        sys.exit(Exit.REFUSED)


@certificate.command("key")
@on_desk
async def key(desk: Desk) -> None:
    """Print the public key that certificates are checked with; publish it.

    It is made at first use, with its secret half beside the master key.

    \b
    Example: privacydesk certificate key > company.pub
    """
    click.echo(base64.b64encode(desk.signer.public_key()).decode())


@certificate.command("show")
@click.argument("number")
@click.option(
    "--pdf",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Print it as a PDF into a new file.",
)
@click.option(
    "--language",
    type=click.Choice([one.value for one in Language]),
    default=Language.EN.value,
    show_default=True,
    help="Of the PDF.",
)
@on_desk
async def show(desk: Desk, number: str, pdf: Path | None, language: str) -> None:
    """Write the certificate of a request, as the desk keeps it.

    \b
    Examples:
      privacydesk certificate show R-000045 > R-000045.json
      privacydesk certificate show R-000045 --pdf R-000045.pdf --language bn
    """
    text = await desk.bus.look(_kept, number=number)
    if pdf is None:
        click.echo(text)
        return
    _write(pdf, desk.signer.document(text, Language(language)))
    tell(say("certificate.written", path=str(pdf)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """The public key that is expected, and where that is known from."""

    raw: bytes | None = None
    own: str = ""
    """The file of this desk's own key, where none was named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A file that was checked: the signed text in it, and the pages around it."""

    verdict: Verdict
    pages: str = ""
    """A wording key of what is to be said of a PDF's pages."""
    version: str = ""
    """Of the program that signed."""

    @property
    def is_good(self) -> bool:
        return self.verdict.is_good and self.pages != "certificate.page_changed"

    def lines(self, expected: Expected) -> list[str]:
        verdict = self.verdict
        if verdict.facts is None or not verdict.is_good:
            return [say(verdict.problem)]
        lines = [say("certificate.holds", number=verdict.facts["number"], name=verdict.key)]
        if expected.own:
            lines.append(say("certificate.key_is_own", path=expected.own))
        else:
            lines.append(say(f"certificate.key_{'not_given' if not expected.raw else 'known'}"))
        return [*lines, *([say(self.pages, version=self.version)] if self.pages else ())]

    def as_data(self, expected: Expected) -> dict[str, object]:
        problem = self.verdict.problem or ("" if self.is_good else self.pages)
        return {
            "valid": self.is_good,
            "problem": problem.partition(".")[2],
            "key": self.verdict.key,
            "key_known": expected.raw is not None and self.verdict.is_good,
            "pages": self.pages.partition(".")[2],
            "certificate": self.verdict.facts if self.verdict.is_good else None,
        }


def _expected(named: str) -> Expected:
    """Raises Refused: what is named is no public key."""
    if named:
        return Expected(raw=public_key_of(named))
    with suppress(DeskError):
        file = certificate_key_file(read_settings())
        if file is not None and file.exists():
            raw = raw_public(own_key(file, may_make=False).public_key())
            return Expected(raw=raw, own=str(file))
    return Expected()


def _checked(file: Path, expected: bytes | None) -> Checked:
    """Raises Refused: it cannot be read."""
    try:
        with file.open("rb") as opened:
            data = opened.read(MAX_SIGNED_BYTES + 1)
    except OSError as error:
        raise Refused("certificate.cannot_read", path=str(file)) from error
    if not data.startswith(PDF):
        return Checked(verdict=look_at(data, expected))
    verdict = look_at(attached_json(data) or b"", expected)
    if verdict.facts is None or not verdict.is_good:
        return Checked(verdict=verdict)
    return replace(_pages(data, verdict), verdict=verdict)


def _pages(pdf: bytes, verdict: Verdict) -> Checked:
    """What this release printed is the same to the byte when it is printed again."""
    by = str((verdict.facts or {}).get("version"))
    try:
        is_same = any(pdf_of(verdict, language) == pdf for language in Language)
    except DeskError:
        return Checked(verdict=verdict, pages="certificate.page_unknown", version=by)
    if is_same:
        return Checked(verdict=verdict, version=by)
    changed = by == version("privacydesk")
    pages = "certificate.page_changed" if changed else "certificate.page_unknown"
    return Checked(verdict=verdict, pages=pages, version=by)


async def _kept(work: UnitOfWork, *, number: str) -> str:
    """Raises NotFound."""
    return await work.fulfilments.certificate(number)


def _write(path: Path, data: bytes) -> None:
    """Into a new file that only its owner may read. Raises Refused."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
    except FileExistsError:
        raise Refused("console.file_exists", path=str(path)) from None
    except OSError as error:
        why = error.strerror or ""
        raise Refused("console.cannot_write", path=str(path), why=why) from error


COMMANDS = (certificate,)
