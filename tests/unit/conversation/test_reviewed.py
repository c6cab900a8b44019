"""What people reviewed reaches clients: Bangla summaries, and "not in the policy"."""

from dataclasses import replace

from bot.application.policy_publishing import SummariesPublished, publish_summaries
from bot.application.reviewed_answers.question_links import mark_not_in_policy
from bot.domain.addresses import OPERATOR, Language, PersonId
from bot.domain.clients.people import AccountLink, Person
from bot.wording import say
from tests.support.drivers.talker import KEPT, NOT_STATED, Talker, a_talker, an_answer

ASKED = "How long do you keep my information?"
SUMMARY = "আমরা প্রয়োজনমতো তথ্য রাখি।"


async def a_bangla_reader(summaries: dict[str, str]) -> Talker:
    client = await a_talker()
    await client.desk.bus.handle(OPERATOR, publish_summaries, summaries=summaries)
    await client.says("নমস্কার")
    return client


async def test_who_reads_bangla_gets_the_reviewed_summary_below_the_verbatim_quote():
    client = await a_bangla_reader({"retention": SUMMARY, "cookies": "অন্য"})

    await client.says("কতদিন রাখেন?", an_answer())

    text = client.last.text
    marked = say("policy.frame_summary", Language.BN)
    assert text.index(KEPT) < text.index(marked) < text.index(SUMMARY)
    assert "অন্য" not in text
    assert "উদ্ধৃত" in marked


async def test_the_whole_section_comes_with_its_summary_too():
    client = await a_bangla_reader({"retention": SUMMARY})
    await client.says("কতদিন রাখেন?", an_answer())

    await client.taps(say("conversation.show_section", Language.BN))

    assert client.last.text.endswith(SUMMARY)


async def test_a_section_without_a_summary_is_quoted_alone():
    client = await a_bangla_reader({"cookies": "অন্য"})

    await client.says("কতদিন রাখেন?", an_answer())

    assert say("policy.frame_summary", Language.BN) not in client.last.text


async def test_who_reads_english_gets_no_summary():
    client = await a_talker()
    await client.desk.bus.handle(OPERATOR, publish_summaries, summaries={"retention": SUMMARY})

    await client.says(ASKED, an_answer())

    assert SUMMARY not in client.last.text


async def test_publishing_the_same_summaries_again_is_no_news():
    client = await a_talker()

    news = [
        await client.desk.bus.handle(OPERATOR, publish_summaries, summaries=each)
        for each in ({}, {"a": "b"}, {"a": "b"}, {})
    ]

    assert news == [False, True, False, True]
    assert [one.sections for one in client.desk.facts(SummariesPublished)] == [1, 0]


async def test_the_clients_own_name_is_not_kept_with_the_question():
    client = await a_talker()

    await client.says("Does alice get her data back?", NOT_STATED)

    (question,) = client.desk.store.questions.values()
    assert question.text == "Does [name] get her data back?"


async def test_nor_is_their_name_on_the_client_list():
    client = await a_talker()
    await client.says("/menu")
    store = client.desk.store
    store.people[PersonId("p1")] = Person(
        id=PersonId("p1"),
        external_id="C-1",
        name="Rahima Khatun",
        company="",
        language=Language.BN,
        regime="gdpr",
        created_at=client.desk.clock.now(),
    )
    known = replace(client.account, link=AccountLink(person=PersonId("p1")))
    store.accounts[known.id] = known

    await client.says("Does rahima get her data back?", NOT_STATED)

    (question,) = store.questions.values()
    assert question.text == "Does [name] get her data back?"


async def test_a_question_marked_as_not_in_the_policy_is_settled_as_it_is_asked_again():
    client = await a_talker()
    await client.says("Do you print mugs?", NOT_STATED)
    (first,) = client.desk.store.questions.values()
    link = await client.desk.bus.handle(OPERATOR, mark_not_in_policy, question=first.id)

    await client.says("do you print mugs", NOT_STATED)

    assert {one.link for one in client.desk.store.questions.values()} == {link.id}
