"""The sandbox's mailbox is a real SMTP server that keeps what it is given."""

from email.message import EmailMessage

import aiosmtplib
import pytest

from handlers.sandbox.mailbox import Mailbox


@pytest.fixture
async def mailbox():
    box = Mailbox(clock=lambda: 1_760_000_000.0)
    await box.start()
    yield box
    await box.stop()


def mail(subject="Your code", text="আপনার কোড 482913\n"):
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "desk@x.example", "nusrat@y.example", subject
    made.set_content(text)
    return made


async def send(mailbox, message):
    port = int(mailbox.url.rsplit(":", 1)[1])
    await aiosmtplib.send(message, hostname="127.0.0.1", port=port)


async def test_a_mail_is_kept_as_it_was_written(mailbox):
    await send(mailbox, mail("কোড"))

    kept = mailbox.mails[0]
    assert (kept.subject, kept.text, kept.recipients) == (
        "কোড",
        "আপনার কোড 482913",
        ("nusrat@y.example",),
    )
    assert kept.to_json()["at"] == 1_760_000_000.0


async def test_whoever_watches_is_told_of_each_mail(mailbox):
    seen = []
    leave = mailbox.subscribe(lambda one: seen.append(one.subject))

    await send(mailbox, mail("one"))
    leave()
    await send(mailbox, mail("two"))

    assert seen == ["one"]
    assert [one.subject for one in mailbox.mails] == ["one", "two"]


async def test_a_mail_can_be_waited_for(mailbox):
    await send(mailbox, mail("The first"))
    await send(mailbox, mail("The second"))

    assert (await mailbox.expect("nusrat@y.example", "first")).subject == "The first"
    with pytest.raises(TimeoutError):
        await mailbox.expect("nobody@y.example", timeout_seconds=0.01)


async def test_files_of_a_mail_are_named(mailbox):
    message = mail()
    message.add_attachment(b"{}", maintype="application", subtype="json", filename="data.json")

    await send(mailbox, message)

    assert mailbox.mails[0].files == ("data.json",)
