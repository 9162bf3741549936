-- Every span that names a pretrained model or model family.
-- grain: span
-- column paper_id VARCHAR:
-- column model VARCHAR:
-- column field VARCHAR:
-- column start_char INTEGER in code points:
-- column end_char INTEGER in code points:
-- column surface VARCHAR:
-- not null: paper_id, model, field, start_char, end_char, surface
-- unique: paper_id, field, start_char, model
select paper_id, model, field, start_char, end_char, surface
from lake.model_mentions
order by paper_id, field desc, start_char, model
