"""Everything that one paper says: methods, candidates, typed numbers, links and models, from its title and abstract.

This is the single-paper door to the extractor; `extract` is the same for whole tables.
"""

from dataclasses import dataclass, field

from pipelines.mentions.catalogue import Catalogue
from pipelines.mentions.introduced_models import may_introduce_models, with_introduced
from pipelines.mentions.links import find_links
from pipelines.mentions.methods import find_methods
from pipelines.mentions.models import find_models
from pipelines.mentions.quantities import find_quantities
from pipelines.mentions.spans import Candidate, Link, Mention, ModelMention, Quantity, Refusal


@dataclass(frozen=True, slots=True)
class PaperFindings:
    """What one paper says, each list in reading order, title before abstract."""

    paper_id: str
    mentions: list[Mention] = field(default_factory=list)
    quantities: list[Quantity] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    models: list[ModelMention] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)


def extract_paper(
    title: str, abstract: str | None, paper_id: str = "", catalogue: Catalogue | None = None
) -> PaperFindings:
    """Return all that a title and an abstract say; spans refer to the texts as given, raw or normalized."""
    text = abstract or ""
    mentions, refusals, candidates = find_methods(title, text, paper_id, catalogue)
    in_title, refused_in_title = find_quantities(title, "title")
    in_abstract, refused_in_abstract = find_quantities(text, "abstract")
    models = find_models(title, text)
    if may_introduce_models(title, text):
        models = with_introduced(title, text, models)
    return PaperFindings(
        paper_id,
        mentions,
        [*in_title, *in_abstract],
        [*refusals, *refused_in_title, *refused_in_abstract],
        [*find_links(title, "title"), *find_links(text, "abstract")],
        models,
        candidates,
    )
