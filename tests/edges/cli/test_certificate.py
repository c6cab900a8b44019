"""`privacydesk certificate`: it holds anywhere, and what does not hold is said."""

import base64
import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bot.domain.addresses import Language
from handlers.cli.cli import cli
from handlers.documents.certificate_pdf import pdf_of
from handlers.documents.signed_json import look_at, raw_public, signed
from tests.edges.cli.desk_commands import Commands
from tests.support.builders.certificates import a_certificate

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
TEXT = signed(a_certificate(), KEY)
PUBLIC = base64.b64encode(raw_public(KEY.public_key())).decode()
OTHER = base64.b64encode(bytes(31) + b"\x01").decode()


@pytest.fixture(autouse=True)
def nowhere(own_folder: None) -> None:
    """No desk, no settings."""


def verify(folder: Path, data: str | bytes, *words: str) -> Result:
    file = folder / "given"
    file.write_bytes(data if isinstance(data, bytes) else data.encode())
    return CliRunner().invoke(cli, ("certificate", "verify", str(file), *words))


def test_a_true_certificate_holds_without_a_desk_and_the_key_is_said_to_be_unknown(tmp_path: Path):
    done = verify(tmp_path, TEXT)

    assert done.exit_code == 0
    assert json.loads(done.stdout)["number"] == "R-000045"
    assert "cannot be told" in done.stderr
    assert list(tmp_path.iterdir()) == [tmp_path / "given"]


@pytest.mark.parametrize("language", Language)
def test_a_pdf_holds_by_what_is_attached_and_by_its_pages(tmp_path: Path, language: Language):
    pdf = pdf_of(look_at(TEXT), language)
    forged = replace(look_at(TEXT), canonical=signed(a_certificate(number="R-000099"), KEY))
    touched = replace(forged, canonical=TEXT.replace("R-000045", "R-000046"))

    done = json.loads(verify(tmp_path, pdf, "--key", PUBLIC, "--json").stdout)
    pages = verify(tmp_path, pdf.replace(b"/Type/Page", b"/Type/Pbge", 1), "--json")
    changed = verify(tmp_path, pdf_of(touched, language), "--json")
    swapped = verify(tmp_path, pdf_of(forged, language), "--json")

    assert (done["valid"], done["key_known"], done["pages"]) == (True, True, "")
    assert (pages.exit_code, json.loads(pages.stdout)["problem"]) == (1, "page_changed")
    assert (changed.exit_code, json.loads(changed.stdout)["problem"]) == (1, "changed")
    assert (swapped.exit_code, json.loads(swapped.stdout)["problem"]) == (1, "page_changed")


def test_pages_of_another_release_are_said_to_be_unknown(tmp_path: Path):
    text = signed(a_certificate(version="0.1.0"), KEY)
    pdf = pdf_of(look_at(text), Language.EN) + b"\n"

    done = verify(tmp_path, pdf, "--key", PUBLIC, "--json")

    assert done.exit_code == 0
    assert json.loads(done.stdout)["pages"] == "page_unknown"


@pytest.mark.parametrize(
    ("given", "key", "problem"),
    [
        (TEXT, OTHER, "other_key"),
        (TEXT.replace("12345", "12346"), PUBLIC, "changed"),
        (TEXT[:-10], PUBLIC, "not_one"),
        ("%PDF-1.7", PUBLIC, "not_one"),
        ("", PUBLIC, "not_one"),
    ],
)
def test_what_does_not_hold_is_said(tmp_path: Path, given: str, key: str, problem: str):
    done = verify(tmp_path, given, "--key", key, "--json")

    said = json.loads(done.stdout)
    assert done.exit_code == 1
    assert (said["valid"], said["problem"], said["certificate"]) == (False, problem, None)


def test_a_key_that_is_none_is_refused_and_so_is_a_file_that_is_not_there(tmp_path: Path):
    assert verify(tmp_path, TEXT, "--key", "x").exit_code == 1
    assert CliRunner().invoke(cli, ("certificate", "verify", "no-such-file")).exit_code == 1


def test_the_desk_prints_its_key_and_the_certificate_it_kept(commands: Commands):
    public = commands.run("certificate", "key").stdout.strip()

    assert public == commands.run("certificate", "key").stdout.strip()
    assert len(base64.b64decode(public)) == 32
    assert commands.run("certificate", "show", "R-000001").exit_code == 1
    assert verify(commands.folder, TEXT).exit_code == 1
