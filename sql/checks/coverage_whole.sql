-- A paper of a source is missing from meta.coverage, or is there twice.
select source, n_seen, n_covered
from (select source, count(distinct paper_id) as n_seen from core.appearances group by source)
full join (select source, sum(n_papers) as n_covered from meta.coverage group by source) using (source)
where n_seen is distinct from n_covered
