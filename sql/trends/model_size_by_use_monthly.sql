-- How large are the models that papers introduce, use or merely mention, and how many parameters of a mixture of
-- experts are active? Quantiles as in trends.model_size_monthly, apart for each use; the uses are as the role of the
-- sentence tells. Only months in which the scope states such a size have a row.
-- grain: month x scope x use
-- column month DATE: month of first publication
-- column scope VARCHAR: the population
-- column use VARCHAR: introduced, used, mentioned (totals, by the strongest role of the paper's spans), unknown, or active (active parameters, whatever the role)
-- column n_papers BIGINT in papers: papers that state such a size
-- column n_total BIGINT in papers: papers of the scope in the month
-- column n_sizes BIGINT in votes: sizes they state: one vote a paper and size
-- column p10 DOUBLE in parameters: tenth percentile, rounded to one parameter
-- column p25 DOUBLE in parameters: lower quartile
-- column p50 DOUBLE in parameters: median
-- column p75 DOUBLE in parameters: upper quartile
-- column p90 DOUBLE in parameters: ninetieth percentile
-- column max DOUBLE in parameters: largest size stated
-- not null: month, scope, use, n_papers, n_total, n_sizes, p10, p25, p50, p75, p90, max
-- unique: month, scope, use
-- assert: n_papers between 1 and n_total and n_papers <= n_sizes
-- assert: p10 <= p25 and p25 <= p50 and p50 <= p75 and p75 <= p90 and p90 <= max
-- accuracy: sizes
-- evidence: select s.month, s.scope, z.use, s.paper_id
--   from core.populations as s join core.paper_sizes as z using (paper_id) where s.month is not null
with voted as (
    select
        s.month, s.scope, z.use,
        count(distinct s.paper_id) as n_papers,
        count(*) as n_sizes,
        quantile_cont(ln(z.value), [0.1, 0.25, 0.5, 0.75, 0.9]) as quantiles,
        max(z.value) as max
    from core.populations as s
    join core.paper_sizes as z using (paper_id)
    where s.month is not null
    group by s.month, s.scope, z.use
)
select
    v.month, v.scope, v.use, v.n_papers, p.n_papers as n_total, v.n_sizes,
    round(exp(v.quantiles[1])) as p10,
    round(exp(v.quantiles[2])) as p25,
    round(exp(v.quantiles[3])) as p50,
    round(exp(v.quantiles[4])) as p75,
    round(exp(v.quantiles[5])) as p90,
    v.max
from voted as v
join trends.population_monthly as p using (month, scope)
order by v.scope, v.use, v.month
