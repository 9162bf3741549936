-- A paper has one role for a method, so the roles of a month add up to `any`.
select month, scope, method, sum(n_papers) filter (where role <> 'any') as n_roles, sum(n_papers) filter (where role = 'any') as n_any
from trends.method_monthly
group by month, scope, method
having n_roles is distinct from n_any
