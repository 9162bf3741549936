-- Which methods occur together, and which are compared with each other? Pairs of counted methods that one paper names,
-- over all months of a scope. Lift says how much more often than if the two were independent.
-- grain: scope x method x other
-- column scope VARCHAR: the population
-- column method VARCHAR: canonical name
-- column other VARCHAR: canonical name of the other one; every pair has two rows, one from each side
-- column n_papers BIGINT in papers: papers that name both
-- column n_compared BIGINT in papers: those that propose or use both, so that they compare or combine them
-- column n_proposes BIGINT in papers: those that propose the method and use the other: where the other is a baseline
-- column n_method BIGINT in papers: papers that name the method
-- column n_other BIGINT in papers: papers that name the other one
-- column n_total BIGINT in papers: dated papers of the scope
-- column share DOUBLE in fraction: n_papers / n_method: of the papers on the method, those that name the other too
-- column share_low DOUBLE in fraction: lower bound of the Wilson 95 % interval
-- column share_high DOUBLE in fraction: upper bound of the Wilson 95 % interval
-- column lift DOUBLE in ratio: n_papers * n_total / (n_method * n_other)
-- not null: scope, method, other, n_papers, n_compared, n_proposes, n_method, n_other, n_total, share, share_low, share_high, lift
-- unique: scope, method, other
-- assert: n_papers between 1 and least(n_method, n_other) and n_compared <= n_papers and n_proposes <= n_compared
-- assert: method <> other
-- accuracy: peft, peft_role
-- evidence: select s.scope, a.method, b.method as other, s.paper_id
--   from core.populations as s join core.paper_methods as a using (paper_id) join core.paper_methods as b using (paper_id)
--   where a.is_counted and b.is_counted and a.method <> b.method and s.month is not null
with dated as (
    select s.scope, s.paper_id, m.method, m.role
    from core.populations as s
    join core.paper_methods as m using (paper_id)
    where m.is_counted and s.month is not null
),
singles as (
    select scope, method, count(*) as n_papers from dated group by all
),
totals as (
    select scope, sum(n_papers)::bigint as n_total from trends.population_monthly group by scope
),
pairs as (
    select
        a.scope, a.method, b.method as other,
        count(*) as n_papers,
        count(*) filter (where a.role <> 'mentions' and b.role <> 'mentions') as n_compared,
        count(*) filter (where a.role = 'proposes' and b.role = 'uses') as n_proposes
    from dated as a
    join dated as b on b.scope = a.scope and b.paper_id = a.paper_id and b.method <> a.method
    group by all
)
select
    p.scope, p.method, p.other, p.n_papers, p.n_compared, p.n_proposes,
    x.n_papers as n_method, y.n_papers as n_other, t.n_total,
    p.n_papers / x.n_papers as share,
    wilson_low(p.n_papers, x.n_papers) as share_low,
    wilson_high(p.n_papers, x.n_papers) as share_high,
    p.n_papers::double * t.n_total / (x.n_papers::double * y.n_papers) as lift
from pairs as p
join singles as x on x.scope = p.scope and x.method = p.method
join singles as y on y.scope = p.scope and y.method = p.other
join totals as t on t.scope = p.scope
order by p.scope, p.method, p.n_papers desc, p.other
