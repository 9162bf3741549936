-- Which pretrained models do papers name? Papers a month that name a model or model family, and their share. A model
-- has a row for every month with papers from its first one in the scope on, so n_papers = 0 is a true zero.
-- grain: month x scope x model
-- column month DATE: month of first publication
-- column scope VARCHAR: the population
-- column model VARCHAR: family and version as the field writes it
-- column n_papers BIGINT in papers: papers that name the model
-- column n_total BIGINT in papers: papers of the scope in the month
-- column share DOUBLE in fraction: n_papers / n_total
-- column share_low DOUBLE in fraction: lower bound of the Wilson 95 % interval
-- column share_high DOUBLE in fraction: upper bound of the Wilson 95 % interval
-- not null: month, scope, model, n_papers, n_total, share, share_low, share_high
-- unique: month, scope, model
-- assert: n_papers between 0 and n_total
-- assert: 0 <= share_low and share_low <= share and share <= share_high and share_high <= 1
-- accuracy: models
-- evidence: select s.month, s.scope, m.model, s.paper_id
--   from core.populations as s join core.model_mentions as m using (paper_id) where s.month is not null
with named as (
    select s.month, s.scope, m.model, count(distinct s.paper_id) as n_papers
    from core.populations as s
    join core.model_mentions as m using (paper_id)
    where s.month is not null
    group by all
),
first_months as (
    select scope, model, min(month) as first_month from named group by all
),
filled as (
    select p.month, p.scope, f.model, coalesce(n.n_papers, 0) as n_papers, p.n_papers as n_total
    from first_months as f
    join trends.population_monthly as p on p.scope = f.scope and p.month >= f.first_month
    left join named as n on n.month = p.month and n.scope = p.scope and n.model = f.model
)
select
    month, scope, model, n_papers, n_total,
    n_papers / n_total as share,
    wilson_low(n_papers, n_total) as share_low,
    wilson_high(n_papers, n_total) as share_high
from filled
order by scope, model, month
