-- How many papers each population has a month: the denominators of every share. A month without papers has no row: it
-- is a gap in the data, not a zero.
-- grain: month x scope
-- column month DATE: month of first publication
-- column scope VARCHAR: the population
-- column n_papers BIGINT in papers: papers of the scope first published in the month
-- not null: month, scope, n_papers
-- unique: month, scope
-- assert: n_papers > 0
-- evidence: select month, scope, paper_id from core.populations where month is not null
select month, scope, count(*) as n_papers
from core.populations
where month is not null
group by month, scope
order by scope, month
