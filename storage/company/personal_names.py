"""What a column's name says of what it holds, in the words that people give to columns."""

import re
from dataclasses import dataclass

_WORDS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+|[^\W\d_a-zA-Z]+")


@dataclass(frozen=True, slots=True)
class _Sign:
    """Words of which one, or all of a group, must be in a name."""

    kind: str
    groups: tuple[tuple[str, ...], ...]
    unless: tuple[str, ...] = ()


_SIGNS = (
    _Sign(
        "email",
        (("email",), ("mail",), ("e", "mail"), ("ইমেইল",)),
        ("sent", "count", "template", "verified", "server", "at", "id", "opt"),
    ),
    _Sign(
        "phone",
        (("phone",), ("mobile",), ("msisdn",), ("telephone",), ("tel",), ("fax",), ("whatsapp",), ("cell",), ("মোবাইল",), ("ফোন",)),
        ("type", "verified", "count", "model"),
    ),
    _Sign(
        "name",
        (
            ("first", "name"), ("last", "name"), ("full", "name"), ("firstname",), ("lastname",),
            ("fullname",), ("middle", "name"), ("surname",), ("given", "name"), ("family", "name"),
            ("contact", "name"), ("customer", "name"), ("client", "name"), ("user", "name"),
            ("username",), ("nick", "name"), ("father", "name"), ("mother", "name"),
            ("billing", "name"), ("shipping", "name"), ("recipient",), ("display", "name"), ("নাম",),
        ),
    ),
    _Sign(
        "address",
        (("address",), ("street",), ("postcode",), ("postal", "code"), ("postalcode",), ("zip",), ("zipcode",), ("city",), ("thana",), ("upazila",), ("district",), ("ঠিকানা",)),
        ("mac", "type"),
    ),
    _Sign("birth", (("birth",), ("dob",), ("birthday",), ("birthdate",), ("age",), ("জন্ম",))),
    _Sign(
        "document",
        (("nid",), ("passport",), ("ssn",), ("national", "id"), ("tin",), ("tax", "id"), ("vat", "number"), ("licence", "number"), ("license", "number"), ("nationalid",)),
    ),
    _Sign("network", (("ip",), ("ipaddress",), ("ip", "address"), ("mac",), ("mac", "address"), ("imei",), ("imsi",), ("user", "agent"), ("device", "id"))),
    _Sign("money", (("iban",), ("account", "number"), ("card", "number"), ("pan",), ("bkash",), ("nagad",))),
    _Sign("person", (("gender",), ("sex",), ("religion",), ("nationality",), ("photo",), ("avatar",), ("signature",), ("occupation",), ("marital", "status"), ("latitude",), ("longitude",))),
    _Sign("secret", (("password",), ("passwd",), ("pin",), ("password", "hash"))),
    _Sign("words", (("note",), ("notes",), ("comment",), ("comments",), ("remark",), ("remarks",), ("message",), ("body",), ("description",), ("feedback",))),
)  # fmt: skip
STAFF = frozenset(
    {"employee", "employees", "staff", "user_role", "admin", "admins", "operator", "operators"}
)
PEOPLE = (
    "customer",
    "client",
    "subscriber",
    "user",
    "member",
    "person",
    "people",
    "account",
    "contact",
    "patient",
    "guest",
    "lead",
    "গ্রাহক",
)
_COMPANY_NUMBERS = ("code", "number", "no", "ref", "external", "id")


def words_in(name: str) -> list[str]:
    """`BillingPostalCode` and `billing_postal_code` are billing, postal, code."""
    return [one.lower() for one in _WORDS.findall(name)]


def personal_kind(column: str) -> str:
    """What it seems to hold; empty: nothing personal."""
    words = words_in(column)
    whole = "".join(words)
    for sign in _SIGNS:
        is_meant = any(set(group) <= set(words) or "".join(group) == whole for group in sign.groups)
        if is_meant and not set(words) & set(sign.unless):
            return sign.kind
    return ""


def is_of_people(table: str) -> bool:
    """Whether a table's name says that its rows are people."""
    words = words_in(table.rpartition(".")[2])
    singular = {one.removesuffix("s") for one in words} | {
        one.removesuffix("ies") + "y" for one in words
    }
    return bool({*words, *singular} & {*PEOPLE})


def is_of_staff(table: str) -> bool:
    return bool({*words_in(table)} & STAFF)


def is_company_number(column: str, table: str) -> bool:
    """`CustomerId` of Customer, `customer_code`, `client_no`: what a company calls a client by."""
    words = words_in(column)
    own = {one.removesuffix("s") for one in words_in(table.rpartition(".")[2])}
    rest = [one for one in words if one.removesuffix("s") not in own]
    return (
        bool(words)
        and (len(rest) < len(words) or words[0] == "external")
        and bool(rest)
        and all(one in _COMPANY_NUMBERS for one in rest)
    )
