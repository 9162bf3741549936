-- A span's surface is not what stands there in the paper's title or abstract.
with spans as (
    select 'method_mentions' as table_name, paper_id, field, start_char, end_char, surface from core.method_mentions
    union all select 'quantities', paper_id, field, start_char, end_char, surface from core.quantities
    union all select 'refusals', paper_id, field, start_char, end_char, surface from core.refusals
    union all select 'links', paper_id, field, start_char, end_char, surface from core.links
    union all select 'model_mentions', paper_id, field, start_char, end_char, surface from core.model_mentions
    union all select 'candidate_spans', paper_id, field, start_char, end_char, surface from core.candidate_spans
)
select s.table_name, s.paper_id, s.field, s.start_char, s.end_char, s.surface
from spans as s
left join core.papers as p using (paper_id)
where substring(case s.field when 'title' then p.title else p.abstract end, s.start_char + 1, s.end_char - s.start_char)
    is distinct from s.surface
