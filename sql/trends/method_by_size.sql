-- At which model sizes is a method studied? Of the papers of a quarter that propose or use the method and state a model
-- size, how many state one in each bin. A quarter without such a paper has no row.
-- grain: quarter x scope x method x bin
-- column quarter DATE: first day of the quarter of first publication
-- column scope VARCHAR: the population
-- column method VARCHAR: canonical name
-- column bin VARCHAR: bin of core.size_bins
-- column bin_order INTEGER: smallest first, from 1
-- column n_papers BIGINT in papers: papers that propose or use the method and state a size in the bin
-- column n_total BIGINT in papers: papers that propose or use the method and state any size
-- column share DOUBLE in fraction: n_papers / n_total; a paper with several sizes is in several bins
-- column share_low DOUBLE in fraction: lower bound of the Wilson 95 % interval
-- column share_high DOUBLE in fraction: upper bound of the Wilson 95 % interval
-- not null: quarter, scope, method, bin, bin_order, n_papers, n_total, share, share_low, share_high
-- unique: quarter, scope, method, bin
-- assert: n_papers between 0 and n_total
-- assert: 0 <= share_low and share_low <= share and share <= share_high and share_high <= 1
-- accuracy: peft_role, sizes
-- evidence: select date_trunc('quarter', s.month)::date as quarter, s.scope, m.method, z.bin, s.paper_id
--   from core.populations as s join core.paper_methods as m using (paper_id) join core.paper_sizes as z using (paper_id)
--   where m.is_counted and m.role in ('proposes', 'uses') and not z.is_active and s.month is not null
with studied as (
    select distinct date_trunc('quarter', s.month)::date as quarter, s.scope, m.method, z.bin, s.paper_id
    from core.populations as s
    join core.paper_methods as m using (paper_id)
    join core.paper_sizes as z using (paper_id)
    where m.is_counted and m.role in ('proposes', 'uses') and not z.is_active and s.month is not null
),
totals as (
    select quarter, scope, method, count(distinct paper_id) as n_total from studied group by all
),
counted as (
    select quarter, scope, method, bin, count(*) as n_papers from studied group by all
),
filled as (
    select t.quarter, t.scope, t.method, b.bin, b.bin_order, coalesce(c.n_papers, 0) as n_papers, t.n_total
    from totals as t
    cross join core.size_bins as b
    left join counted as c
        on c.quarter = t.quarter and c.scope = t.scope and c.method = t.method and c.bin = b.bin
)
select
    quarter, scope, method, bin, bin_order, n_papers, n_total,
    n_papers / n_total as share,
    wilson_low(n_papers, n_total) as share_low,
    wilson_high(n_papers, n_total) as share_high
from filled
order by scope, method, quarter, bin_order
