"""Whether the mail server takes what codes need; asked by `doctor`, and nothing is sent."""

import asyncio
import ssl

from aiosmtplib import SMTPAuthenticationError, SMTPException, SMTPResponseException

from bot.application.ports.reports import HealthCheck
from bot.domain.text import reveal, shorten
from handlers.email.server import MailServer, greeting_name
from handlers.log_setup import redact
from handlers.setting_values import is_mail_server
from handlers.settings import Settings

ANSWER_SHOWN = 200
"""Characters of the server's own words."""


async def mail_finding(settings: Settings, patience_seconds: float) -> HealthCheck:
    """Whether the server is there, speaks TLS where it must, and takes the login.

    It is greeted as the mailer greets it.
    """
    url = settings.smtp_url.get_secret_value()
    if not is_mail_server(url):
        return HealthCheck("mail", is_good=False, key="settings.not_a_mail_server")
    greets_as = greeting_name(settings.mail_greeting_name, settings.mail_from)
    server = MailServer.parse(url, greets_as=greets_as)
    address = f"{server.host}:{server.port or 'default'}"
    try:
        async with asyncio.timeout(patience_seconds):
            await server.greet()
    except (SMTPException, OSError, TimeoutError) as error:
        key, code = _meaning(error)
        params = (("address", address), ("error", code))
        is_away = key == "mail_away"
        return HealthCheck(
            "mail", is_good=False, key=f"doctor.{key}", params=params, is_away=is_away
        )
    return HealthCheck("mail", is_good=True, key="doctor.mail", params=(("address", address),))


def _meaning(error: Exception) -> tuple[str, str]:
    """A wording key, and a short code or the server's own answer: nobody has been named to it."""
    name = type(error).__name__
    if isinstance(error, SMTPAuthenticationError):
        return "mail_login", name
    if isinstance(error, SMTPResponseException):
        return "mail_refuses", shorten(
            reveal(redact(f"{error.code} {error.message}")), ANSWER_SHOWN
        )
    if isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError):
        return "mail_tls", name
    # The library's bare error: no STARTTLS, or no login, where one is wanted.
    return ("mail_lacks", name) if type(error) is SMTPException else ("mail_away", name)
