"""Where the digest is sent and to whom, from the environment: no connection is made here."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from pipelines.settings import LOOPBACK, SettingsError, environment


@dataclass(frozen=True)
class MailServer:
    """A mail server: `is_tls` from the first byte on (smtps), else TLS is begun after a greeting (smtp)."""

    host: str
    port: int
    is_tls: bool
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def is_loopback(self) -> bool:
        """Say whether it runs on this machine, where no TLS is needed."""
        return self.host in LOOPBACK

    def __str__(self) -> str:
        return f"{'smtps' if self.is_tls else 'smtp'}://{self.host}:{self.port}"


@dataclass(frozen=True)
class MailSettings:
    """Where the digest is sent: PAPERTRENDS_SMTP_URL, PAPERTRENDS_DIGEST_TO, PAPERTRENDS_DIGEST_FROM."""

    smtp_url: str = field(default="", repr=False)
    recipients: tuple[str, ...] = ()
    sender: str = ""

    def server(self) -> MailServer:
        """Return the mail server. Raises SettingsError, which never shows the password."""
        example = "smtps://user:password@mail.example.org:465, or smtp://... for STARTTLS"
        if not self.smtp_url:
            raise SettingsError(f"PAPERTRENDS_SMTP_URL is not set; write such as {example}")
        try:
            parts = urlsplit(self.smtp_url)
            port = parts.port or {"smtps": 465, "smtp": 587}[parts.scheme]
        except (ValueError, KeyError):
            raise SettingsError(
                f"PAPERTRENDS_SMTP_URL is no mail server's URL; write such as {example}"
            ) from None
        if not parts.hostname or parts.path.strip("/") or parts.query:
            raise SettingsError(f"PAPERTRENDS_SMTP_URL is no mail server's URL; write such as {example}")
        return MailServer(
            parts.hostname,
            port,
            parts.scheme == "smtps",
            unquote(parts.username or ""),
            unquote(parts.password or ""),
        )

    def recipients_or(self, asked: Sequence[str]) -> tuple[str, ...]:
        """Return the addresses `asked` for, else PAPERTRENDS_DIGEST_TO's. Raises SettingsError for none or a bad one."""
        chosen = tuple(asked) or self.recipients
        if not chosen:
            raise SettingsError(
                "nobody to send the digest to; give --to ADDRESS or set PAPERTRENDS_DIGEST_TO"
            )
        return tuple(_address(a, "--to" if asked else "PAPERTRENDS_DIGEST_TO") for a in chosen)

    def sender_or(self, recipient: str) -> str:
        """Return PAPERTRENDS_DIGEST_FROM, else `recipient`: a mail to oneself needs no other sender."""
        return _address(self.sender, "PAPERTRENDS_DIGEST_FROM") if self.sender else recipient


def _address(text: str, name: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+", text):
        raise SettingsError(f"{name}: {text!r} is no mail address; write such as reader@example.org")
    return text


def mail_settings() -> MailSettings:
    """Return the settings of the digest from the environment."""
    env = environment()
    recipients = re.split(r"[;,\s]+", env.get("PAPERTRENDS_DIGEST_TO", "").strip())
    return MailSettings(
        env.get("PAPERTRENDS_SMTP_URL", "").strip(),
        tuple(r for r in recipients if r),
        env.get("PAPERTRENDS_DIGEST_FROM", "").strip(),
    )
