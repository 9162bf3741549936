-- How many papers print a link to code in title or abstract: of all papers, and of those that propose or use a PEFT
-- method. A month without such papers has no row.
-- grain: month x scope x about
-- column month DATE: month of first publication
-- column scope VARCHAR: the population
-- column about VARCHAR: all papers, or those that propose or use a counted PEFT method (peft)
-- column n_papers BIGINT in papers: papers that print a link to code
-- column n_total BIGINT in papers: papers of the scope in the month, of this kind
-- column share DOUBLE in fraction: n_papers / n_total
-- column share_low DOUBLE in fraction: lower bound of the Wilson 95 % interval
-- column share_high DOUBLE in fraction: upper bound of the Wilson 95 % interval
-- not null: month, scope, about, n_papers, n_total, share, share_low, share_high
-- unique: month, scope, about
-- assert: n_papers between 0 and n_total and n_total > 0
-- assert: 0 <= share_low and share_low <= share and share <= share_high and share_high <= 1
-- accuracy: code
-- evidence: select s.month, s.scope, unnest(case when f.paper_id is null then ['all'] else ['all', 'peft'] end) as about,
--   s.paper_id
--   from core.populations as s
--   left join core.paper_families as f on f.paper_id = s.paper_id and f.family = 'any' and f.role <> 'mentions'
--   where s.month is not null and s.paper_id in (select paper_id from core.links where kind = 'code')
with coded as (
    select distinct paper_id from core.links where kind = 'code'
),
peft as (
    select paper_id from core.paper_families where family = 'any' and role <> 'mentions'
),
marked as (
    select
        s.month, s.scope,
        unnest(case when p.paper_id is null then ['all'] else ['all', 'peft'] end) as about,
        c.paper_id is not null as has_code
    from core.populations as s
    left join peft as p using (paper_id)
    left join coded as c using (paper_id)
    where s.month is not null
),
counted as (
    select month, scope, about, count(*) filter (where has_code) as n_papers, count(*) as n_total
    from marked
    group by all
)
select
    month, scope, about, n_papers, n_total,
    n_papers / n_total as share,
    wilson_low(n_papers, n_total) as share_low,
    wilson_high(n_papers, n_total) as share_high
from counted
order by scope, about, month
