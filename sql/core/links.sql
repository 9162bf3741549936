-- Every URL that a paper prints: code, data, models, project pages.
-- grain: span
-- column paper_id VARCHAR:
-- column url VARCHAR:
-- column kind VARCHAR:
-- column field VARCHAR:
-- column start_char INTEGER in code points:
-- column end_char INTEGER in code points:
-- column surface VARCHAR:
-- not null: paper_id, url, kind, field, start_char, end_char, surface
-- unique: paper_id, field, start_char
-- assert: kind in ('code', 'model_or_data', 'project', 'other')
select paper_id, url, kind, field, start_char, end_char, surface
from lake.links
order by paper_id, field desc, start_char
