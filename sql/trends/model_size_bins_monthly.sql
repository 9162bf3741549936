-- How many papers a month state a model size in each bin. A paper counts once in every bin that it has a size in.
-- grain: month x scope x bin
-- column month DATE: month of first publication
-- column scope VARCHAR: the population
-- column bin VARCHAR: bin of core.size_bins
-- column bin_order INTEGER:
-- column n_papers BIGINT in papers: papers that state a size in the bin
-- column n_total BIGINT in papers: papers of the scope in the month
-- column n_with_size BIGINT in papers: papers of the scope in the month that state any size
-- column share DOUBLE in fraction: n_papers / n_total
-- column share_low DOUBLE in fraction: lower bound of the Wilson 95 % interval
-- column share_high DOUBLE in fraction: upper bound of the Wilson 95 % interval
-- not null: month, scope, bin, bin_order, n_papers, n_total, n_with_size, share, share_low, share_high
-- unique: month, scope, bin
-- assert: n_papers between 0 and n_with_size and n_with_size <= n_total
-- assert: 0 <= share_low and share_low <= share and share <= share_high and share_high <= 1
-- accuracy: sizes
-- evidence: select s.month, s.scope, z.bin, z.paper_id
--   from core.populations as s join core.paper_sizes as z using (paper_id)
--   where not z.is_active and s.month is not null
with counted as (
    select s.month, s.scope, z.bin, count(distinct s.paper_id) as n_papers
    from core.populations as s
    join core.paper_sizes as z using (paper_id)
    where not z.is_active and s.month is not null
    group by s.month, s.scope, z.bin
),
filled as (
    select
        t.month, t.scope, b.bin, b.bin_order,
        coalesce(c.n_papers, 0) as n_papers, t.n_total, t.n_papers as n_with_size
    from trends.model_size_monthly as t
    cross join core.size_bins as b
    left join counted as c on c.month = t.month and c.scope = t.scope and c.bin = b.bin
)
select
    month, scope, bin, bin_order, n_papers, n_total, n_with_size,
    n_papers / n_total as share,
    wilson_low(n_papers, n_total) as share_low,
    wilson_high(n_papers, n_total) as share_high
from filled
order by scope, month, bin_order
