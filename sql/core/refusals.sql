-- Every span that looked like a method or a typed number and was refused, with the reason.
-- grain: span
-- column paper_id VARCHAR:
-- column kind VARCHAR:
-- column field VARCHAR:
-- column start_char INTEGER in code points:
-- column end_char INTEGER in code points:
-- column surface VARCHAR:
-- column reason VARCHAR:
-- not null: paper_id, kind, field, start_char, end_char, surface, reason
-- assert: start_char >= 0 and end_char > start_char
select paper_id, kind, field, start_char, end_char, surface, reason
from lake.refusals
order by paper_id, field desc, start_char, kind, reason
