-- Which methods each paper names, with the strongest role of its spans: proposes, else uses, else mentions.
-- grain: paper x method
-- column paper_id VARCHAR:
-- column method VARCHAR:
-- column family VARCHAR: family in the catalogue, null for a method that it lacks
-- column role VARCHAR: the strongest role of the paper's spans
-- column is_known BOOLEAN: in the catalogue
-- column is_counted BOOLEAN: counted in trends: in the catalogue, as a PEFT method
-- column n_spans BIGINT in spans: how often the paper names it
-- not null: paper_id, method, role, is_known, is_counted, n_spans
-- unique: paper_id, method
-- assert: family is not null or not is_counted
with strongest as (
    select
        paper_id, method, bool_or(is_known) as is_known,
        arg_max(role, role_strength(role)) as role,
        count(*) as n_spans
    from core.method_mentions
    group by paper_id, method
)
select
    s.paper_id, s.method, m.family, s.role, s.is_known,
    coalesce(s.is_known and m.is_counted, false) as is_counted,
    s.n_spans
from strongest as s
left join core.methods as m on m.method = s.method and s.is_known
order by s.paper_id, s.method
