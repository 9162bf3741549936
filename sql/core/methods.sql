-- The catalogue of PEFT methods that the extractor knows.
-- grain: catalogued method
-- column method VARCHAR:
-- column family VARCHAR:
-- column arxiv_id VARCHAR:
-- column year INTEGER:
-- column aliases VARCHAR[]:
-- column is_counted BOOLEAN:
-- not null: method, family, aliases, is_counted
-- unique: method
select method, family, arxiv_id, year, aliases, is_counted
from lake.methods
order by method
