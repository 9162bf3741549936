"""arXiv's Atom feeds, OAI-PMH answers and listing pages. Each test is a quirk of theirs."""

from datetime import date
from pathlib import Path

import pytest
from listings import read, records

from pipelines.sources.formats import arxiv_atom, arxiv_oai
from pipelines.sources.record import Record, Rejected, UnreadableListing

ENTRY = """<entry><id>http://arxiv.org/abs/cmp-lg/9501999v3</id><title>An Old
  Title</title><updated>2026-03-12T16:40:02Z</updated><summary>  Wrapped
&lt; 5\\%.</summary><category term="cs.CL"/><category term="cmp-lg"/><published>1995-01-09T10:11:12Z</published>
<arxiv:comment>8 pages</arxiv:comment><arxiv:primary_category term="cmp-lg"/><author><name>Zoë Li</name>
<arxiv:affiliation>Lab A</arxiv:affiliation><arxiv:affiliation>Lab B</arxiv:affiliation></author>
<arxiv:doi>10.99999/x</arxiv:doi></entry>"""
ERROR_ENTRY = """<entry><id>https://arxiv.org/api/errors#incorrect_id_format_for_abc</id><title>Error</title>
<summary>incorrect id format for abc</summary><author><name>arXiv api core</name></author></entry>"""


def feed(*entries: str, total: int = 1, start: int = 0) -> bytes:
    """Return an Atom feed of the search API."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" '
        'xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">'
        "<title>arXiv Query: search_query=cat:cs.CL&amp;start=0</title>"
        f"<opensearch:totalResults>{total}</opensearch:totalResults>"
        f"<opensearch:startIndex>{start}</opensearch:startIndex>{''.join(entries)}</feed>"
    ).encode()


def oai(
    body: str, request: str = 'verb="ListRecords" from="2026-03-13" until="2026-03-13" set="cs:cs:CL"'
) -> bytes:
    """Return an OAI-PMH answer."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n\n<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
        f"<responseDate>2026-03-14T06:00:00Z</responseDate><request {request}>https://x.org/oai</request>{body}</OAI-PMH>"
    ).encode()


RAW_RECORD = """<record><header><identifier>oai:arXiv.org:2603.90001</identifier><datestamp>2026-03-13</datestamp></header>
<metadata><arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>2603.90001</id><submitter>Ana</submitter>
<version version="v1"><date>Wed, 11 Mar 2026 17:08:18 GMT</date><size>1kb</size></version>
<version version="v2"><date>Thu, 12 Mar 2026 16:40:02 GMT</date></version>
<title>Slide
  Rank</title><authors>Ana Example, J\\&#34;urgen Li (Lab) and Zo{\\&#39;e} Ma</authors><categories>cs.CL cs.LG</categories>
<license>http://creativecommons.org/licenses/by/4.0/</license><abstract>  For x &lt; 5 &amp; more.
</abstract></arXivRaw></metadata></record>"""
DELETED = """<record><header status="deleted"><identifier>oai:arXiv.org:2603.90099</identifier>
<datestamp>2026-03-13</datestamp></header></record>"""
RESUME_AT = "verb%3DListRecords%26metadataPrefix%3DarXivRaw%26skip%3D2"


def test_atom_entry() -> None:
    """An entry gives id and version apart, v1's day, the primary category first, and names of the authors."""
    page = arxiv_atom.parse(feed(ENTRY))
    (found,) = page.records
    assert isinstance(found, Record)
    assert (found.arxiv_id, found.arxiv_version, found.published_date) == (
        "cmp-lg/9501999",
        3,
        date(1995, 1, 9),
    )
    assert (found.categories, found.authors) == (("cmp-lg", "cs.CL"), ("Zoë Li",))
    assert found.abstract_raw == "  Wrapped\n< 5\\%."
    assert found.extra == {"comments": "8 pages", "doi": "10.99999/x", "updated": "2026-03-12T16:40:02Z"}
    assert (page.query, page.n_total, page.is_unexpectedly_empty) == (
        "search_query=cat:cs.CL&start=0",
        1,
        False,
    )


def test_atom_error_feed_is_no_listing() -> None:
    """An error comes as a feed with one entry, which is no paper."""
    with pytest.raises(UnreadableListing, match="incorrect id format for abc"):
        arxiv_atom.parse(feed(ERROR_ENTRY))


def test_atom_page_that_is_empty_though_papers_are_announced() -> None:
    """The API's known fault is told from an honest empty result, and refused in a file."""
    assert arxiv_atom.parse(feed(total=9)).is_unexpectedly_empty
    assert not arxiv_atom.parse(feed(total=0)).is_unexpectedly_empty
    assert not arxiv_atom.parse(feed(total=9, start=9)).is_unexpectedly_empty
    with pytest.raises(UnreadableListing, match="announces 9 papers and holds none"):
        read(feed(total=9))


def test_oai_record() -> None:
    """A record gives the first version's day, the latest version, and authors without affiliations."""
    page = arxiv_oai.parse(
        oai(f"<ListRecords>{RAW_RECORD}<resumptionToken>{RESUME_AT}</resumptionToken></ListRecords>")
    )
    (found,) = page.records
    assert isinstance(found, Record)
    assert (found.arxiv_id, found.arxiv_version, found.published_date) == ("2603.90001", 2, date(2026, 3, 11))
    assert found.authors == ("Ana Example", 'J\\"urgen Li', "Zo{\\'e} Ma")
    assert (found.title_raw, found.abstract_raw) == ("Slide\n  Rank", "  For x < 5 & more.\n")
    assert found.extra["license"] == "http://creativecommons.org/licenses/by/4.0/"
    assert (page.resumption_token, page.errors) == (RESUME_AT, [])


