"""Signing certificates with the desk's own key, and printing what was signed."""

from pathlib import Path

from bot.domain.addresses import Language
from bot.domain.errors import Refused
from bot.domain.fulfilment.certificate import Certificate
from handlers.documents.certificate_key import own_key
from handlers.documents.certificate_pdf import pdf_of
from handlers.documents.signed_json import look_at, raw_public, signed


class Ed25519Signer:
    """Asks for its key when it is needed: a desk that certifies nothing needs none."""

    def __init__(self, key_file: Path | None) -> None:
        self._file = key_file

    def sign(self, certificate: Certificate) -> str:
        return signed(certificate, own_key(self._file, may_make=True))

    def document(self, signed: str, language: Language) -> bytes:
        verdict = look_at(signed)
        if verdict.facts is None or not verdict.is_good:
            raise Refused(verdict.problem)
        return pdf_of(verdict, language)

    def public_key(self) -> bytes:
        """The raw public key; made with its secret half where there is none yet. Raises Refused."""
        return raw_public(own_key(self._file, may_make=True).public_key())
