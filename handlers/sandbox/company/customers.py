"""The customers of Padma Net: the clients of the sandbox's chat, and others beside them.

Some share a name or a part of it with a client, as people do: only an address, a number or an
identifier says whose a row is.
"""

from dataclasses import dataclass
from typing import Final

from handlers.sandbox.sample_people import CLIENTS, ClientPart


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """A line of the customer list. `years`: since when they are one."""

    number: str
    name: str
    email: str
    phone: str
    address: str
    years: int


_HOMES: Final = {
    "C-1001": ("House 12, Road 7, Dhanmondi, Dhaka", 7),
    "C-1002": ("বাসা ৪, সড়ক ১১, মিরপুর, ঢাকা", 6),
    "C-1003": ("Flat 3B, Agrabad Road, Chattogram", 2),
}

_OTHERS: Final = (
    ("C-1004", "Md. Rahim Uddin", "rahim", "+8801712000104", "Shahbag, Dhaka", 4),
    ("C-1005", "Rafiqul Islam", "rafiqul.islam", "+8801812000105", "Zindabazar, Sylhet", 6),
    ("C-1006", "ফারহানা ইয়াসমিন", "farhana", "+8801912000106", "বড় মসজিদ রোড, খুলনা", 3),
    ("C-1007", "Nusrat Jahan Mim", "mim", "+8801713000107", "Kandirpar, Cumilla", 1),
    ("C-1008", "আব্দুল করিম", "karim", "+8801813000108", "স্টেশন রোড, রাজশাহী", 5),
    ("C-1009", "Shirin Akter", "shirin", "+8801913000109", "Sadar Road, Barishal", 2),
)

MENTIONS: Final = (
    ("C-1004", "Asked whether Nusrat Jahan (nusrat@clients.example) may share the same line."),
    ("C-1006", "প্রতিবেশী রফিকুল ইসলামের নম্বর 01811-000102 দিয়ে ফোন করেছেন।"),
    ("C-1009", "Referred by C-1001, ring her on +880 1711-000101 before the visit."),
    ("C-1005", "Same name as another customer, not the same person: check the number first."),
)
"""Notes about one customer that speak of another, in the spellings people use."""


def customers() -> tuple[Customer, ...]:
    """All of them; the clients of the chat come first, with what the client list says of them."""
    return (*map(_of_chat, CLIENTS), *map(_other, _OTHERS))


def _of_chat(client: ClientPart) -> Customer:
    address, years = _HOMES.get(client.external_id, ("Dhaka", 3))
    return Customer(
        number=client.external_id,
        name=client.name,
        email=client.email,
        phone=client.listed_phone,
        address=address,
        years=years,
    )


def _other(line: tuple[str, str, str, str, str, int]) -> Customer:
    number, name, mailbox, phone, address, years = line
    return Customer(
        number=number,
        name=name,
        email=f"{mailbox}@customers.example",
        phone=phone,
        address=address,
        years=years,
    )
