"""What the digest promises: it tells what is new, once, with sentences; a mail that failed is not taken for sent."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from selectolax.lexbor import LexborHTMLParser

from pipelines.assets.automation import DIGEST_JOB
from pipelines.cli import main
from pipelines.definitions import build_definitions
from pipelines.report.digest import post as posting
from pipelines.report.digest.mail import MailError
from pipelines.report.digest.server import MailSettings, mail_settings
from pipelines.settings import SettingsError
from pipelines.stages import Stages
from pipelines.warehouse.build import build_release
from pipelines.warehouse.publish import built_at
from pipelines.warehouse.query import connect
from tests.standin.smtp import Post, mail_server
from tests.warehouse.small_lake import CAPTURED_AT, Paper, SmallLake

READER = "reader@example.org"
OLD = Paper(1, "2024-01-05", methods=(("LoRA", "uses"),), sizes=(("7B", 7e9, None, "uses"),))
NEW = Paper(
    2, "2024-02", methods=(("QLoRA", "proposes"), ("LoRA", "uses")), sizes=(("70B", 7e10, None, "uses"),),
    candidate="ZebraTune",
)  # fmt: skip


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    """Return a mail server that the settings name."""
    for name in [n for n in os.environ if n.startswith("PAPERTRENDS_")]:
        monkeypatch.delenv(name)
    with mail_server() as served:
        monkeypatch.setenv("PAPERTRENDS_SMTP_URL", f"smtp://127.0.0.1:{served.port}")
        yield served


@pytest.fixture
def lake(tmp_path: Path) -> SmallLake:
    """Return a lake of one paper with a release."""
    small = SmallLake(tmp_path / "data", [OLD])
    build_release(small.write(), inputs=small.inputs())
    return small


def body(mail: EmailMessage, kind: str) -> str:
    """Return the plain or the HTML text of a mail."""
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def digest(lake: SmallLake, *words: str) -> Result:
    """Run `papertrends digest` in this process."""
    return CliRunner().invoke(main, ["digest", "--data-dir", str(lake.root), *words])


def grow(lake: SmallLake, *papers: Paper) -> None:
    """Add papers and publish a release of all."""
    lake.papers.extend(papers)
    build_release(lake.write(), inputs=lake.inputs(minute=len(lake.papers)))


def test_the_first_digest_tells_the_last_days_and_the_next_only_what_came(
    lake: SmallLake, post: Post
) -> None:
    """Every paper is told once, whatever its dates say; a digest with nothing new sends no mail."""
    assert digest(lake, "--to", READER).stdout == f"sent to {READER}: 1 new papers\n"
    assert digest(lake, "--to", READER).stdout == "nothing new since the last digest; nothing was sent\n"
    grow(lake, NEW)
    assert digest(lake, "--to", READER).stdout == f"sent to {READER}: 1 new papers\n"
    (to, first), (_, second) = post.mails
    assert to == [READER]
    assert first["Subject"] == "papertrends: 1 new paper, scope all"
    text = body(second, "plain")
    assert "1 new paper in scope 'all' since 2026-03-02 09:00 UTC; 1 name a PEFT method." in text
    assert "An invented study, number 2" in text
    assert "number 1" not in text


def test_claims_come_with_their_sentences_and_their_past(lake: SmallLake, post: Post) -> None:
    """What is proposed stands with the sentence that says so, what is used beside what was used before, sizes, accuracy."""
    digest(lake, "--to", READER)
    grow(lake, NEW)
    digest(lake, "--to", READER)
    mail = post.mails[-1][1]
    text = body(mail, "plain")
    assert "QLoRA\n    2024-02 An invented study, number 2\n" in text
    assert "Here we speak of >>QLoRA<< once." in text
    assert "ZebraTune  (not catalogued)" in text
    assert "We introduce >>ZebraTune<< as our own." in text
    uses = {
        line.split()[0]: line.split()[1:]
        for line in text.splitlines()
        if line.startswith(("LoRA ", "QLoRA "))
    }
    assert uses == {"LoRA": ["1", "100", "%", "100", "%"], "QLoRA": ["1", "100", "%", "0", "%"]}
    assert "1 paper states one; median 70B, largest 70B" in text
    assert "F1 on labelled texts: peft 0.90." in text
    page = LexborHTMLParser(body(mail, "html"))
    assert "QLoRA" in [b.text() for b in page.css("p > b")]


def test_looking_at_it_sends_nothing_and_notes_nothing(lake: SmallLake, post: Post) -> None:
    """Without --to or --send the digest is printed, as often as one likes; --since goes back as far as one likes."""
    first = digest(lake)
    assert "1 new paper in scope 'all'" in first.stdout
    assert digest(lake).stdout == first.stdout
    assert (
        "0 new papers in scope 'all' since 2026-03-01 00:00 UTC"
        in digest(lake, "--since", "2026-03-01").stdout
    )
    assert "1 new paper in scope 'all'" in digest(lake, "--since", "2026-02-28").stdout
    assert post.mails == []


def test_a_mail_that_failed_is_told_again(lake: SmallLake, post: Post) -> None:
    """When the server refuses, the error is one line that names it, and the next digest tells the same papers."""
    post.data_answer = "452 mailbox full"
    failed = digest(lake, "--to", READER)
    assert failed.exit_code == 1
    assert f"smtp://127.0.0.1:{post.port}: 452 mailbox full; the digest was not sent" in failed.stderr
    post.data_answer = "250 taken"
    assert digest(lake, "--to", READER).stdout == f"sent to {READER}: 1 new papers\n"


def test_a_digest_that_is_sent_twice_is_one_mail(
    lake: SmallLake, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A death between sending and noting sends the same digest again under the same Message-ID."""

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(posting, "replacing", dies)
        with pytest.raises(KeyboardInterrupt):
            posting.send_digest(lake.data, mail_settings(), [READER])
    posting.send_digest(lake.data, mail_settings(), [READER])
    (_, first), (_, second) = post.mails
    assert first["Message-ID"] == second["Message-ID"]


