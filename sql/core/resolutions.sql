-- What searches by title say of papers that came without an arXiv id. A match gives the paper its id and date; a
-- doubtful one is recorded and merges nothing.
-- grain: paper without an id
-- column paper_id VARCHAR: the id that the paper had before it was looked up
-- column title VARCHAR:
-- column state VARCHAR:
-- column evidence VARCHAR:
-- column arxiv_id VARCHAR:
-- column matched_title VARCHAR:
-- column asked_of VARCHAR:
-- column captured_at TIMESTAMPTZ:
-- column capture_sha256 VARCHAR:
-- not null: paper_id, title, state, evidence
-- unique: paper_id
-- assert: state in ('matched', 'doubtful', 'not_found')
select paper_id, title, state, evidence, arxiv_id, matched_title, asked_of, captured_at, capture_sha256
from lake.resolutions
order by paper_id
