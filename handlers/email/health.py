"""Whether the mail server takes what codes need; asked by `doctor`, and nothing is sent."""

import asyncio
import ssl

from aiosmtplib import SMTPAuthenticationError, SMTPException, SMTPResponseException

from bot.application.ports.reports import HealthCheck
from handlers.email.server import MailServer
from handlers.settings import is_mail_server


async def mail_finding(url: str, patience_seconds: float) -> HealthCheck:
    """Whether the server is there, speaks TLS where it must, and takes the login."""
    if not is_mail_server(url):
        return HealthCheck("mail", is_good=False, key="settings.not_a_mail_server")
    server = MailServer.parse(url)
    address = f"{server.host}:{server.port or 'default'}"
    try:
        async with asyncio.timeout(patience_seconds):
            await server.greet()
    except (SMTPException, OSError, TimeoutError) as error:
        key, code = _meaning(error)
        params = (("address", address), ("error", code))
        return HealthCheck("mail", is_good=False, key=f"doctor.{key}", params=params)
    return HealthCheck("mail", is_good=True, key="doctor.mail", params=(("address", address),))


def _meaning(error: Exception) -> tuple[str, str]:
    """A wording key and a short code; a server's own words may quote an address."""
    name = type(error).__name__
    if isinstance(error, SMTPAuthenticationError):
        return "mail_login", name
    if isinstance(error, SMTPResponseException):
        return "mail_away", f"smtp_{error.code}"
    if isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError):
        return "mail_tls", name
    # The library's bare error: no STARTTLS, or no login, where one is wanted.
    return ("mail_lacks", name) if type(error) is SMTPException else ("mail_away", name)
