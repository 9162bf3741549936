-- How often each family of PEFT methods is proposed, used or merely mentioned, month by month. A paper counts once in a
-- family, with the strongest role of its methods there; the family `any` is PEFT as a whole. Rows as in
-- trends.method_monthly: from the family's first month in the scope on, so n_papers = 0 is a true zero.
-- grain: month x scope x family x role
-- column month DATE: month of first publication
-- column scope VARCHAR: the population
-- column family VARCHAR: family of methods, or any
-- column role VARCHAR: proposes, uses, mentions (the strongest a paper has in the family), or any of them
-- column n_papers BIGINT in papers: papers that name a method of the family in this role
-- column n_total BIGINT in papers: papers of the scope in the month
-- column share DOUBLE in fraction: n_papers / n_total
-- column share_low DOUBLE in fraction: lower bound of the Wilson 95 % interval
-- column share_high DOUBLE in fraction: upper bound of the Wilson 95 % interval
-- not null: month, scope, family, role, n_papers, n_total, share, share_low, share_high
-- unique: month, scope, family, role
-- assert: n_papers between 0 and n_total
-- assert: 0 <= share_low and share_low <= share and share <= share_high and share_high <= 1
-- accuracy: peft, peft_role
-- evidence: select s.month, s.scope, f.family, unnest([f.role, 'any']) as role, s.paper_id
--   from core.populations as s join core.paper_families as f using (paper_id) where s.month is not null
with named as (
    select s.month, s.scope, f.family, f.role, count(*) as n_papers
    from core.populations as s
    join core.paper_families as f using (paper_id)
    where s.month is not null
    group by all
),
counted as (
    select month, scope, family, role, n_papers from named
    union all
    select month, scope, family, 'any' as role, sum(n_papers) as n_papers from named group by all
),
first_months as (
    select scope, family, min(month) as first_month from named group by all
),
filled as (
    select
        p.month, p.scope, f.family, r.role, coalesce(c.n_papers, 0)::bigint as n_papers, p.n_papers as n_total
    from first_months as f
    join trends.population_monthly as p on p.scope = f.scope and p.month >= f.first_month
    cross join (values ('proposes'), ('uses'), ('mentions'), ('any')) as r (role)
    left join counted as c
        on c.month = p.month and c.scope = p.scope and c.family = f.family and c.role = r.role
)
select
    month, scope, family, role, n_papers, n_total,
    n_papers / n_total as share,
    wilson_low(n_papers, n_total) as share_low,
    wilson_high(n_papers, n_total) as share_high
from filled
order by scope, family, role, month
