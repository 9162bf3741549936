-- Why numbers differ from the release before: every cell of a trend whose papers are not the same, and how many of them
-- came or went because papers are new or gone, because their source changed, or because the rules did. The causes add up
-- to the difference. Empty when there is no release before that can be compared.
-- grain: table x month x scope x method x role
-- column table_name VARCHAR: trends.population_monthly, trends.method_monthly or trends.model_size_monthly
-- column month DATE: month of first publication
-- column scope VARCHAR: the population
-- column method VARCHAR: canonical name, where the table has methods
-- column role VARCHAR: role, where the table has roles
-- column n_before BIGINT in papers: n_papers in the release before, 0 where it has no such row
-- column n_after BIGINT in papers: n_papers in this release, 0 where it has no such row
-- column by_new_papers BIGINT in papers: difference made by papers that are new
-- column by_gone_papers BIGINT in papers: difference made by papers that are gone
-- column by_changed_source BIGINT in papers: difference made by papers whose text, date or listings changed
-- column by_changed_rules BIGINT in papers: difference made by papers that are read otherwise
-- not null: table_name, month, scope, n_before, n_after, by_new_papers, by_gone_papers, by_changed_source, by_changed_rules
-- unique: table_name, month, scope, method, role
-- assert: n_after - n_before = by_new_papers + by_gone_papers + by_changed_source + by_changed_rules
with cells as (
    select 'trends.population_monthly' as table_name, month, scope, null::varchar as method, null::varchar as role, paper_id
    from core.populations
    union all
    select 'trends.method_monthly', s.month, s.scope, m.method, unnest([m.role, 'any']), s.paper_id
    from core.populations as s
    join core.paper_methods as m using (paper_id)
    where m.is_counted
    union all
    select distinct 'trends.model_size_monthly', s.month, s.scope, null, null, s.paper_id
    from core.populations as s
    join core.paper_sizes as z using (paper_id)
    where not z.is_active
),
cells_before as (
    select 'trends.population_monthly' as table_name, month, scope, null::varchar as method, null::varchar as role, paper_id
    from previous.populations
    union all
    select 'trends.method_monthly', s.month, s.scope, m.method, unnest([m.role, 'any']), s.paper_id
    from previous.populations as s
    join previous.paper_methods as m using (paper_id)
    where m.is_counted
    union all
    select distinct 'trends.model_size_monthly', s.month, s.scope, null, null, s.paper_id
    from previous.populations as s
    join previous.paper_sizes as z using (paper_id)
    where not z.is_active
),
moved as (
    select *, 1 as step from (from cells except from cells_before)
    union all
    select *, -1 as step from (from cells_before except from cells)
),
caused as (
    select
        m.table_name, m.month, m.scope, m.method, m.role,
        coalesce(sum(m.step) filter (where c.cause = 'new paper'), 0)::bigint as by_new_papers,
        coalesce(sum(m.step) filter (where c.cause = 'gone paper'), 0)::bigint as by_gone_papers,
        coalesce(sum(m.step) filter (where c.cause = 'changed source'), 0)::bigint as by_changed_source,
        coalesce(sum(m.step) filter (where c.cause = 'changed rules'), 0)::bigint as by_changed_rules
    from moved as m
    join meta.paper_changes as c using (paper_id)
    where m.month is not null
    group by all
),
counted as (
    select table_name, month, scope, method, role, count(*) as n_papers from cells group by all
),
counted_before as (
    select table_name, month, scope, method, role, count(*) as n_papers from cells_before group by all
)
select
    c.table_name, c.month, c.scope, c.method, c.role,
    coalesce(b.n_papers, 0) as n_before,
    coalesce(a.n_papers, 0) as n_after,
    c.by_new_papers, c.by_gone_papers, c.by_changed_source, c.by_changed_rules
from caused as c
left join counted as a
    on a.table_name = c.table_name and a.month = c.month and a.scope = c.scope
    and a.method is not distinct from c.method and a.role is not distinct from c.role
left join counted_before as b
    on b.table_name = c.table_name and b.month = c.month and b.scope = c.scope
    and b.method is not distinct from c.method and b.role is not distinct from c.role
order by c.table_name, c.scope, c.method nulls first, c.role nulls first, c.month
