"""The made-up people of the sandbox: three clients of an ISP, and the staff who serve them."""

import csv
import io
from dataclasses import dataclass
from typing import Final

CLIENT_LIST_COLUMNS: Final = (
    "external_id",
    "name",
    "company",
    "email",
    "phone",
    "language",
    "regime",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientPart:
    """A client. `listed_phone` is the number on the company's client list."""

    telegram_id: int
    first_name: str
    last_name: str
    username: str
    language: str
    phone: str
    listed_phone: str
    external_id: str
    email: str
    about: str
    """What makes this client worth a visit, for the page."""

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffPart:
    """A member of the workspace. `role` is a word for the page; the settings give the right."""

    slack_id: str
    name: str
    real_name: str
    role: str
    is_agent: bool = False
    is_approver: bool = False
    is_guest: bool = False

    @property
    def email(self) -> str:
        return f"{self.name}@staff.example"


COMPANY: Final = "Padma Net"

CLIENTS: Final = (
    ClientPart(
        telegram_id=4_100_000_101,
        first_name="Nusrat",
        last_name="Jahan",
        username="nusrat_j",
        language="en",
        phone="+8801711000101",
        listed_phone="+8801711000101",
        external_id="C-1001",
        email="nusrat@clients.example",
        about="On the client list. Writes English.",
    ),
    ClientPart(
        telegram_id=4_100_000_102,
        first_name="রফিকুল",
        last_name="ইসলাম",
        username="rafiq_islam",
        language="bn",
        phone="+8801811000102",
        listed_phone="+8801811000102",
        external_id="C-1002",
        email="rafiqul@clients.example",
        about="On the client list. Writes Bangla.",
    ),
    ClientPart(
        telegram_id=4_100_000_103,
        first_name="Tania",
        last_name="Akter",
        username="tania_a",
        language="en",
        phone="+8801911000103",
        listed_phone="+8801511000999",
        external_id="C-1003",
        email="tania@clients.example",
        about="On the client list, with another phone than this one.",
    ),
)

STAFF: Final = (
    StaffPart(slack_id="U0MINA", name="mina", real_name="Mina Rahman", role="Agent", is_agent=True),
    # An erasure needs two approvers, so one of the two agents is one as well.
    StaffPart(
        slack_id="U0JAMIL",
        name="jamil",
        real_name="Jamil Ahmed",
        role="Agent and approver",
        is_agent=True,
        is_approver=True,
    ),
    StaffPart(
        slack_id="U0SALMA",
        name="salma",
        real_name="Salma Khatun",
        role="Approver",
        is_approver=True,
    ),
    StaffPart(slack_id="U0GUEST", name="gopal", real_name="Gopal Das", role="Guest", is_guest=True),
)


def client_list() -> str:
    """The company's client list with these three on it, as `clients import` reads it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(CLIENT_LIST_COLUMNS)
    for one in CLIENTS:
        row = (one.external_id, one.name, COMPANY, one.email, one.listed_phone, one.language)
        writer.writerow((*row, "bd-pdpa-2026"))
    return out.getvalue()
