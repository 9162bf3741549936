-- How fast is a method taken up, and how long does its use last? Time from its proposal to the tenth paper that uses it,
-- and the half-life of its use: quarters from the peak of its share until it stayed at half of that or less. Shares are
-- looked at for methods that 20 papers use or more, in quarters of 30 papers or more; what has not happened yet is null.
-- grain: scope x method
-- column scope VARCHAR: the population
-- column method VARCHAR: canonical name
-- column n_papers BIGINT in papers: dated papers that use it
-- column proposed_month DATE: month of the paper that proposed it, by the catalogue's arXiv id, else the earliest paper with the role proposes; null when neither is known
-- column first_used_month DATE: month of the first paper that uses it
-- column tenth_used_month DATE: month of the tenth paper that uses it since its proposal
-- column months_to_tenth BIGINT in months: from its proposal to that
-- column peak_quarter DATE: quarter with the largest share of papers using it
-- column peak_share DOUBLE in fraction: that share
-- column half_quarter DATE: first quarter after the peak since which every quarter's share was half of it or less
-- column half_life_quarters BIGINT in quarters: from the peak to that
-- not null: scope, method, n_papers, first_used_month
-- unique: scope, method
-- assert: n_papers > 0
-- assert: months_to_tenth is null or months_to_tenth >= 0
-- assert: peak_quarter is null or n_papers >= 20
-- assert: half_life_quarters is null or half_life_quarters > 0
-- accuracy: peft_role
-- evidence: select s.scope, m.method, s.paper_id
--   from core.populations as s join core.paper_methods as m using (paper_id)
--   where m.is_counted and m.role = 'uses' and s.month is not null
with used as (
    select s.scope, m.method, s.month, s.paper_id
    from core.populations as s
    join core.paper_methods as m using (paper_id)
    where m.is_counted and m.role = 'uses' and s.month is not null
),
proposals as (
    select m.method, min(p.published_month) as month
    from core.paper_methods as m
    join core.papers as p using (paper_id)
    where m.role = 'proposes'
    group by m.method
),
proposed as (
    select
        m.method,
        coalesce(try_strptime('20' || regexp_extract(m.arxiv_id, '^(\d{4})\.\d', 1), '%Y%m')::date, p.month) as month
    from core.methods as m
    left join proposals as p using (method)
),
since as (
    select
        u.scope, u.method, u.month,
        row_number() over (partition by u.scope, u.method order by u.month, u.paper_id) as position
    from used as u
    join proposed as p using (method)
    where u.month >= p.month
),
tenth as (
    select scope, method, month from since where position = 10
),
quarters as (
    select scope, date_trunc('quarter', month)::date as quarter, sum(n_papers)::bigint as n_total
    from trends.population_monthly
    group by all
),
summed as (
    select scope, method, count(*) as n_papers, min(month) as first_used_month from used group by all
),
counted as (
    select scope, method, date_trunc('quarter', month)::date as quarter, count(*) as n_papers from used group by all
),
shares as (
    select q.scope, s.method, q.quarter, coalesce(c.n_papers, 0) / q.n_total as share
    from summed as s
    join quarters as q on q.scope = s.scope and q.quarter >= date_trunc('quarter', s.first_used_month)::date
    left join counted as c on c.scope = q.scope and c.method = s.method and c.quarter = q.quarter
    where s.n_papers >= 20 and q.n_total >= 30
),
peaks as (
    select scope, method, max(share) as share, arg_max(quarter, (share, -epoch_ms(quarter::timestamp))) as quarter
    from shares
    group by all
),
halves as (
    select
        h.scope, h.method,
        -- the first quarter after the last one above half of the peak
        min(h.quarter) filter (where h.quarter > a.last_above) as quarter
    from shares as h
    join (
        select s.scope, s.method, max(s.quarter) as last_above
        from shares as s
        join peaks as p using (scope, method)
        where s.share > p.share / 2
        group by all
    ) as a using (scope, method)
    group by all
)
select
    s.scope, s.method, s.n_papers,
    p.month as proposed_month,
    s.first_used_month,
    t.month as tenth_used_month,
    months_between(p.month, t.month) as months_to_tenth,
    k.quarter as peak_quarter,
    k.share as peak_share,
    h.quarter as half_quarter,
    months_between(k.quarter, h.quarter) // 3 as half_life_quarters
from summed as s
left join proposed as p using (method)
left join tenth as t on t.scope = s.scope and t.method = s.method
left join peaks as k on k.scope = s.scope and k.method = s.method
left join halves as h on h.scope = s.scope and h.method = s.method
order by s.scope, s.method