def test_some_recipients_refused(lake: SmallLake, post: Post) -> None:
    """A refused recipient is named; when all are refused nothing counts as told."""
    post.refused_recipients = {"gone@example.org"}
    some = digest(lake, "--to", READER, "--to", "gone@example.org")
    assert some.exit_code == 1
    assert "refused gone@example.org; the other recipients have the digest" in some.stderr
    assert digest(lake, "--to", READER).stdout == "nothing new since the last digest; nothing was sent\n"
    grow(lake, NEW)
    post.refused_recipients = {READER}
    every = digest(lake, "--to", READER)
    assert "every recipient was refused (reader@example.org)" in every.stderr
    post.refused_recipients = set()
    assert digest(lake, "--to", READER).stdout.startswith("sent to")


def test_scopes_are_told_apart(lake: SmallLake, post: Post) -> None:
    """What one scope's readers were told says nothing of another's."""
    digest(lake, "--to", READER)
    assert digest(lake, "--to", READER, "--scope", "huggingface_daily").stdout.startswith("sent to")
    assert [m["Subject"] for _, m in post.mails] == [
        "papertrends: 1 new paper, scope all", "papertrends: 1 new paper, scope huggingface_daily",
    ]  # fmt: skip
    assert len({m["Message-ID"] for _, m in post.mails}) == 2


def test_scraped_text_stays_text_in_a_mail(tmp_path: Path, post: Post) -> None:
    """Markup, control characters and line ends of titles and names neither run nor forge a header."""
    lake = SmallLake(tmp_path / "data", [Paper(3, "2024-01-05", candidate="Zebra<b>Tune")])
    rows = lake.rows()
    for part in rows["papers"].values():
        for row in part:
            row |= {
                "title": "<script>alert(1)</script>\x1b[31m\r\nBcc: all@example.org",
                "url": "javascript:alert(3)",
            }
    lake.rows = lambda: rows  # type: ignore[method-assign]
    build_release(lake.write(), inputs=lake.inputs())
    digest(lake, "--to", READER)
    [(to, mail)] = post.mails
    assert (to, mail["Bcc"]) == ([READER], None)
    page = LexborHTMLParser(body(mail, "html"))
    assert not page.css("script, a, bdi b b")
    assert "<script>alert(1)</script>" in page.body.text()
    assert "\x1b" not in body(mail, "plain")


