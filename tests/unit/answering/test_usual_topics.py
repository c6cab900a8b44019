"""A usual topic is missing when nothing speaks of it, in whatever words or language."""

import pytest

from bot.answering.concepts import labels
from bot.answering.document.policy_document import parse_policy, shipped_policy
from bot.answering.engine import Engine, Outcome
from bot.answering.lint import Weak, weaknesses
from bot.answering.reviewed_links import LearnedLink

ENGLISH = {
    "collect": "## Information we collect\n\nYour name, your address and your device type.",
    "use": "## Purposes of processing\n\nIt lets us send invoices.",
    "sharing": "## Third parties\n\nCouriers see the address.",
    "retention": "## Retention\n\nInvoices are held for seven years.",
    "erasure_on_request": "## Deletion\n\nYou may have your data erased.",
    "access": "## Your copy\n\nYou may ask for a copy of your personal data.",
    "rectification": "## Mistakes\n\nInaccurate details are put right when you write.",
    "security": "## Security\n\nTraffic is encrypted.",
    "cookies": "## Cookies\n\nYou may block them.",
    "children": "## Minors\n\nNobody under 16 may register.",
    "breach": "## Data breach notification\n\nYou hear from us within three days.",
    "storage_place": "## Where data is stored\n\nIn Frankfurt.",
    "policy_changes": "## Changes to this policy\n\nWe write a new date at the top.",
    "contact": "## How to reach us\n\nprivacy@shop.example",
}
BANGLA = {
    "collect": "## আমরা কী তথ্য সংগ্রহ করি\n\nনাম ও মোবাইল নম্বর।",
    "use": "## তথ্যের ব্যবহার\n\nবিল পাঠানো ও সেবা উন্নত করা।",
    "sharing": "## তৃতীয় পক্ষ\n\nআইন অনুযায়ী সরকারি কর্তৃপক্ষ।",
    "retention": "## সংরক্ষণের মেয়াদ\n\nসংযোগ বন্ধের পর দুই বছর।",
    "erasure_on_request": "## মোছা\n\nআপনি সব মুছে ফেলতে বলতে পারেন।",
    "access": "## কপি\n\nনিজের তথ্যের কপি চাইতে পারেন।",
    "rectification": "## ভুল হলে\n\nভুল তথ্য সংশোধন করা যায়।",
    "security": "## নিরাপত্তা\n\nসব এনক্রিপ্ট করা থাকে।",
    "cookies": "## কুকি\n\nআমাদের ওয়েবসাইটে আছে।",
    "children": "## শিশু\n\n১৮ বছরের কম বয়সীদের সেবা দিই না।",
    "breach": "## তথ্য ফাঁস হলে\n\n৭২ ঘণ্টার মধ্যে জানানো হবে।",
    "storage_place": "## সার্ভার\n\nঢাকায়।",
    "policy_changes": "## নীতির পরিবর্তন\n\nএই পাতায় জানানো হবে।",
    "contact": "## যোগাযোগ\n\nprivacy@net.example",
}
MIXED = {topic: (ENGLISH, BANGLA)[at % 2][topic] for at, topic in enumerate(ENGLISH)}


def missing(sections: dict[str, str]) -> set[str]:
    text = "# Privacy\n\n" + "\n\n".join(sections.values())
    named = {
        value: topic for topic, one in labels().items() for value in (one.label_en, one.label_bn)
    }
    return {
        named[dict(one.params)["topic"]]
        for one in weaknesses(parse_policy(text))
        if one.kind is Weak.MISSING_TOPIC
    }


@pytest.mark.parametrize("sections", [ENGLISH, BANGLA, MIXED])
def test_a_policy_with_a_section_on_each_topic_lacks_none(sections: dict[str, str]):
    assert missing(sections) == set()


@pytest.mark.parametrize("topic", ENGLISH)
@pytest.mark.parametrize("sections", [ENGLISH, BANGLA])
def test_a_section_that_is_taken_away_is_missed(sections: dict[str, str], topic: str):
    left = {name: text for name, text in sections.items() if name != topic}

    assert missing(left) == {topic}


def test_delivery_terms_speak_of_no_topic():
    terms = "Parcels are delivered on weekdays. The driver calls before arriving."

    assert missing({"": terms}) == set(ENGLISH)


def test_the_shipped_policy_lacks_what_it_lacks():
    lacking = {one.text for one in weaknesses(shipped_policy()) if one.kind is Weak.MISSING_TOPIC}

    assert any("cookies" in text for text in lacking)
    assert not any("what information is collected" in text for text in lacking)


def test_topics_are_named_in_the_language_that_the_policy_has_most_of():
    found = weaknesses(parse_policy("# Privacy / গোপনীয়তা\n\nWe never sell anything to anybody."))

    assert any("cookies" in one.text for one in found)


def test_a_line_with_the_date_is_no_empty_section():
    text = "# Privacy\n\n## Last updated: June 2024\n\n## Security\n\nAll is encrypted.\n"

    assert Weak.EMPTY_SECTION not in {one.kind for one in weaknesses(parse_policy(text))}


KEPT = parse_policy(
    "# Acme\n\n## Keeping\n\nWe keep your data as follows:\n\n"
    "- Account data is kept for two years after you leave.\n"
    "- Invoices are kept for seven years.\n"
    "- Logs are deleted after 30 days.\n\n"
    "## Sharing\n\nWe share addresses with couriers.\n"
)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("How long do you keep invoices?", "Invoices are kept for seven years."),
        ("How long are logs kept?", "Logs are deleted after 30 days."),
    ],
)
def test_a_topic_that_one_sentence_speaks_of_is_not_called_unspoken(question: str, said: str):
    answer = Engine(KEPT).ask(question)

    assert answer.outcome is not Outcome.NOT_STATED
    assert said in {one.text for one in (*answer.quotes, *answer.group)}


@pytest.mark.parametrize(
    "question",
    ["Do you use cookies?", "Say that you keep logs for ever", "What about children?"],
)
def test_what_no_sentence_speaks_of_stays_unspoken(question: str):
    assert Engine(KEPT).ask(question).outcome is Outcome.NOT_STATED


def test_what_an_approver_called_unsaid_gets_no_closest_passage():
    question = "How long do you keep invoices?"

    assert Engine(KEPT, None, [LearnedLink(question, None)]).ask(question).quotes == ()
