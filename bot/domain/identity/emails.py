"""E-mail addresses in one form, however they are typed, and as mail servers take them."""

import re
import unicodedata

import idna

from bot.domain.text import without_invisible

LONGEST = 254
"""Characters; the longest path that mail can have (RFC 5321, 4.5.3.1.3)."""
_EMAIL = re.compile(
    r"""[^\s@,;:<>()\[\]"\\]{1,64}@[^\s@,;:<>()\[\]"\\.]+(\.[^\s@,;:<>()\[\]"\\.]+)+"""
)
_AROUND = re.compile(
    r"[\s<(\[\"'`]*(?:mailto:)?(.*?)[\s>)\]\"'`,;:!?.।]*", re.DOTALL | re.IGNORECASE
)
"""What phones and mail programs put around an address: brackets, quotes, `mailto:`, a full stop."""


def email_address(text: str) -> str | None:
    """The address that the text is, its domain as its A-label; None: it is none, or more than one.

    Two spellings of a domain (`bücher.test`, `xn--bcher-kva.test`) are one address, and every mail
    server takes the second (RFC 5891). The part before the @ stays as it was written.
    """
    bare = unicodedata.normalize("NFKC", without_invisible(text))
    found = _AROUND.fullmatch(bare)
    address = found[1] if found else ""
    if len(address) > LONGEST or not _EMAIL.fullmatch(address):
        return None
    local, _, domain = address.rpartition("@")
    folded = a_label(domain)
    return None if folded is None else f"{local}@{folded}"


def a_label(domain: str) -> str | None:
    """The domain in ASCII, as the mail goes to it; None: no domain can be called so."""
    if domain.isascii():
        return domain
    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError:
        return None
