"""`privacydesk sources`: a map is drafted, held against its database, and tried."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from handlers.cli.cli import cli
from tests.support.builders.company_database import MAP, provider_at

pytestmark = pytest.mark.usefixtures("own_folder")


def run(*words: str) -> Result:
    return CliRunner().invoke(cli, ["sources", *words])


@pytest.fixture
def company_map(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    provider_at(f"sqlite:///{tmp_path / 'provider.db'}", tmp_path)
    (tmp_path / ".env").write_text(f"PROVIDER_URL=sqlite:///{tmp_path / 'provider.db'}\n")
    file = tmp_path / "provider.yaml"
    file.write_text(MAP, encoding="utf-8")
    monkeypatch.setenv("COMPANY_SOURCES", str(file))
    return file


def test_a_draft_is_checked_and_previewed(company_map: Path):
    drafted = run("suggest", "${PROVIDER_URL}", "--output", "draft.yaml")
    checked = run("check", "--map", "draft.yaml")
    shown = run("preview", "c-1", "--map", "draft.yaml")

    assert [one.exit_code for one in (drafted, checked, shown)] == [0, 0, 0]
    assert "people found: 1" in shown.stdout
    assert company_map.exists()


def test_a_problem_ends_with_one_and_says_where(company_map: Path):
    company_map.write_text(MAP.replace("personal: ip", "personal: ipp"), encoding="utf-8")

    checked = run("check")

    assert checked.exit_code == 1
    assert "provider.yaml:" in checked.stdout
    assert "Did you mean ip?" in checked.stdout


@pytest.mark.usefixtures("company_map")
def test_the_findings_and_the_plan_are_data_for_scripts():
    checked = json.loads(run("check", "--json").stdout)
    plan = json.loads(run("preview", "rahima@mail.example", "--json").stdout)

    assert (checked[0]["source"], checked[0]["good"]) == ("provider", True)
    assert plan[0]["subjects"] == 1
    assert {one["place"] for one in plan[0]["items"]} >= {"customer", "invoice", "newsletter"}


@pytest.mark.usefixtures("company_map")
@pytest.mark.parametrize(
    "subject", ["C-1", "rahima@mail.example", "01712345678", "+880 1712 345678"]
)
def test_the_rows_themselves_come_line_by_line(subject: str):
    lines = [json.loads(line) for line in run("preview", subject, "--data").stdout.splitlines()]

    assert {one["row"]["code"] for one in lines if one["place"] == "customer"} == {"C-1"}


@pytest.mark.usefixtures("company_map")
def test_nobody_is_found_in_plain_words():
    assert "nobody was found" in run("preview", "C-999").stdout


def test_without_a_map_it_is_said_what_to_set():
    told = run("check")

    assert told.exit_code == 1
    assert "COMPANY_SOURCES" in told.output
