-- Which papers each scope holds: the papers that a share is a share of. A scope is a source that is a population, an
-- arXiv category (arxiv:cs.CL, of papers that arXiv itself listed), starter, or all: every real population together.
-- grain: paper x scope
-- column paper_id VARCHAR:
-- column scope VARCHAR: the population
-- column month DATE: month of first publication, null for a paper that no month counts (see meta.coverage)
-- not null: paper_id, scope
-- unique: paper_id, scope
with listed as (
    select distinct a.paper_id, s.source, s.is_population, s.has_scope, s.is_arxiv
    from core.appearances as a
    join core.sources as s using (source)
),
scoped as (
    select paper_id, source as scope from listed where has_scope
    union
    select paper_id, 'all' as scope from listed where is_population
    union
    select p.paper_id, 'arxiv:' || unnest(p.categories) as scope
    from core.papers as p
    where p.paper_id in (select paper_id from listed where is_arxiv)
)
select s.paper_id, s.scope, p.published_month as month
from scoped as s
join core.papers as p using (paper_id)
order by s.scope, p.published_month nulls last, s.paper_id
