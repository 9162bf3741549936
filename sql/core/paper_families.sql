-- Which families of PEFT methods each paper names, with the strongest role of its methods there. The family `any`
-- stands for all of them: a paper has it when it names any counted method.
-- grain: paper x family
-- column paper_id VARCHAR:
-- column family VARCHAR: family in the catalogue, or any
-- column role VARCHAR: the strongest role of the paper's methods of the family
-- column n_methods BIGINT in methods: methods of the family that the paper names
-- not null: paper_id, family, role, n_methods
-- unique: paper_id, family
-- assert: role in ('proposes', 'uses', 'mentions')
with named as (
    select paper_id, unnest([family, 'any']) as family, role
    from core.paper_methods
    where is_counted
)
select paper_id, family, arg_max(role, role_strength(role)) as role, count(*) as n_methods
from named
group by paper_id, family
order by paper_id, family
