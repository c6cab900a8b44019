"""A subject, and their identifiers in every spelling and wrapping, drawn by a seed."""

import base64
import bz2
import gzip
import io
import json
import lzma
import quopri
import random
import unicodedata
import urllib.parse
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from bot.domain.addresses import AccountId, PersonId
from bot.domain.fulfilment.identifiers import Identifier, IdentifierKind, Identifiers
from bot.domain.requests.record import Subject

Kind = IdentifierKind
BANGLA = str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯")
EMAIL, PHONE, CHAT, USERNAME = "Rafiq.Islam+isp@customer-mail.example", "+8801712345678", "", ""
DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
OTHERS = (
    "xrafiq.islam+isp@customer-mail.example",
    "rafiq.islam@customer-mail.examples",
    "rafiq@customer-mail.example",
    "917123456789",
    "91712345678",
    "17123456789",
    "1548812345",
    "5488123450",
    "@rafiq_889",
    "C-104421",
    "BC-10442",
    "RJ45",
    "Islam",
    "Md.",
    "Rafiqul",
    "Rafiqul Islamabad",
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a09",
)
"""What is like one of the subject's, and is another's."""


def subject(*, persons: tuple[str, ...] = (), accounts: tuple[str, ...] = ()) -> Identifiers:
    """By what they are found."""
    return Identifiers(
        subject=Subject(person=PersonId(persons[0]))
        if persons
        else Subject(account=AccountId("a")),
        persons=tuple(PersonId(one) for one in persons),
        accounts=tuple(AccountId(one) for one in accounts),
        values=(
            Identifier(Kind.EMAIL, EMAIL),
            Identifier(Kind.EMAIL, "rafiq@münchen.example"),
            Identifier(Kind.PHONE, PHONE),
            Identifier(Kind.CHAT_ID, "548812345"),
            Identifier(Kind.USERNAME, "rafiq_88"),
            Identifier(Kind.EXTERNAL_ID, "C-10442"),
            Identifier(Kind.DOCUMENT, "R-004512"),
            Identifier(Kind.DOCUMENT, "1991234567890"),
            Identifier(Kind.NAME, "Md. Rafiqul Islam"),
            Identifier(Kind.NAME, "মোঃ রফিকুল ইসলাম"),
            Identifier(Kind.FILE_DIGEST, DIGEST),
        ),
    )


SPELLINGS: Mapping[Kind, tuple[str, ...]] = {
    Kind.EMAIL: (
        EMAIL,
        EMAIL.lower(),
        EMAIL.upper(),
        "rafiq.islam@customer-mail.example",
        "rafiq.islam+other@customer-mail.example",
        "mailto:rafiq.islam+isp@customer-mail.example",
        "<Rafiq.Islam+ISP@Customer-Mail.example>",
        "rafiq@münchen.example",
        "RAFIQ@MÜNCHEN.EXAMPLE",
        "rafiq@xn--mnchen-3ya.example",
        unicodedata.normalize("NFD", "rafiq@münchen.example"),
        "rafiq.islam+isp＠customer-mail.example",
    ),
    Kind.PHONE: (
        "+8801712345678",
        "8801712345678",
        "008801712345678",
        "01712345678",
        "1712345678",
        "+880 1712-345678",
        "+880-1712-345-678",
        "+880 (0)1712 345678",
        "(01712) 345 678",
        "0 1 7 1 2 3 4 5 6 7 8",
        "01712.345.678",
        "01712/345678",
        "017\u00a012345678",
        "01712\u2011345678",
        "wa.me/8801712345678",
        "tel:+8801712345678",
        "০১৭১২৩৪৫৬৭৮",
        "+৮৮০ ১৭১২-৩৪৫৬৭৮",
        "０１７１２３４５６７８",
        "٠١٧١٢٣٤٥٦٧٨",
    ),
    Kind.CHAT_ID: ("548812345", "telegram:548812345", "user548812345", "tg://user?id=548812345"),
    Kind.USERNAME: ("@rafiq_88", "@Rafiq_88", "https://t.me/rafiq_88", "rafiq_88", "RAFIQ_88"),
    Kind.EXTERNAL_ID: ("C-10442", "c-10442", "C 10442", "C10442", "#C-10442"),
    Kind.DOCUMENT: ("R-004512", "r4512", "R 4512", "R-৪৫১২", "1991234567890", "1991 2345 67890"),
    Kind.FILE_DIGEST: (DIGEST, DIGEST.upper()),
    Kind.NAME: (
        "Md. Rafiqul Islam",
        "RAFIQUL ISLAM",
        "Islam, Rafiqul",
        "rafiqul_islam",
        "মোঃ রফিকুল ইসলাম",
        "রফিকুল ইসলাম",
        unicodedata.normalize("NFD", "রফিকুল ইসলাম"),
    ),
}
Wrap = Callable[[str], bytes]


