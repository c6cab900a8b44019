"""Every code that people may see has its words."""

from inspect import getmembers, isfunction, signature

import pytest

from bot.domain.addresses import Language
from bot.domain.identity.limits import Alarm
from bot.domain.identity.phones import ContactVerdict
from bot.domain.requests import guards
from bot.domain.requests.reasons import Reason
from bot.domain.requests.said_facts import Verb
from bot.domain.requests.states import (
    DenialCode,
    ExtensionReason,
    HoldReason,
    Party,
    RequestState,
    RequestType,
)
from bot.domain.requests.transitions import BY_HAND, TABLE
from bot.wording import texts
from tests.support.wordings import placeholders

WORDS = [
    *(("requests", f"state_{state}") for state in RequestState),
    *(("requests", f"next_{state}") for state in RequestState),
    *(("requests", f"type_{kind}") for kind in RequestType),
    *(("requests", f"actor_{party}") for party in Party),
    *(("requests", f"denial_{code}") for code in DenialCode),
    *(("requests", f"hold_{reason}") for reason in HoldReason),
    *(("requests", f"extension_{reason}") for reason in ExtensionReason),
    *(("requests", f"reason_{reason}") for reason in Reason),
    *(("requests", f"verb_{verb}") for verb in Verb),
    *(("identity", f"alarm_{alarm}") for alarm in Alarm),
    *(("identity", f"phone_{verdict}") for verdict in ContactVerdict),
]


@pytest.mark.parametrize(("area", "key"), WORDS, ids=str)
def test_every_code_has_its_words(area, key):
    assert texts(Language.EN, area).get(key)


def test_each_guard_stands_in_a_table_and_can_be_called_by_its_name():
    asked = {guard for edge in (*TABLE, *BY_HAND) for guard in (*edge.when, *edge.guards)}

    assert {guard.__name__ for guard in asked} == {
        name
        for name, found in getmembers(guards, isfunction)
        if list(signature(found).parameters) == ["case"] and not name.startswith("_")
    }


def test_no_words_are_left_for_a_reason_that_nobody_has():
    said = {key for key in texts(Language.EN, "requests") if key.startswith("reason_")}

    assert said == {f"reason_{reason}" for reason in Reason}


def test_the_mail_with_a_code_names_the_action_and_says_never_pass_it_on():
    for language, words in ((Language.EN, "Never pass this on"), (Language.BN, "কাউকে দেবেন না")):
        mail = texts(language, "identity")["mail_code"]

        assert words in mail
        assert {"type", "number", "code", "link"} <= placeholders(mail)
