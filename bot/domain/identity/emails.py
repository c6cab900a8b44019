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
_AT = re.compile(r"\s*@\s*")
_BETWEEN_WORDS = re.compile(r"[\s,;:]+")
_SENTENCE = 160
"""Characters; a longer text is talk in which an address stands, and no answer."""
_AROUND = re.compile(
    r"[\s<(\[\"'`]*(?:mailto:)?(.*?)[\s>)\]\"'`,;:!?.।]*", re.DOTALL | re.IGNORECASE
)
"""What phones and mail programs put around an address: brackets, quotes, `mailto:`, a full stop."""


def email_address(text: str) -> str | None:
    """The address that the text is, its domain as its A-label; None: it is none, or more than one.

    Two spellings of a domain (`bücher.test`, `xn--bcher-kva.test`) are one address, and every mail
    server takes the second (RFC 5891). The part before the @ stays as it was written.
    """
    bare = _AT.sub("@", unicodedata.normalize("NFKC", without_invisible(text)))
    found = _AROUND.fullmatch(bare)
    address = found[1] if found else ""
    if len(address) > LONGEST or not _EMAIL.fullmatch(address):
        return None
    local, _, domain = address.rpartition("@")
    folded = a_label(domain)
    return None if folded is None else f"{local}@{folded}"


def stated_email(text: str) -> str | None:
    """The one address of a short sentence, `My e-mail is rahima@example.com` for one.

    None: there is none, or more than one, or it is asked about one.
    """
    whole = email_address(text)
    bare = _AT.sub("@", unicodedata.normalize("NFKC", without_invisible(text))).strip()
    if whole is not None or len(bare) > _SENTENCE or "?" in bare:
        return whole
    words = [word for word in _BETWEEN_WORDS.split(bare) if "@" in word]
    found = {address for word in words if (address := email_address(word)) is not None}
    return found.pop() if len(found) == 1 else None


def a_label(domain: str) -> str | None:
    """The domain in ASCII, as the mail goes to it; None: no domain can be called so."""
    if domain.isascii():
        return domain
    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError:
        return None
