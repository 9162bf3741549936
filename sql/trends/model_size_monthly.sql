-- How large the models in papers are, month by month: quantiles of the sizes that papers state, one vote a paper and
-- size, on the log scale. Active parameters of mixtures of experts do not vote. A month with papers and no size has
-- n_papers = 0 and no quantiles.
-- grain: month x scope
-- column month DATE: month of first publication
-- column scope VARCHAR: the population
-- column n_papers BIGINT in papers: papers that state a size
-- column n_total BIGINT in papers: papers of the scope in the month
-- column n_sizes BIGINT in votes: sizes they state: one vote a paper and size
-- column p10 DOUBLE in parameters: tenth percentile, rounded to one parameter
-- column p25 DOUBLE in parameters: lower quartile
-- column p50 DOUBLE in parameters: median
-- column p75 DOUBLE in parameters: upper quartile
-- column p90 DOUBLE in parameters: ninetieth percentile
-- column max DOUBLE in parameters: largest size stated
-- not null: month, scope, n_papers, n_total, n_sizes
-- unique: month, scope
-- assert: n_papers between 0 and n_total and n_papers <= n_sizes
-- assert: (n_papers = 0) = (p50 is null)
-- assert: p50 is null or (p10 <= p25 and p25 <= p50 and p50 <= p75 and p75 <= p90 and p90 <= max)
-- accuracy: sizes
-- evidence: select s.month, s.scope, z.paper_id
--   from core.populations as s join core.paper_sizes as z using (paper_id)
--   where not z.is_active and s.month is not null
with voted as (
    select
        s.month, s.scope,
        count(distinct s.paper_id) as n_papers,
        count(*) as n_sizes,
        quantile_cont(ln(z.value), [0.1, 0.25, 0.5, 0.75, 0.9]) as quantiles,
        max(z.value) as max
    from core.populations as s
    join core.paper_sizes as z using (paper_id)
    where not z.is_active and s.month is not null
    group by s.month, s.scope
)
select
    p.month, p.scope,
    coalesce(v.n_papers, 0) as n_papers,
    p.n_papers as n_total,
    coalesce(v.n_sizes, 0) as n_sizes,
    round(exp(v.quantiles[1])) as p10,
    round(exp(v.quantiles[2])) as p25,
    round(exp(v.quantiles[3])) as p50,
    round(exp(v.quantiles[4])) as p75,
    round(exp(v.quantiles[5])) as p90,
    v.max
from trends.population_monthly as p
left join voted as v using (month, scope)
order by p.scope, p.month
