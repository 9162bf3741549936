-- What each source gave, month by month: where the data is thin, and the papers that no trend can count. Every paper
-- of a source is in exactly one row of it; those without a month are in the row whose month is null.
-- grain: source x month
-- column source VARCHAR: source of the listing
-- column month DATE: month of first publication, null for papers whose month is unknown
-- column is_population BOOLEAN: shares are counted on this source
-- column n_papers BIGINT in papers: papers seen
-- column n_with_abstract BIGINT in papers: those with an abstract
-- column n_with_date BIGINT in papers: those with a publication date, be it only a year
-- column n_with_day BIGINT in papers: those whose day of publication is known
-- column n_with_method BIGINT in papers: those that name a counted PEFT method
-- column n_with_size BIGINT in papers: those that state a model size
-- not null: source, is_population, n_papers, n_with_abstract, n_with_date, n_with_day, n_with_method, n_with_size
-- unique: source, month
-- assert: n_papers > 0 and greatest(n_with_abstract, n_with_date, n_with_method, n_with_size) <= n_papers
-- assert: month is null or n_with_date = n_papers
-- assert: n_with_day <= n_with_date
with seen as (
    select distinct paper_id, source from core.appearances
)
select
    s.source,
    p.published_month as month,
    coalesce(any_value(k.is_population), false) as is_population,
    count(*) as n_papers,
    count(p.abstract) as n_with_abstract,
    count(p.published_date) as n_with_date,
    count(*) filter (where p.published_precision = 'day') as n_with_day,
    count(*) filter (
        where s.paper_id in (select paper_id from core.paper_methods where is_counted)
    ) as n_with_method,
    count(*) filter (where s.paper_id in (select paper_id from core.paper_sizes)) as n_with_size
from seen as s
join core.papers as p using (paper_id)
left join core.sources as k using (source)
group by s.source, p.published_month
order by s.source, p.published_month nulls last
