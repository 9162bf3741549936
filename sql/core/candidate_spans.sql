-- The evidence for candidates: spans in which a paper introduces a PEFT method that the catalogue lacks.
-- grain: candidate x paper
-- column candidate VARCHAR:
-- column paper_id VARCHAR:
-- column field VARCHAR:
-- column start_char INTEGER in code points:
-- column end_char INTEGER in code points:
-- column surface VARCHAR:
-- column evidence VARCHAR:
-- column family VARCHAR:
-- column sentence VARCHAR:
-- not null: candidate, paper_id, field, start_char, end_char, surface, evidence, sentence
select candidate, paper_id, field, start_char, end_char, surface, evidence, family, sentence
from lake.candidates
order by candidate, paper_id, field desc, start_char
