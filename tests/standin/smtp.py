"""A mail server on the loopback: takes mails as RFC 5321 says, and refuses what a test tells it to refuse."""

import base64
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

PASSWORD = "open sesame"  # noqa: S105 - the stand-in's own


@dataclass
class Post:
    """What the server took: mails with their recipients, and logins; `refused` holds addresses and answers to give."""

    port: int = 0
    mails: list[tuple[list[str], EmailMessage]] = field(default_factory=list)
    logins: list[tuple[str, str]] = field(default_factory=list)
    refused_recipients: set[str] = field(default_factory=set)
    data_answer: str = "250 taken"


class _Session(socketserver.StreamRequestHandler):
    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        post: Post = self.server.post  # type: ignore[attr-defined]
        recipients: list[str] = []
        self.say("220 stand-in")
        while line := self.rfile.readline().decode().strip():
            verb, _, rest = line.partition(" ")
            verb = verb.upper()
            if verb == "EHLO":
                self.say("250-stand-in")
                self.say("250 AUTH PLAIN")
            elif verb == "AUTH":
                _, user, password = base64.b64decode(rest.split()[-1]).decode().split("\0")
                post.logins.append((user, password))
                self.say("235 welcome" if password == PASSWORD else "535 wrong user or password")
            elif verb == "RCPT":
                address = rest.partition("<")[2].partition(">")[0]
                if address in post.refused_recipients:
                    self.say("550 no such reader")
                else:
                    recipients.append(address)
                    self.say("250 known")
            elif verb == "DATA":
                self.say("354 go on")
                body = b""
                while not (part := self.rfile.readline()).startswith(b".\r\n"):
                    body += part.removeprefix(b".") if part.startswith(b"..") else part
                if post.data_answer.startswith("250"):
                    mail = message_from_bytes(body, policy=policy.default)
                    assert isinstance(mail, EmailMessage)
                    post.mails.append((recipients, mail))
                self.say(post.data_answer)
                recipients = []
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 fine")


@contextmanager
def mail_server() -> Iterator[Post]:
    """Yield a running server's post."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Session) as server:
        server.daemon_threads = True
        server.post = Post(server.server_address[1])  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server.post  # type: ignore[attr-defined]
        finally:
            server.shutdown()
            thread.join()
