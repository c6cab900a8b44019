"""A printed certificate carries the signed text, and says the same in each language."""

import re

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bot.domain.addresses import Language
from bot.domain.errors import Refused
from handlers.documents.certificate_page import CertificatePage
from handlers.documents.certificate_pdf import attached_json, pdf_of
from handlers.documents.certificate_signer import Ed25519Signer
from handlers.documents.signed_json import look_at, signed
from tests.support.builders.certificates import a_certificate

TEXT = signed(a_certificate(), Ed25519PrivateKey.from_private_bytes(bytes(range(32))))


def words(language: Language) -> str:
    verdict = look_at(TEXT)
    assert verdict.facts is not None
    page = CertificatePage(verdict.facts, language)
    parts = page.parts(verdict.key, "d1" * 32)
    said = [page.title, *page.opening()]
    for part in parts:
        said += [part.heading, *part.words, *part.head, *(one for row in part.rows for one in row)]
        assert all(len(row) == len(part.head) == len(part.widths) for row in part.rows)
    return "\n".join(said)


@pytest.mark.parametrize("language", Language)
def test_a_page_says_what_was_done_by_whom_what_stays_and_what_is_not_reached(language: Language):
    said = words(language)

    for told in ("R-000045", "5f0c" * 16, "one", "two", "ab12" * 16, "invoice", "vat", "0.2.0"):
        assert told in said
    assert "a_place_of_no_text" in said
    assert "0" * 63 + "7" in said


def test_counts_are_in_the_digits_of_the_language():
    assert "12345" in words(Language.EN)
    assert "১২৩৪৫" in words(Language.BN)


@pytest.mark.parametrize("language", Language)
def test_a_pdf_is_tagged_titled_of_its_language_and_carries_the_signed_text(language: Language):
    pdf = pdf_of(look_at(TEXT), language)

    assert pdf.startswith(b"%PDF-1.7")
    assert attached_json(pdf) == TEXT.encode()
    assert re.search(rb"<pdfaid:part>3</pdfaid:part>", pdf)
    assert re.search(rb"<pdfaid:conformance>A</pdfaid:conformance>", pdf)
    assert b"R-000045" in pdf
    assert f"<dc:language><rdf:Bag><rdf:li>{language}".encode() in pdf


def test_the_same_text_gives_the_same_bytes():
    assert pdf_of(look_at(TEXT), Language.BN) == pdf_of(look_at(TEXT), Language.BN)


def test_what_somebody_wrote_is_never_typesetters_code():
    evil = signed(
        a_certificate(company='#panic("x") *b* $x$ #read("/etc/passwd") ` \\'),
        Ed25519PrivateKey.from_private_bytes(bytes(32)),
    )

    assert pdf_of(look_at(evil), Language.EN).startswith(b"%PDF-")


def test_a_pdf_without_or_with_several_attachments_carries_no_certificate():
    pdf = pdf_of(look_at(TEXT), Language.EN)

    assert attached_json(b"%PDF-1.7") is None
    assert attached_json(pdf + pdf) is None
    assert attached_json(pdf[: pdf.find(b"EmbeddedFile") + 200]) is None


def test_nothing_is_printed_that_was_not_signed(tmp_path):
    with pytest.raises(Refused, match="changed"):
        Ed25519Signer(tmp_path / "key").document(TEXT.replace("R-000045", "R-000046"), Language.EN)