def test_the_settings_name_server_reader_and_sender(
    lake: SmallLake, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The weekly job sends as the environment says: user, password, recipients, sender. A wrong password does not show."""
    monkeypatch.setenv("PAPERTRENDS_DIGEST_TO", f"{READER}; other@example.org")
    monkeypatch.setenv("PAPERTRENDS_DIGEST_FROM", "trends@example.org")
    monkeypatch.setenv("PAPERTRENDS_SMTP_URL", f"smtp://me:wrong%20word@127.0.0.1:{post.port}")
    wrong = digest(lake, "--send")
    assert "535 wrong user or password" in wrong.stderr
    assert "wrong%20word" not in wrong.output + wrong.stderr
    monkeypatch.setenv("PAPERTRENDS_SMTP_URL", f"smtp://me:open%20sesame@127.0.0.1:{post.port}")
    job = build_definitions(Stages(lake.data)).resolve_job_def(DIGEST_JOB)
    assert job.execute_in_process().success
    [(to, mail)] = post.mails
    assert to == [READER, "other@example.org"]
    assert mail["From"] == "trends@example.org"
    assert post.logins == [("me", "wrong word"), ("me", "open sesame")]


@pytest.mark.parametrize(
    ("url", "to", "named"),
    [
        ("", READER, "PAPERTRENDS_SMTP_URL is not set"),
        ("http://mail.example.org", READER, "PAPERTRENDS_SMTP_URL is no mail server's URL"),
        ("smtp://:secret@/x", READER, "PAPERTRENDS_SMTP_URL is no mail server's URL"),
        ("smtp://127.0.0.1:99999", READER, "PAPERTRENDS_SMTP_URL is no mail server's URL"),
        ("smtp://127.0.0.1", "reader", "--to: 'reader' is no mail address"),
        ("smtp://127.0.0.1", f"{READER}\nBcc: x@example.org", "is no mail address"),
        ("smtp://127.0.0.1", None, "nobody to send the digest to"),
    ],
)
def test_settings_that_cannot_be_used(
    lake: SmallLake, monkeypatch: pytest.MonkeyPatch, url: str, to: str | None, named: str
) -> None:
    """A setting that cannot be used is wrong usage, named before anything is sent, its secret never shown."""
    monkeypatch.setenv("PAPERTRENDS_SMTP_URL", url)
    monkeypatch.delenv("PAPERTRENDS_DIGEST_TO", raising=False)
    result = digest(lake, *(("--to", to) if to else ("--send",)))
    assert result.exit_code == 2
    assert named in result.stderr
    assert "secret" not in result.stderr


def test_secrets_do_not_show(post: Post) -> None:
    """Neither settings nor a server print the password that they hold."""
    settings = MailSettings(f"smtp://me:sesame@127.0.0.1:{post.port}")
    assert "sesame" not in f"{settings!r} {settings.server()!r} {settings.server()}"


def test_a_server_that_is_not_there(lake: SmallLake) -> None:
    """No server, or one that speaks no TLS where TLS is asked for, is one line that names it."""
    not_sent = "{}://127.0.0.1:{}: .*; the digest was not sent"
    with mail_server() as served, pytest.raises(MailError, match=not_sent.format("smtps", served.port)):
        posting.send_digest(lake.data, MailSettings(f"smtps://127.0.0.1:{served.port}"), [READER])
    with pytest.raises(MailError, match=not_sent.format("smtp", served.port)):
        posting.send_digest(lake.data, MailSettings(f"smtp://127.0.0.1:{served.port}"), [READER])


def test_the_senders_own_address_is_checked(post: Post, lake: SmallLake) -> None:
    """A sender that is no address is named before anything is sent."""
    settings = MailSettings(f"smtp://127.0.0.1:{post.port}", (READER,), "me")
    with pytest.raises(SettingsError, match="PAPERTRENDS_DIGEST_FROM: 'me' is no mail address"):
        posting.send_digest(lake.data, settings)
    assert post.mails == []


@pytest.mark.usefixtures("post")
def test_the_new_are_those_of_the_release(lake: SmallLake) -> None:
    """The digest counts what the release holds: its papers of the scope that nobody was told of."""
    digest(lake, "--to", READER)
    grow(lake, NEW, Paper(3, "2024-03-01"), Paper(4, None), Paper(5, "2024-03-02", ("saved_page",)))
    sent = posting.send_digest(lake.data, mail_settings(), [READER])
    with connect(lake.data) as con:
        [(n_all,)] = con.execute("select count(*) from core.populations where scope = 'all'").fetchall()
    assert sent.n_new == n_all - 1 == 3


def test_a_release_tells_when_it_was_built() -> None:
    """The moment of building is read from a release's id, for its file may be gone."""
    assert built_at("20260302T090100-0123abcd") == datetime(2026, 3, 2, 9, 1, tzinfo=UTC)
    assert built_at("20260302T090100-0123abcd") > CAPTURED_AT
