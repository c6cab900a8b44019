"""Printing a signed certificate: a tagged PDF (PDF/A-3a) that carries the signed text with it.

The same text gives the same bytes, so that a page that was changed can be told from one that was
not. The typesetter shapes Bangla, which joins and reorders its letters.
"""

import hashlib
import json
import re
import zlib
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from bot.domain.addresses import Language
from bot.domain.errors import Unavailable
from bot.wording import say
from handlers.documents.certificate_page import CertificatePage
from handlers.documents.signed_json import MAX_SIGNED_BYTES, Verdict

ROOM = resources.files("handlers.documents")
STANDARD = "a-3a"
"""ISO 19005-3, level A: tagged, with its fonts, and files may be attached."""
ATTACHED = re.compile(rb"<<[^\r\n]*?/Type\s*/EmbeddedFile\b[^\r\n]*?>>\s*stream\r?\n")
END = b"endstream"


def pdf_of(verdict: Verdict, language: Language) -> bytes:
    """Raises Unavailable: the typesetter does not run on this machine."""
    facts = verdict.facts or {}
    page = CertificatePage(facts, language)
    at = datetime.fromisoformat(facts["certified_at"]).astimezone(UTC)
    digest = hashlib.sha256(verdict.canonical.encode()).hexdigest()
    data = {
        "language": language.value,
        "title": page.title,
        "company": facts["company"],
        "attached": say("certificate.attached", language),
        "at": [at.year, at.month, at.day, at.hour, at.minute, at.second],
        "opening": page.opening(),
        "parts": [asdict(part) for part in page.parts(verdict.key, digest)],
    }
    return _typeset(json.dumps(data, ensure_ascii=False).encode(), verdict.canonical.encode())


def attached_json(pdf: bytes) -> bytes | None:
    """The signed text that a certificate's PDF carries; None: it carries none, or several."""
    found = [_stream(pdf, one) for one in ATTACHED.finditer(pdf)]
    return found[0] if len(found) == 1 else None


def _stream(pdf: bytes, opening: re.Match[bytes]) -> bytes | None:
    end = pdf.find(END, opening.end())
    if end < 0:
        return None
    raw = pdf[opening.end() : end].rstrip(b"\r\n")
    if b"/FlateDecode" not in opening[0]:
        return raw
    try:
        return zlib.decompressobj().decompress(raw, MAX_SIGNED_BYTES)
    except zlib.error:
        return None


def _typeset(page: bytes, certificate: bytes) -> bytes:
    try:
        import typst  # noqa: PLC0415  # large, and needed where a certificate is printed only
    except ImportError as error:
        raise Unavailable("certificate.no_typesetter") from error
    # the library takes files by name, which its types do not say
    files: Any = {"main.typ": _template(), "page.json": page, "certificate.json": certificate}
    with resources.as_file(ROOM / "fonts") as fonts:
        return typst.compile(
            files,
            format="pdf",
            font_paths=[Path(fonts)],
            ignore_system_fonts=True,
            pdf_standards=[STANDARD],
        )


@cache
def _template() -> bytes:
    return (ROOM / "certificate.typ").read_bytes()
