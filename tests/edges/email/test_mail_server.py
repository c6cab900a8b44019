"""What a mail server's answers mean, and what a mail looks like."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from email import message_from_bytes, policy

import pytest
from aiosmtpd.smtp import SMTP
from pydantic import SecretStr

from bot.application.ports.queues import Arrived, LaneTrouble, NotSent
from bot.application.requests.mail import Letter
from bot.domain.addresses import Language, Surface
from bot.wording import say, texts
from handlers.email.health import mail_finding
from handlers.email.letter_format import mail_of
from handlers.email.server import ONE_MAILBOX, MailServer, greeting_name
from handlers.sandbox.mailbox import Mailbox
from handlers.settings import Settings
from tests.edges.email.conftest import SENDER

LETTER = Letter(
    "rahima@example.com",
    "Your code: ERASING your data",
    "Somebody <b>asked</b> & more.\nYour code: 12345678\n\nFreeze: https://t.me/desk_bot?start=f_0a",
    Language.EN,
)
SUBJECTS = sorted(
    f"{area}.{key}"
    for area in ("identity", "requests")
    for key in texts(Language.EN, area)
    if key.startswith("mail_subject")
)
LONGEST_LINE = 78
"""RFC 5322, 2.1.1."""


class Moody:
    """Answers one word of the talk as it likes."""

    def __init__(self, word: str, answer: str) -> None:
        self.word, self.answer = word, answer

    async def handle_MAIL(self, _server, _session, envelope, address, _options) -> str:  # noqa: N802  # as called
        if self.word == "MAIL":
            return self.answer
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, _server, _session, envelope, address, _options) -> str:  # noqa: N802  # as called
        if self.word == "RCPT":
            return self.answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, _session, _envelope) -> str:  # noqa: N802  # as called
        if self.answer == "hang up":
            server.transport.abort()
        return self.answer if self.word == "DATA" else "250 OK"


class Kept(Moody):
    """Keeps what was said of one letter."""

    def __init__(self) -> None:
        super().__init__("", "")
        self.options: list[str] | None = None
        self.rcpt_tos = list[str]()

    async def handle_MAIL(self, _server, _session, envelope, address, options) -> str:  # noqa: N802  # as called
        self.options = [one for one in options if not one.startswith(("SIZE", "BODY"))]
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, _server, _session, envelope, address, _options) -> str:  # noqa: N802  # as called
        envelope.rcpt_tos.append(address)
        self.rcpt_tos.append(address)
        return "250 OK"


NOT_FULL = "550 5.7.1 Helo command rejected: need a fully-qualified hostname"


class Strict(Moody):
    """Takes nobody who does not give a full domain."""

    async def handle_EHLO(self, _server, session, _envelope, hostname, responses):  # noqa: N802  # as called
        session.host_name = hostname
        return responses if "." in hostname else [NOT_FULL]

    async def handle_HELO(self, _server, session, _envelope, hostname):  # noqa: N802  # as called
        session.host_name = hostname
        return "250 OK" if "." in hostname else NOT_FULL


@asynccontextmanager
async def moody(word: str, answer: str, *, kind: type[Moody] = Moody) -> AsyncIterator[MailServer]:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(kind(word, answer), hostname="moody.example", enable_SMTPUTF8=False),
        "127.0.0.1",
        0,
    )
    port = server.sockets[0].getsockname()[1]
    yield MailServer.parse(f"smtp://127.0.0.1:{port}")
    server.close()
    await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("word", "answer", "outcome"),
    [
        ("MAIL", "451 later", LaneTrouble(error="smtp_451")),
        ("MAIL", "550 who are you", LaneTrouble(error="smtp_550")),
        ("RCPT", "450 later", LaneTrouble(error="smtp_450", scope=ONE_MAILBOX)),
        ("RCPT", "421 going down", LaneTrouble(error="smtp_421")),
        ("RCPT", "550 nobody of that name", NotSent("smtp_550", is_final=True)),
        ("DATA", "451 later", LaneTrouble(error="smtp_451", scope=ONE_MAILBOX)),
        ("DATA", "554 spam", NotSent("smtp_554", is_final=True)),
    ],
)
async def test_an_answer_says_whether_trying_again_helps(word, answer, outcome):
    async with moody(word, answer) as server:
        assert await server.send(mail_of(LETTER, SENDER), LETTER.to) == outcome


@asynccontextmanager
async def offering(*, smtputf8: bool) -> AsyncIterator[tuple[MailServer, Kept]]:
    kept = Kept()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(kept, hostname="mail.example", enable_SMTPUTF8=smtputf8), "127.0.0.1", 0
    )
    yield MailServer.parse(f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"), kept
    server.close()
    await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("to", "is_offered", "options"),
    [
        ("রহিমা@example.com", True, ["SMTPUTF8"]),
        ("rahima@example.com", True, []),
        ("rahima@example.com", False, []),
        ("রহিমা@example.com", False, None),
    ],
)
async def test_utf8_is_asked_for_only_where_it_is_needed_and_offered(
    to: str, options: list[str] | None, *, is_offered: bool
):
    async with offering(smtputf8=is_offered) as (server, kept):
        outcome = await server.send(mail_of(replace(LETTER, to=to), SENDER), to)

    assert kept.options == options
    assert kept.rcpt_tos == ([] if options is None else [to])
    wanted = NotSent("no_smtputf8", is_final=True) if options is None else Arrived(Surface.MAIL)
    assert outcome == wanted


def test_the_senders_domain_goes_as_its_a_label():
    mail = mail_of(LETTER, "Desk <desk@bücher.test>")

    assert mail["From"].addresses[0].addr_spec == "desk@xn--bcher-kva.test"


async def test_a_server_is_greeted_by_the_domain_that_mail_comes_from():
    async with moody("", "", kind=Strict) as server:
        unnamed = await server.send(mail_of(LETTER, SENDER), LETTER.to)
        named = replace(server, greets_as=greeting_name("", "Desk <desk@bücher.test>"))
        outcome = await named.send(mail_of(LETTER, SENDER), LETTER.to)

    assert unnamed == LaneTrouble(error="smtp_550")
    assert named.greets_as == "xn--bcher-kva.test"
    assert isinstance(outcome, Arrived)


async def test_a_refused_greeting_is_told_in_the_servers_own_words():
    async with moody("", "", kind=Strict) as server:
        url = f"smtp://127.0.0.1:{server.port}"
        wrong = Settings(_env_file=None, smtp_url=SecretStr(url), mail_greeting_name="nameless")  # pyright: ignore[reportCallIssue]
        right = Settings(_env_file=None, smtp_url=SecretStr(url), mail_from="desk@isp.example")  # pyright: ignore[reportCallIssue]
        refused, taken = await mail_finding(wrong, 5), await mail_finding(right, 5)

    assert not refused.is_good
    assert "Helo command rejected: need a fully-qualified" in str(dict(refused.params)["error"])
    assert taken.is_good


async def test_a_line_that_breaks_after_the_mail_has_left_is_in_doubt():
    async with moody("DATA", "hang up") as server:
        outcome = await server.send(mail_of(LETTER, SENDER), LETTER.to)

    assert isinstance(outcome, LaneTrouble)
    assert outcome.may_have_arrived


async def test_a_server_that_is_not_there_took_nothing():
    outcome = await MailServer.parse("smtp://127.0.0.1:1").send(mail_of(LETTER, SENDER), LETTER.to)

    assert isinstance(outcome, LaneTrouble)
    assert not outcome.may_have_arrived


async def test_without_tls_only_to_this_machine(mailbox: Mailbox):
    port = int(mailbox.url.rpartition(":")[2])
    here = MailServer("127.0.0.1", port, "", "", is_tls_from_start=False)
    elsewhere = MailServer("127.0.0.1", port, "", "", is_tls_from_start=False)
    object.__setattr__(elsewhere, "host", "localhost.localdomain")

    assert isinstance(await here.send(mail_of(LETTER, SENDER), LETTER.to), Arrived)
    assert not elsewhere.is_here
    assert isinstance(await elsewhere.send(mail_of(LETTER, SENDER), LETTER.to), LaneTrouble)
    assert len(mailbox.mails) == 1


async def test_the_html_has_nothing_in_it_but_text_and_links(mailbox: Mailbox):
    await MailServer.parse(mailbox.url).send(mail_of(LETTER, SENDER), LETTER.to)

    (mail,) = mailbox.mails
    message = message_from_bytes(mail.raw, policy=policy.default)
    part = message.get_body(("html",))
    assert part is not None
    html = part.get_content()
    assert mail.text.replace("\r\n", "\n") == LETTER.text
    assert "&lt;b&gt;asked&lt;/b&gt; &amp; more." in html
    assert '<a href="https://t.me/desk_bot?start=f_0a">' in html
    assert message["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(
    "behind",
    [".", ",", ", or go to court.", ";", ":", "!", "?", ")", ").", "।", "”", "…", " - now"],
)
def test_what_closes_a_sentence_is_no_part_of_a_link(behind: str):
    link = "https://ico.org.uk/make-a-complaint/"
    letter = Letter(LETTER.to, "s", f"Complain to the office ({link}{behind}", Language.EN)

    part = mail_of(letter, SENDER).get_body(("html",))

    assert part is not None
    assert f'(<a href="{link}">{link}</a>{behind}</p>' in part.get_content()


LINKS = re.compile(r"\{(?:authority|link|where)\}[^\s\"”]")
FOR_CLIENTS = ("identity", "requests", "mail_subjects", "client_data", "conversation")


@pytest.mark.parametrize("language", Language)
def test_no_text_for_clients_puts_anything_right_behind_a_link(language: Language):
    behind = {
        f"{area}.{key}"
        for area in FOR_CLIENTS
        for key, text in texts(language, area).items()
        if LINKS.search(text)
    }

    assert behind == set()


@pytest.mark.parametrize("to", ["no address", "a@b\r\nBcc: c@d", ""])
def test_an_address_that_is_none_is_never_written_to(to: str):
    with pytest.raises(Exception) as raised:  # noqa: PT011  # each of the kinds the adapter knows
        mail_of(Letter(to, "s", "t", Language.EN), SENDER)

    assert isinstance(raised.value, ValueError | IndexError)


def test_the_url_may_have_a_percent_encoded_password():
    server = MailServer.parse("smtps://desk%40x:p%2Fw@mail.example:465")

    assert (server.username, server.password) == ("desk@x", "p/w")
    assert server.is_tls_from_start
    assert not server.is_here


@pytest.mark.parametrize("to", ["rahima@example.com", "rahima@উদাহরণ.example"])
@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("key", SUBJECTS)
def test_a_long_subject_arrives_with_its_spaces(key: str, language: Language, to: str):
    subject = say(key, language, number="R-000001")

    raw = mail_of(Letter(to, subject, "x", language), SENDER).as_bytes()

    read = message_from_bytes(raw, policy=policy.default)
    assert read["Subject"] == subject
    assert max(map(len, raw.partition(b"\r\n\r\n")[0].split(b"\r\n"))) <= LONGEST_LINE
