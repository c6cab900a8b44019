"""Each mail's subject says the step, in both languages, and nothing of anybody."""

import re
from pathlib import Path

import pytest

from bot.application.requests.notices import subject
from bot.domain.addresses import Language
from bot.domain.requests.states import FINAL
from bot.wording import texts
from tests.support.drivers.asker import a_person, an_asker
from tests.unit.requests.deciding import approve, deny, does

SOURCES = Path(subject.__file__).parents[2]
"""bot/application: wherever a step is told."""
STEP = re.compile(r'"requests\.((?:notice_|held|extended|denied|appeal_taken)\w*)"')


def steps() -> set[str]:
    """Every step that the code tells, so that a new one is not forgotten here."""
    written = "".join(file.read_text("utf-8") for file in SOURCES.rglob("*.py"))
    ended = {f"notice_{state}" for state in FINAL if state.startswith("closed_un")}
    return {*STEP.findall(written), *ended, "staff_path"}


@pytest.mark.parametrize("language", list(Language))
def test_every_step_that_is_told_has_a_subject_of_its_own(language: Language):
    subjects = texts(language, "mail_subjects")

    assert steps() <= set(subjects)
    fields = [re.findall(r"{(\w+)}", one) for one in subjects.values()]
    assert fields == [["number"]] * len(subjects)


async def test_the_subjects_of_an_erasure_tell_how_it_went():
    client = await an_asker()
    a_person(client.desk)
    await client.erases()
    await approve(client.desk, client.request, "ayesha")
    await approve(client.desk, client.request, "badrul")
    await client.hears()
    await client.says("/status")
    await client.taps("Freeze")
    for name in ("ayesha", "badrul"):
        await does(client.desk, client.request, name, "agree_to_lift_freeze")
    await client.hears()

    subjects = [one.subject for one in client.letters]

    assert subjects == [
        "Your code: ERASING your data",
        "R-000001: somebody proved to be you",
        "R-000001: confirmed, our staff decide",
        "R-000001: the first of two approvals",
        "R-000001: approved, now in the waiting time",
        "R-000001: FROZEN, nothing is carried out",
        "R-000001: the freeze was lifted",
    ]


async def test_a_mail_of_a_refusal_does_not_ask_to_freeze():
    client = await an_asker()
    a_person(client.desk)
    await client.erases()

    await deny(client.desk, client.request)
    await client.hears()

    letter = client.letters[-1]
    assert letter.subject == "R-000001: refused, and how to appeal"
    assert "freeze it" not in letter.text
    assert "If this was not you, tell us here: /start f_" in letter.text


def test_in_bangla_a_proof_warns_that_somebody_showed_to_be_the_client():
    """What staff do is to confirm an identity; whoever proves says "it is I"."""
    told = [texts(Language.BN, area)["notice_verified"] for area in ("mail_subjects", "requests")]

    assert all("দেখিয়েছেন যে তিনিই আপনি" in one for one in told)
    assert not any("পরিচয় নিশ্চিত" in one for one in told)


def test_in_bangla_a_client_whose_record_changed_is_asked_to_write_for_a_person():
    told = texts(Language.BN, "identity")["contacts_not_right"]

    assert "একজন মানুষের সঙ্গে কথা বলতে চান, তা-ও লিখুন" in told
