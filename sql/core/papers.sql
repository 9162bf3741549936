-- Every paper once, whatever listings and versions it appears in.
-- grain: paper
-- column paper_id VARCHAR:
-- column arxiv_id VARCHAR:
-- column title VARCHAR:
-- column abstract VARCHAR:
-- column text_source VARCHAR:
-- column published_date DATE:
-- column published_precision VARCHAR:
-- column published_month DATE: first day of the month of publication, null when only the year or nothing is known
-- column categories VARCHAR[]:
-- column authors VARCHAR[]:
-- column url VARCHAR:
-- column first_seen_at TIMESTAMPTZ:
-- column last_seen_at TIMESTAMPTZ:
-- column is_deleted BOOLEAN:
-- not null: paper_id, title, text_source, categories, authors, first_seen_at, last_seen_at, is_deleted
-- unique: paper_id
-- assert: first_seen_at <= last_seen_at
-- assert: (published_date is null) = (published_precision is null)
-- assert: published_precision is null or published_precision in ('day', 'month', 'year')
select
    paper_id, arxiv_id, title, abstract, text_source, published_date, published_precision,
    month_of(published_date, published_precision) as published_month,
    categories, authors, url, first_seen_at, last_seen_at, is_deleted
from lake.papers
order by paper_id
