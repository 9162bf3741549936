-- Every paper in every listing that names it.
-- grain: paper x listing
-- column paper_id VARCHAR:
-- column source VARCHAR:
-- column query VARCHAR:
-- column listing_date DATE:
-- column rank INTEGER:
-- column upvotes INTEGER in upvotes:
-- column captured_at TIMESTAMPTZ:
-- column capture_sha256 VARCHAR:
-- column capture_id VARCHAR:
-- not null: paper_id, source, rank, captured_at, capture_sha256, capture_id
-- unique: paper_id, capture_id
-- assert: rank >= 1
select paper_id, source, query, listing_date, rank, upvotes, captured_at, capture_sha256, capture_id
from lake.appearances
order by paper_id, captured_at, source, query nulls first, listing_date nulls first, capture_id, rank
