"""What the extractor finds: one small record a span. No rule lives here.

All offsets are Unicode code points from 0, end excluded, into the text of `field`, and
`text[start:end] == surface` holds for every record. They are tuples, for thousands are made a second.
"""

from typing import Literal, NamedTuple

Field = Literal["title", "abstract"]
Role = Literal["proposes", "uses", "mentions"]
Kind = Literal["model_size", "trainable_params", "trainable_pct", "training_tokens", "context_tokens", "bits"]
Qualifier = Literal["total", "active", "range_low", "range_high"]

#: Stronger roles first: the strongest of a paper's spans is the paper's role for a method.
ROLE_STRENGTH: dict[Role, int] = {"proposes": 3, "uses": 2, "mentions": 1}


class Span(NamedTuple):
    """A piece of a paper's title or abstract."""

    field: Field
    start: int
    end: int
    surface: str


class Mention(NamedTuple):
    """A span that names a PEFT method; `rule` took it for `method`, `cue` decided `role`."""

    span: Span
    method: str
    is_known: bool
    role: Role
    rule: str
    cue: str | None = None


class Quantity(NamedTuple):
    """A span that states a number: parameters, per cent, tokens or bits, by `kind`."""

    span: Span
    kind: Kind
    value: float
    rule: str
    qualifier: Qualifier | None = None
    role: Role | None = None


class Refusal(NamedTuple):
    """A span that looked like a method or a number of `kind` and was refused for `reason`."""

    span: Span
    kind: str
    reason: str


class Link(NamedTuple):
    """A URL as printed, without trailing punctuation; `kind` is code, model_or_data, project or other."""

    span: Span
    url: str
    kind: str


class ModelMention(NamedTuple):
    """A span that names a pretrained model; `model` is family and version as the field writes it."""

    span: Span
    model: str


class Candidate(NamedTuple):
    """A PEFT method that a paper introduces and the catalogue lacks, with its introducing sentence."""

    span: Span
    candidate: str
    evidence: str
    family: str | None
    sentence: str