@pytest.mark.parametrize("end", ["", "<resumptionToken/>", "<resumptionToken> </resumptionToken>"])
def test_oai_last_page_has_no_token(end: str) -> None:
    """The last page has no token element, or an empty one."""
    assert arxiv_oai.parse(oai(f"<ListRecords>{RAW_RECORD}{end}</ListRecords>")).resumption_token is None


def test_oai_deleted_record() -> None:
    """A deleted record is a record of which only the id is known."""
    (found,) = records(oai(f"<ListRecords>{DELETED}</ListRecords>"))
    assert (found.arxiv_id, found.is_deleted, found.title_raw) == ("2603.90099", True, "")


def test_oai_answer_in_a_file_says_what_it_is_of() -> None:
    """A saved answer is of the set that was asked for, and of a day when only that day was."""
    listing, found = read(oai(f"<ListRecords>{RAW_RECORD}{DELETED}</ListRecords>"))
    assert (listing.format, listing.query, listing.listing_date) == (
        "arxiv_oai",
        "cs:cs:CL",
        date(2026, 3, 13),
    )
    assert len(found) == 2


def test_oai_other_metadata_format_is_rejected() -> None:
    """Metadata in another format has the wrong date, and is rejected by name."""
    other = RAW_RECORD.replace("arXivRaw", "arXiv")
    assert arxiv_oai.parse(oai(f"<ListRecords>{other}</ListRecords>")).records == [
        Rejected(1, "metadata in the format arXiv; ask for arXivRaw")
    ]


def test_oai_empty_day_and_errors() -> None:
    """An empty day is an answer that a client can tell from a failure; a file of either lists no papers."""
    empty = oai("<error code='noRecordsMatch'>Nothing.</error>")
    page = arxiv_oai.parse(empty)
    assert (page.is_empty_day, page.errors[0].code, page.records) == (True, "noRecordsMatch", [])
    expired = oai("<error code='badResumptionToken'>Expired.</error>")
    assert not arxiv_oai.parse(expired).is_empty_day
    for answer, words in ((empty, "noRecordsMatch: Nothing"), (expired, "badResumptionToken: Expired")):
        with pytest.raises(UnreadableListing, match=words):
            read(answer)


@pytest.mark.parametrize("data", [feed(ENTRY), oai(f"<ListRecords>{RAW_RECORD}</ListRecords>")])
def test_cut_xml_is_refused(data: bytes) -> None:
    """XML that breaks off anywhere is refused whole."""
    for n in (len(data) // 2, len(data) - 3):
        with pytest.raises(UnreadableListing, match="breaks off"):
            read(data[:n])


def test_entities_are_not_resolved() -> None:
    """A document that declares entities is refused before anything is expanded."""
    bomb = b'<?xml version="1.0"?><!DOCTYPE f [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><feed>&b;</feed>'
    with pytest.raises(UnreadableListing, match="entity declaration"):
        read(bomb)
    with pytest.raises(UnreadableListing, match="entity declaration"):
        read(bomb.decode().encode("utf-16"))


def test_deep_xml_is_refused() -> None:
    """Nesting without end is refused without a crash."""
    with pytest.raises(UnreadableListing, match="nested too deeply"):
        read(b'<feed xmlns="http://www.w3.org/2005/Atom">' + b"<a>" * 100_000)


def test_listing_page() -> None:
    """A page of arXiv's day gives new and cross-listed papers, with the targets of links in their abstracts."""
    markup = """<html><head><title>Computation and Language</title></head><body><div id='dlpage'><h1>CL</h1>
    <h3>Showing new listings for Friday, 13 March 2026</h3><div class="paging">Total of 2 entries</div>
    <dl id='articles'><h3>Cross submissions</h3><dt><a href ="/abs/2603.90001" title="Abstract" id="2603.90001">
    arXiv:2603.90001 </a> (cross-list from cs.CV)</dt><dd><div class='meta'><div class='list-title mathjax'>
    <span class='descriptor'>Title:</span> Slide Rank</div><div class='list-authors'><a href="/x">Ana Example</a></div>
    <div class='list-subjects'><span class='descriptor'>Subjects:</span> <span class="primary-subject">Vision (cs.CV)</span>;
    Computation (cs.CL)</div><p class='mathjax'>Code at <a href="https://x.org/c">this https URL</a>.</p></div></dd></dl>
    </div></body></html>"""
    listing, (found,) = read(markup)
    assert (listing.format, listing.listing_date, listing.n_announced) == ("arxiv_html", date(2026, 3, 13), 2)
    assert isinstance(found, Record)
    assert (found.title_raw, found.abstract_raw) == ("Slide Rank", "Code at https://x.org/c.")
    assert (found.authors, found.categories) == (("Ana Example",), ("cs.CV", "cs.CL"))
    assert found.extra == {"announced_as": "cross-list"}


@pytest.mark.parametrize(
    ("name", "n", "format_"),
    [
        ("arxiv_atom.xml", 3, "arxiv_atom"),
        ("arxiv_oai_page1.xml", 3, "arxiv_oai"),
        ("arxiv_list_new.html", 4, "arxiv_html"),
    ],
)
def test_true_shapes(shared: Path, name: str, n: int, format_: str) -> None:
    """The recorded shapes are recognised and read whole."""
    data = (shared / "sources-examples" / name).read_bytes()
    assert read(data)[0].format == format_
    assert len(records(data)) == n