def _zipped(text: str, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as made:
        made.writestr("notes/first.txt", f"nothing here {text} nor here")
    return file.getvalue()


def _zipped_twice(text: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("inner.zip", _zipped(text))
    return file.getvalue()


def _escaped(text: str, form: str, encoding: str = "utf-8") -> str:
    if encoding == "utf-16":
        units = text.encode("utf-16-be")
        pairs = (int.from_bytes(units[at : at + 2], "big") for at in range(0, len(units), 2))
        return "".join(form.format(one) for one in pairs)
    return "".join(form.format(one) for one in text.encode(encoding))


def _after(prefix: bytes, text: str) -> bytes:
    return base64.b64encode(prefix + text.encode() + b" and so on")


WRAPPINGS: Mapping[str, Wrap] = {
    "plain": str.encode,
    "in a sentence": lambda text: f"please call, or write: {text}, thank you".encode(),
    "json": lambda text: json.dumps({"a": [{"b": {"c": f"said {text}"}}]}).encode(),
    "json unescaped": lambda text: json.dumps({"a": text}, ensure_ascii=False).encode(),
    "json in json": lambda text: json.dumps(json.dumps({"a": f"\n{text}\n"})).encode(),
    "json all escaped": lambda text: _escaped(text, "\\u{:04x}", "utf-16").encode(),
    "json all escaped, capitals": lambda text: _escaped(text, "\\u{:04X}", "utf-16").encode(),
    "python escapes": lambda text: _escaped(text, "\\x{:02x}").encode(),
    "percent": lambda text: urllib.parse.quote(text, safe="").encode(),
    "percent twice": lambda text: urllib.parse.quote(urllib.parse.quote(text, safe="")).encode(),
    "percent all": lambda text: _escaped(text, "%{:02X}").encode(),
    "form": lambda text: urllib.parse.urlencode({"q": text, "x": "1"}).encode(),
    "html numbers": lambda text: "".join(f"&#{ord(one)};" for one in text).encode(),
    "html hexadecimal": lambda text: "".join(f"&#x{ord(one):x};" for one in text).encode(),
    "html at": lambda text: text.replace("@", "&commat;").encode(),
    "quoted-printable": lambda text: quopri.encodestring(f"{'word ' * 12}{text} end".encode()),
    "utf-16 little": lambda text: f"note {text} end".encode("utf-16-le"),
    "utf-16 big": lambda text: f"note {text} end".encode("utf-16-be"),
    "base64 alone": lambda text: base64.b64encode(text.encode()),
    "base64 at 1": lambda text: _after(b" ", text),
    "base64 at 2": lambda text: _after(b". ", text),
    "base64 at 3": lambda text: _after(b"to ", text),
    "base64 of a URL": lambda text: base64.urlsafe_b64encode(b"\xfb\xef\xbe " + text.encode()),
    "base64 in lines": lambda text: base64.encodebytes(
        f"{'word ' * 20}{text}{' end' * 20}".encode()
    ),
    "base64 in lines of mail": lambda text: base64.encodebytes(
        f"{'word ' * 20}{text}{' end' * 20}".encode()
    ).replace(b"\n", b"\r\n"),
    "base64 in a data URL": lambda text: b"data:text/plain;base64," + _after(b"it ", text),
    "base64 of utf-16": lambda text: base64.b64encode(f"{text} end".encode("utf-16-le")),
    "hexadecimal": lambda text: text.encode().hex().encode(),
    "hexadecimal, capitals": lambda text: f"say {text} end".encode().hex().upper().encode(),
    "gzip": lambda text: gzip.compress(f"first line\n{text}\n".encode()),
    "zlib": lambda text: zlib.compress(f"first line\n{text}\n".encode()),
    "bz2": lambda text: bz2.compress(f"first line\n{text}\n".encode()),
    "xz": lambda text: lzma.compress(f"first line\n{text}\n".encode()),
    "zip": _zipped,
    "zip, stored": lambda text: _zipped(text, zipfile.ZIP_STORED),
    "zip in zip": _zipped_twice,
    "gzip in base64": lambda text: base64.b64encode(gzip.compress(f"a {text} b".encode())),
}
BY_LETTERS_ONLY = frozenset({"base64 alone", "hexadecimal"})
"""Too short to be noticed, where what stands in it is no identifier but a loose spelling of one."""


@dataclass(frozen=True, slots=True)
class Planted:
    """One identifier somewhere."""

    kind: Kind
    spelling: str
    wrapping: str

    @property
    def data(self) -> bytes:
        return WRAPPINGS[self.wrapping](self.spelling)

    def __str__(self) -> str:
        return f"{self.kind}: {self.spelling!r} in {self.wrapping}"


def every_planting() -> Iterator[Planted]:
    """Each spelling in each wrapping."""
    for kind, spellings in SPELLINGS.items():
        for spelling in spellings:
            for wrapping in WRAPPINGS:
                yield Planted(kind, spelling, wrapping)


def buried(planted: Planted, drawn: random.Random) -> bytes:
    """Among other words, as many before as behind."""
    words = [
        drawn.choice(("invoice", "paid", "12", "router", "ধন্যবাদ", "2026-01-02")) for _ in range(40)
    ]
    before, after = " ".join(words[:20]), " ".join(words[20:])
    return b"\n".join((before.encode(), planted.data, after.encode()))
