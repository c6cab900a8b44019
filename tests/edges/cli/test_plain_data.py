"""What commands print for scripts and for eyes: times in ISO 8601, addresses masked."""

import json
from datetime import datetime, timedelta

from bot.application.ports.unit_of_work import UnitOfWork
from tests.edges.cli.desk_commands import Commands

HEADER = "external_id,name,company,email,phone,language,regime\n"
TWO = f"{HEADER}C-1,Ann,,home@mail.example,,en,gdpr\nC-2,Bob,,home@mail.example,,en,gdpr\n"


async def away(work: UnitOfWork) -> None:
    (staff,) = await work.staff.everyone()
    staff.away_until = work.clock.now() + timedelta(days=1)
    await work.staff.put(staff)


def test_addresses_of_several_clients_are_shown_masked(commands: Commands):
    commands.write("clients.csv", TWO)

    shown = commands.run("clients", "import", "clients.csv", "--dry-run")
    data = json.loads(commands.run("clients", "import", "clients.csv", "--json").stdout)

    assert "home@mail.example" not in shown.output
    assert "h…@m….example: 2 clients" in shown.stderr
    assert [one["address"] for one in data["shared"]] == ["h…@m….example"]


def test_times_in_json_are_iso_8601_with_their_offset(commands: Commands):
    commands.run("staff", "add", "U0BOB")
    commands.on_store(away)

    (bob,) = json.loads(commands.run("staff", "list", "--json").stdout)

    assert "T" in bob["away_until"]
    assert datetime.fromisoformat(bob["away_until"]).utcoffset() == timedelta(0)


def test_what_cannot_be_a_slack_user_is_not_put_on_the_list(commands: Commands):
    refused = commands.run("staff", "add", "nonsense")

    assert refused.exit_code == 1
    assert "U0123ABCD" in refused.stderr
    assert json.loads(commands.run("staff", "list", "--json").stdout) == []
