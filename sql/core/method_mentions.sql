-- Every span that names a PEFT method, with what it says of it. substring(text, start_char + 1, end_char - start_char)
-- of the paper's title or abstract is the surface.
-- grain: span
-- column paper_id VARCHAR:
-- column method VARCHAR:
-- column is_known BOOLEAN:
-- column role VARCHAR: what this span says: proposes, uses or mentions
-- column field VARCHAR:
-- column start_char INTEGER in code points:
-- column end_char INTEGER in code points:
-- column surface VARCHAR:
-- column rule VARCHAR:
-- column cue VARCHAR:
-- not null: paper_id, method, is_known, role, field, start_char, end_char, surface, rule
-- unique: paper_id, field, start_char, method
-- assert: role in ('proposes', 'uses', 'mentions')
-- assert: field in ('title', 'abstract')
-- assert: start_char >= 0 and end_char > start_char
select paper_id, method, is_known, role, field, start_char, end_char, surface, rule, cue
from lake.method_mentions
order by paper_id, field desc, start_char, method
