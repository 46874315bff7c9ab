"""One letter to the mail server (RFC 5321), text and HTML side by side."""

from __future__ import annotations

import datetime as dt
from email.message import EmailMessage
from email.utils import make_msgid, parseaddr

import aiosmtplib

from backend.mail.schemas import CaughtLetter
from backend.settings import Settings

TIMEOUT = 20.0


class RecipientRefused(Exception):
    """The server will never take this letter (5xx)."""


class MailServer:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def send(self, letter: CaughtLetter) -> None:
        """Raises RecipientRefused, or aiosmtplib.SMTPException and OSError where another try may help."""
        settings = self._settings
        try:
            await aiosmtplib.send(
                self._message(letter),
                hostname=settings.smtp_host,
                port=settings.smtp_port,
                username=settings.smtp_user or None,
                password=settings.smtp_password.get_secret_value() or None,
                use_tls=settings.smtp_security == "tls",
                start_tls=settings.smtp_security == "starttls",
                timeout=TIMEOUT,
            )
        except aiosmtplib.SMTPRecipientsRefused as refused:
            if all(400 <= error.code < 500 for error in refused.recipients):
                raise
            raise RecipientRefused from None
        except aiosmtplib.SMTPResponseException as answer:
            if answer.code < 500 or isinstance(answer, aiosmtplib.SMTPAuthenticationError):
                raise
            raise RecipientRefused from None

    def _message(self, letter: CaughtLetter) -> EmailMessage:
        """`EmailMessage` refuses line breaks in headers, so an address cannot bring headers of its own."""
        message = EmailMessage()
        message["From"] = self._settings.mail_from
        message["To"] = letter.to
        message["Subject"] = letter.subject
        message["Date"] = dt.datetime.fromisoformat(letter.at)
        message["Message-ID"] = make_msgid(domain=parseaddr(self._settings.mail_from)[1].rpartition("@")[2])
        message["Auto-Submitted"] = "auto-generated"
        message["Content-Language"] = "pl"
        message.set_content(letter.text)
        message.add_alternative(letter.html, subtype="html")
        return message
