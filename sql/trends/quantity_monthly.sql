-- The other typed numbers of papers, month by month: trainable parameters and shares, training tokens, context lengths
-- and bit widths. One vote a paper and value; plain quantiles with linear interpolation. Only months in which the scope
-- states such a number have a row.
-- grain: month x scope x kind
-- column month DATE: month of first publication
-- column scope VARCHAR: the population
-- column kind VARCHAR: trainable_params, trainable_pct, training_tokens, context_tokens or bits
-- column n_papers BIGINT in papers: papers that state such a number
-- column n_total BIGINT in papers: papers of the scope in the month
-- column n_values BIGINT in votes: values they state: one vote a paper and value
-- column min DOUBLE in parameters, per cent, tokens or bits: smallest value stated
-- column p25 DOUBLE in parameters, per cent, tokens or bits: lower quartile
-- column p50 DOUBLE in parameters, per cent, tokens or bits: median
-- column p75 DOUBLE in parameters, per cent, tokens or bits: upper quartile
-- column max DOUBLE in parameters, per cent, tokens or bits: largest value stated
-- not null: month, scope, kind, n_papers, n_total, n_values, min, p25, p50, p75, max
-- unique: month, scope, kind
-- assert: n_papers between 1 and n_total and n_papers <= n_values
-- assert: min <= p25 and p25 <= p50 and p50 <= p75 and p75 <= max
-- accuracy: trainable_params, trainable_pct, tokens, contexts, bits
-- evidence: select s.month, s.scope, q.kind, s.paper_id
--   from core.populations as s join core.quantities as q using (paper_id)
--   where s.month is not null and q.kind <> 'model_size'
with votes as (
    select distinct paper_id, kind, value from core.quantities where kind <> 'model_size'
),
voted as (
    select
        s.month, s.scope, v.kind,
        count(distinct s.paper_id) as n_papers,
        count(*) as n_values,
        quantile_cont(v.value, [0, 0.25, 0.5, 0.75, 1]) as quantiles
    from core.populations as s
    join votes as v using (paper_id)
    where s.month is not null
    group by s.month, s.scope, v.kind
)
select
    v.month, v.scope, v.kind, v.n_papers, p.n_papers as n_total, v.n_values,
    v.quantiles[1] as min, v.quantiles[2] as p25, v.quantiles[3] as p50, v.quantiles[4] as p75, v.quantiles[5] as max
from voted as v
join trends.population_monthly as p using (month, scope)
order by v.scope, v.kind, v.month
