"""E-mail addresses: however one is typed it is the same one, and anything more is talk."""

import pytest

from bot.domain.identity.emails import a_label, email_address, stated_email


@pytest.mark.parametrize(
    "typed",
    [
        "rahima@example.com",
        "  rahima@example.com\n",
        "<rahima@example.com>",
        "(rahima@example.com)",
        '"rahima@example.com",',
        "rahima@example.com.",
        "rahima@example.com।",
        "mailto:rahima@example.com",
        "MAILTO:rahima@example.com!",
        "\u200brahima@exam\u00adple.com\u2060",
        "\u202arahima@example.com\u202c",
        "\uff52ahima@example.com",
        "rahima @ example.com",
        "<mailto:rahima@example.com>",
    ],
)
def test_what_a_phone_puts_around_an_address_is_no_part_of_it(typed: str):
    assert email_address(typed) == "rahima@example.com"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "@",
        "my address is rahima@example.com",
        "rahima@example",
        "a@b.co c@d.co",
        "a@b.co,c@d.co",
        "a b@c.co",
        "a@b@c.co",
        f"{'x' * 65}@b.co",
        f"x@{'y' * 260}.co",
        "mal@bü\u2044cher.test",
    ],
)
def test_anything_more_or_less_than_an_address_is_none(typed: str):
    assert email_address(typed) is None


@pytest.mark.parametrize(
    "typed",
    [
        "rahima@example.com",
        "My e-mail address is rahima@example.com.",
        "it is: rahima @ example.com, thanks",
        "e-mail:rahima@example.com",
        "আমার ই-মেইল rahima@example.com।",
        "[rahima@example.com](mailto:rahima@example.com)",
        "Rahima Khatun <rahima@example.com>",
    ],
)
def test_an_address_is_understood_in_the_sentence_that_says_it(typed: str):
    assert stated_email(typed) == "rahima@example.com"


@pytest.mark.parametrize(
    "typed",
    [
        "a@b.co or c@d.co",
        "did you write to rahima@example.com?",
        "I have no e-mail",
        "@rahima",
        f"rahima@example.com {'and much more ' * 20}",
    ],
)
def test_a_sentence_that_says_no_single_address_says_none(typed: str):
    assert stated_email(typed) is None


@pytest.mark.parametrize("typed", ["mal@bücher.test", "mal@BÜCHER.test", "mal@xn--bcher-kva.test"])
def test_a_domain_has_one_spelling(typed: str):
    assert email_address(typed) == "mal@xn--bcher-kva.test"


def test_a_domain_that_cannot_be_one_has_no_a_label():
    assert a_label("-ü-.test") is None
    assert a_label("isp.example") == "isp.example"
