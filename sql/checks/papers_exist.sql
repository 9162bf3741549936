-- A listing names a paper that core.papers lacks, or a paper is in no listing.
select 'core.appearances' as table_name, paper_id
from core.appearances
where paper_id not in (select paper_id from core.papers)
union all
select 'core.papers' as table_name, paper_id
from core.papers
where paper_id not in (select paper_id from core.appearances)
