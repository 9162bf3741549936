-- What is new and growing? Every catalogued method and every candidate with what happened to it lately, and a test of
-- whether its share of papers has a trend over the last 24 months (Mann-Kendall, corrected for the many methods tested).
-- Tested is what at least 5 papers of that window name; months of fewer than 30 papers say too little and are left out of
-- the test, and at least 8 must remain.
-- grain: scope x kind x name
-- column scope VARCHAR: the population
-- column kind VARCHAR: method (of the catalogue) or candidate (introduced by a paper, not catalogued yet)
-- column name VARCHAR: the method's canonical name, or the candidate's as papers write it
-- column family VARCHAR: family of the method, or the one suggested for the candidate
-- column first_seen DATE: month of the first paper of the scope that names it
-- column n_papers BIGINT in papers: dated papers that name it (for a candidate: that introduce it)
-- column n_recent BIGINT in papers: those of the last 3 months of the scope
-- column n_total_recent BIGINT in papers: papers of the scope in these 3 months
-- column n_before BIGINT in papers: those of the 12 months before them
-- column n_total_before BIGINT in papers: papers of the scope in these 12 months
-- column growth DOUBLE in ratio: share of the last 3 months over that of the 12 before, half a paper added to each count so that it is finite; null below 5 papers in both together
-- column growth_low DOUBLE in ratio: lower bound of its 95 % interval, on the log scale
-- column growth_high DOUBLE in ratio: upper bound of its 95 % interval
-- column n_months BIGINT in months: months of the window that have 30 papers or more
-- column tau DOUBLE: Kendall's tau of share and time over the window, -1 to 1; null when it was not tested
-- column slope DOUBLE in fraction a year: Sen's slope: the median slope between two months of the window
-- column p_value DOUBLE: chance of so strong a trend where there is none, two-sided
-- column q_value DOUBLE: the same after correction for all names tested in the scope (Benjamini-Hochberg)
-- not null: scope, kind, name, first_seen, n_papers, n_recent, n_total_recent, n_before, n_total_before, n_months
-- unique: scope, kind, name
-- assert: n_papers > 0 and n_recent + n_before <= n_papers
-- assert: (growth is null) = (n_recent + n_before < 5)
-- assert: growth is null or (growth_low <= growth and growth <= growth_high)
-- assert: (tau is null) = (p_value is null) and (tau is null) = (q_value is null)
-- assert: p_value is null or (tau between -1 and 1 and p_value between 0 and 1 and q_value between p_value and 1)
-- accuracy: peft
-- evidence: select s.scope, 'method' as kind, m.method as name, s.paper_id
--   from core.populations as s join core.paper_methods as m using (paper_id) where m.is_counted and s.month is not null
--   union all select s.scope, 'candidate' as kind, c.candidate as name, s.paper_id
--   from core.populations as s join core.candidate_spans as c using (paper_id) where s.month is not null
with named as (
    select paper_id, 'method' as kind, method as name from core.paper_methods where is_counted
    union
    select paper_id, 'candidate' as kind, candidate as name from core.candidate_spans
),
counted as (
    select s.scope, n.kind, n.name, s.month, count(*) as n_papers
    from core.populations as s
    join named as n using (paper_id)
    where s.month is not null
    group by all
),
summed as (
    select scope, kind, name, min(month) as first_seen, sum(n_papers)::bigint as n_papers from counted group by all
),
ends as (
    select scope, max(month) as last_month from trends.population_monthly group by scope
),
months as (
    select p.scope, p.month, p.n_papers as n_total, months_between(p.month, e.last_month) as age
    from trends.population_monthly as p
    join ends as e using (scope)
    where months_between(p.month, e.last_month) < 24
),
series as (
    select
        s.scope, s.kind, s.name, m.month, m.age, m.n_total,
        coalesce(c.n_papers, 0) as n_papers,
        coalesce(c.n_papers, 0) / m.n_total as share
    from summed as s
    join months as m using (scope)
    left join counted as c
        on c.scope = s.scope and c.kind = s.kind and c.name = s.name and c.month = m.month
),
lately as (
    select
        scope, kind, name,
        coalesce(sum(n_papers) filter (where age < 3), 0)::bigint as n_recent,
        coalesce(sum(n_total) filter (where age < 3), 0)::bigint as n_total_recent,
        coalesce(sum(n_papers) filter (where age between 3 and 14), 0)::bigint as n_before,
        coalesce(sum(n_total) filter (where age between 3 and 14), 0)::bigint as n_total_before,
        count(*) filter (where n_total >= 30) as n_months,
        coalesce(sum(n_papers) filter (where n_total >= 30), 0)::bigint as n_window
    from series
    group by all
),
ratios as (
    select
        scope, kind, name,
        ln((n_recent + 0.5) / (n_total_recent + 0.5)) - ln((n_before + 0.5) / (n_total_before + 0.5)) as log_growth,
        1.959963984540054 * sqrt(
            1 / (n_recent + 0.5) - 1 / (n_total_recent + 0.5) + 1 / (n_before + 0.5) - 1 / (n_total_before + 0.5)
        ) as log_half
    from lately
    where n_recent + n_before >= 5
),
tested as (
    select scope, kind, name, n_months from lately where n_window >= 5 and n_months >= 8
),
weighty as (
    select * from series where n_total >= 30
),
compared as (
    select
        t.scope, t.kind, t.name,
        sum(sign(b.share - a.share))::bigint as s,
        quantile_cont((b.share - a.share) * 12 / months_between(a.month, b.month), 0.5) as slope
    from tested as t
    join weighty as a on a.scope = t.scope and a.kind = t.kind and a.name = t.name
    join weighty as b on b.scope = t.scope and b.kind = t.kind and b.name = t.name and b.month > a.month
    group by all
),
ties as (
    select scope, kind, name, sum(n * (n - 1) * (2 * n + 5))::bigint as excess, sum(n * (n - 1))::bigint as n_tied
    from (select scope, kind, name, share, count(*) as n from weighty group by all)
    group by all
),
kendall as (
    select
        t.scope, t.kind, t.name, c.slope,
        c.s / sqrt(t.n_months * (t.n_months - 1) / 2 * ((t.n_months * (t.n_months - 1) - i.n_tied) / 2)) as tau,
        two_sided_p(
            (abs(c.s) - 1) / sqrt((t.n_months * (t.n_months - 1) * (2 * t.n_months + 5) - i.excess) / 18)
        ) as p_value,
        c.s
    from tested as t
    join compared as c using (scope, kind, name)
    join ties as i using (scope, kind, name)
),
judged as (
    select scope, kind, name, slope, tau, case when s = 0 then 1 else p_value end as p_value from kendall
),
ranked as (
    select
        *,
        count(*) over (partition by scope) as n_tested,
        row_number() over (partition by scope order by p_value, kind, name) as position
    from judged
),
corrected as (
    select
        scope, kind, name, slope, tau, p_value,
        least(1, min(p_value * n_tested / position) over (
            partition by scope order by position desc rows unbounded preceding
        )) as q_value
    from ranked
),
suggested as (
    select 'method' as kind, method as name, family from core.methods
    union all
    select 'candidate' as kind, candidate as name, family from core.candidates
)
select
    s.scope, s.kind, s.name, f.family, s.first_seen, s.n_papers,
    l.n_recent, l.n_total_recent, l.n_before, l.n_total_before,
    exp(r.log_growth) as growth,
    exp(r.log_growth - r.log_half) as growth_low,
    exp(r.log_growth + r.log_half) as growth_high,
    l.n_months,
    c.tau, c.slope, c.p_value, c.q_value
from summed as s
join lately as l using (scope, kind, name)
left join ratios as r using (scope, kind, name)
left join corrected as c using (scope, kind, name)
left join suggested as f using (kind, name)
order by s.scope, c.q_value nulls last, s.n_papers desc, s.kind, s.name
