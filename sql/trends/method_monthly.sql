-- How often each PEFT method is proposed, used or merely mentioned: papers a month and their share of the population.
-- A method has a row for every month with papers from its first one in the scope on, so n_papers = 0 is a true zero;
-- months before that, and months without any paper, have no row.
-- grain: month x scope x method x role
-- column month DATE: month of first publication
-- column scope VARCHAR: the population
-- column method VARCHAR:
-- column family VARCHAR: family of the method
-- column role VARCHAR: proposes, uses, mentions (the strongest a paper has for the method), or any of them
-- column n_papers BIGINT in papers: papers that name the method in this role
-- column n_total BIGINT in papers: papers of the scope in the month
-- column share DOUBLE in fraction: n_papers / n_total
-- column share_low DOUBLE in fraction: lower bound of the Wilson 95 % interval
-- column share_high DOUBLE in fraction: upper bound of the Wilson 95 % interval
-- column share_corrected DOUBLE in fraction: share * precision / recall as measured on labelled papers (meta.accuracy: peft for the role any, peft_role for the others); null when they were not measured
-- column share_corrected_low DOUBLE in fraction: lower bound: share_low with the worst precision and the best recall of their own 95 % intervals
-- column share_corrected_high DOUBLE in fraction: upper bound: share_high with the best precision and the worst recall
-- not null: month, scope, method, family, role, n_papers, n_total, share, share_low, share_high
-- unique: month, scope, method, role
-- assert: n_papers between 0 and n_total
-- assert: 0 <= share_low and share_low <= share and share <= share_high and share_high <= 1
-- assert: share_corrected is null or (share_corrected_low <= share_corrected and share_corrected <= share_corrected_high)
-- assert: share_corrected is null or (0 <= share_corrected_low and share_corrected_high <= 1)
-- accuracy: peft, peft_role
-- evidence: select s.month, s.scope, m.method, unnest([m.role, 'any']) as role, s.paper_id
--   from core.populations as s join core.paper_methods as m using (paper_id)
--   where m.is_counted and s.month is not null
with named as (
    select s.month, s.scope, m.method, m.role, count(*) as n_papers
    from core.populations as s
    join core.paper_methods as m using (paper_id)
    where m.is_counted and s.month is not null
    group by all
),
counted as (
    select month, scope, method, role, n_papers from named
    union all
    select month, scope, method, 'any' as role, sum(n_papers) as n_papers from named group by all
),
first_months as (
    select scope, method, min(month) as first_month from named group by all
),
grid as (
    select p.month, p.scope, f.method, r.role, p.n_papers as n_total
    from first_months as f
    join trends.population_monthly as p on p.scope = f.scope and p.month >= f.first_month
    cross join (values ('proposes'), ('uses'), ('mentions'), ('any')) as r (role)
),
filled as (
    select g.month, g.scope, g.method, g.role, coalesce(c.n_papers, 0)::bigint as n_papers, g.n_total
    from grid as g
    left join counted as c using (month, scope, method, role)
),
factors as (
    select
        field,
        precision / recall as factor,
        -- of n labels recall * n were found, among recall * n / precision that were claimed
        wilson_low(recall * n, recall * n / precision) / wilson_high(recall * n, n) as factor_low,
        wilson_high(recall * n, recall * n / precision) / wilson_low(recall * n, n) as factor_high
    from meta.accuracy
    where precision > 0 and recall > 0 and n > 0
)
select
    f.month, f.scope, f.method, m.family, f.role, f.n_papers, f.n_total,
    f.n_papers / f.n_total as share,
    wilson_low(f.n_papers, f.n_total) as share_low,
    wilson_high(f.n_papers, f.n_total) as share_high,
    at_most_one(f.n_papers / f.n_total * a.factor) as share_corrected,
    at_most_one(wilson_low(f.n_papers, f.n_total) * a.factor_low) as share_corrected_low,
    at_most_one(wilson_high(f.n_papers, f.n_total) * a.factor_high) as share_corrected_high
from filled as f
join core.methods as m using (method)
left join factors as a on a.field = case f.role when 'any' then 'peft' else 'peft_role' end
order by f.scope, f.method, f.role, f.month
