"""NOTICE is true and whole: whose work is here, and under which licence what is installed is."""

from email.parser import Parser
from pathlib import Path
from zipfile import ZipFile

from hatchling.builders.wheel import WheelBuilder

from tests.locks import ROOT, RUN, pins
from tests.notice import FILE, licence_of, licences, notice_page, notices

WRITTEN = FILE.read_text(encoding="utf-8")
REWRITE = "run `make docs` and read the change"
EVERYWHERE = [pin.name for pin in pins(RUN) if pin.requirement.marker is None]


def test_every_package_that_is_installed_somewhere_has_its_licence_told():
    told = licences(WRITTEN)

    assert set(told) == {pin.name for pin in pins(RUN)}, REWRITE
    assert [name for name, licence in told.items() if not licence] == []


def test_each_licence_is_what_the_package_says_of_itself():
    told = licences(WRITTEN)

    assert {name: told.get(name) for name in EVERYWHERE} == {
        name: licence_of(name) for name in EVERYWHERE
    }, REWRITE


def test_the_page_is_as_it_would_be_written_today():
    """But for lines of packages that are another release, or none, on this machine."""
    fixed = set(EVERYWHERE)
    here, there = notice_page(WRITTEN), WRITTEN

    assert _without_others(here, fixed) == _without_others(there, fixed), REWRITE


def test_the_libraries_under_the_lgpl_are_named():
    lesser = {name for name, licence in licences(WRITTEN).items() if licence.startswith("LGPL")}

    assert lesser == {"psycopg", "psycopg-binary", "python-telegram-bot"}


def test_a_package_that_is_not_installed_here_keeps_its_line():
    page = WRITTEN.replace("tzdata: Apache-2.0", "tzdata: as it was told elsewhere")

    assert licences(notice_page(page))["tzdata"] in {"as it was told elsewhere", "Apache-2.0"}


def test_the_wheel_carries_every_notice(tmp_path: Path):
    (built,) = WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])

    with ZipFile(built) as wheel:
        names = set(wheel.namelist())
        about = next(name for name in names if name.endswith(".dist-info/METADATA"))
        told = Parser().parsestr(wheel.read(about).decode())
    folder = about.rpartition("/")[0]

    assert told.get_all("License-File") == ["LICENSE", "NOTICE"]
    assert {f"{folder}/licenses/{name}" for name in ("LICENSE", "NOTICE")} <= names
    assert {file.relative_to(ROOT).as_posix() for file in notices()} <= names


def _without_others(page: str, kept: set[str]) -> str:
    others = licences(page).keys() - kept
    return "\n".join(line for line in page.splitlines() if line.partition(":")[0] not in others)
