"""The digest as a mail, and the way to a mail server. What it tells is `content`'s."""

import smtplib
import ssl
import textwrap
from collections.abc import Sequence
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache

from jinja2 import Environment

from pipelines.report.digest.content import SHOWN_PROPOSALS, Digest
from pipelines.report.digest.server import MailServer
from pipelines.report.evidence import CLOSE_MARK, OPEN_MARK
from pipelines.report.pages.places import slugs
from pipelines.report.pages.render import templates_of
from pipelines.warehouse.output import visible

TIMEOUT_S = 30.0
_WIDTH, _INDENT = 96, "    "


class MailError(RuntimeError):
    """A mail that was not sent: the message names the server, the cause and what to do."""


@cache
def _templates() -> Environment:
    made = templates_of("pipelines.report.digest")
    made.filters |= {"visible": visible, "wrapped": _wrapped, "marked": _marked}
    return made


def _wrapped(text: str) -> str:
    """Return scraped text in indented lines that a mail's reader need not scroll, its control characters visible."""
    return textwrap.fill(
        visible(" ".join(text.split())), _WIDTH, initial_indent=_INDENT, subsequent_indent=_INDENT,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def _marked(sentence: Sequence[tuple[str, bool]]) -> str:
    return "".join(f"{OPEN_MARK}{text}{CLOSE_MARK}" if is_name else text for text, is_name in sentence)


def _rendered(name: str, digest: Digest) -> str:
    return (
        _templates()
        .get_template(name)
        .render(
            digest=digest,
            proposals=digest.proposals[:SHOWN_PROPOSALS],
            n_more=len(digest.proposals) - SHOWN_PROPOSALS,
        )
    )


def plain_text(digest: Digest) -> str:
    """Return the digest as plain text; control characters of scraped text are made visible."""
    return _rendered("digest.txt", digest) + "\n"


def message_of(digest: Digest, sender: str, recipients: Sequence[str]) -> EmailMessage:
    """Return the digest as a mail in plain text and HTML.

    The same digest has the same Message-ID, so that a mail that is sent twice is one to whoever receives it.
    """
    message = EmailMessage()
    n, scope = digest.n_new, digest.scope
    message["Subject"] = f"papertrends: {n:,} new {'paper' if n == 1 else 'papers'}, scope {scope}"
    message["From"] = Address(addr_spec=sender)
    message["To"] = tuple(Address(addr_spec=r) for r in recipients)
    message["Date"] = format_datetime(datetime.now(UTC))
    told = f"{digest.release_id}.{digest.since:%Y%m%dT%H%M%S}.{slugs([scope])[scope]}"
    message["Message-ID"] = f"<{told}@papertrends.{sender.rpartition('@')[2]}>"
    message.set_content(plain_text(digest))
    message.add_alternative(_rendered("digest.html", digest), subtype="html")
    return message


def send(message: EmailMessage, server: MailServer) -> tuple[str, ...]:
    """Hand the mail to the server, over TLS unless it is this machine's own; return the recipients that it refused.

    Raises MailError when nobody has the mail.
    """
    context = ssl.create_default_context()
    try:
        with (
            smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_S, context=context)
            if server.is_tls
            else smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S)
        ) as connection:
            if not server.is_tls and not server.is_loopback:
                connection.starttls(context=context)
            if server.user:
                connection.login(server.user, server.password)
            return tuple(sorted(connection.send_message(message)))
    except (OSError, smtplib.SMTPException) as error:
        raise MailError(
            f"{server}: {_cause(error)}; the digest was not sent, mend PAPERTRENDS_SMTP_URL or run it again"
        ) from error


def _cause(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return f"every recipient was refused ({', '.join(sorted(error.recipients))})"
    if isinstance(error, smtplib.SMTPResponseException):
        said = (
            error.smtp_error.decode(errors="replace")
            if isinstance(error.smtp_error, bytes)
            else error.smtp_error
        )
        return f"{error.smtp_code} {' '.join(str(said).split())}"
    return str(error) or type(error).__name__
