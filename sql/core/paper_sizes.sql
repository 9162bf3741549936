-- Which model sizes each paper states: one vote a paper and size. Active parameters of a mixture of experts are kept
-- apart from totals; a range votes with both its ends.
-- grain: paper x size x is_active
-- column paper_id VARCHAR:
-- column value DOUBLE in parameters: the size
-- column is_active BOOLEAN: active parameters of a mixture of experts, not all of them
-- column role VARCHAR: strongest role of its spans: proposes (a model introduced here), uses, mentions; null when no span has one
-- column use VARCHAR: what the role makes of it: introduced, used, mentioned or unknown; active for active parameters
-- column bin VARCHAR: bin of core.size_bins
-- column n_spans BIGINT in spans: how often the paper states it
-- not null: paper_id, value, is_active, use, bin, n_spans
-- unique: paper_id, value, is_active
-- assert: value > 0
with stated as (
    select paper_id, value, coalesce(qualifier = 'active', false) as is_active, role
    from core.quantities
    where kind = 'model_size' and value > 0
),
voted as (
    select
        paper_id, value, is_active,
        arg_max(role, role_strength(role)) as role,
        count(*) as n_spans
    from stated
    group by paper_id, value, is_active
)
select
    v.paper_id, v.value, v.is_active, v.role,
    case
        when v.is_active then 'active'
        when v.role = 'proposes' then 'introduced'
        when v.role = 'uses' then 'used'
        when v.role = 'mentions' then 'mentioned'
        else 'unknown'
    end as use,
    b.bin, v.n_spans
from voted as v
join core.size_bins as b on v.value >= b.low and v.value < b.high
order by v.paper_id, v.value, v.is_active
