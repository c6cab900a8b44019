"""A letter as mail: plain text, and the same as HTML with nothing in it but text and links."""

import html
import mimetypes
import re
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import formatdate, make_msgid, parseaddr

from bot.application.requests.mail import Letter
from bot.domain.identity.emails import email_address

_CLOSING = r".,;:!?…।)\]}”’»"
"""What ends a sentence and stands behind a link; it is no part of it."""
_LINK = re.compile(rf"https://[^\s<>\"']*[^\s<>\"'{_CLOSING}]")
_PAGE = '<!DOCTYPE html>\n<html lang="{language}"><body>\n{body}\n</body></html>\n'


def mail_of(letter: Letter, sender: str) -> EmailMessage:
    """The mail.

    Raises:
        ValueError: the address on record is none that mail can be sent to.
    """
    name, written = parseaddr(sender)
    address = email_address(written) or written
    message = EmailMessage(policy=SMTP if letter.to.isascii() else SMTPUTF8)
    message["From"] = Address(name, addr_spec=address)
    message["To"] = _receiver(letter.to)
    message.set_raw("Subject", _subject(letter.subject))
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=address.partition("@")[2] or "localhost")
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = letter.language
    message.set_content(letter.text)
    message.add_alternative(_html(letter), subtype="html")
    for name, content in letter.files:
        kind, _ = mimetypes.guess_type(name)
        main, _, sub = (kind or "application/octet-stream").partition("/")
        message.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return message


def _receiver(address: str) -> Address:
    """Where the local part is not ASCII, the library takes it in two parts only."""
    local, _, domain = address.rpartition("@")
    if local.isascii():
        return Address(addr_spec=address)
    return Address(username=local, domain=domain)


def _subject(text: str) -> str:
    """Folded by the older `Header`: the policy loses spaces where it cuts Bangla in two."""
    charset = "us-ascii" if text.isascii() else "utf-8"
    return Header(" ".join(text.split()), charset, header_name="Subject").encode(linesep="\r\n")


def _html(letter: Letter) -> str:
    """Escaped whole, then lines and links made; no text of anybody can become markup."""
    paragraphs = letter.text.split("\n\n")
    body = "\n".join(f"<p>{_lines(each)}</p>" for each in paragraphs)
    return _PAGE.format(language=letter.language, body=body)


def _lines(text: str) -> str:
    found, at = [], 0
    for link in _LINK.finditer(text):
        url = html.escape(link[0])
        found += [html.escape(text[at : link.start()]), f'<a href="{url}">{url}</a>']
        at = link.end()
    found.append(html.escape(text[at:]))
    return "".join(found).replace("\n", "<br>\n")
