-- Which papers differ from the release before, and why: new ones, gone ones, those whose source says something else
-- (text, date, listings), and those whose text is the same and is read otherwise (rules or catalogue changed). When both
-- changed, the source has it. Empty when there is no release before that can be compared.
-- grain: paper
-- column paper_id VARCHAR: canonical id: arxiv:<id without version>, else title:<key>
-- column cause VARCHAR: new paper, gone paper, changed source or changed rules
-- column changed VARCHAR[]: what of a paper that both have differs: title, abstract, date, scopes, methods, sizes
-- not null: paper_id, cause, changed
-- unique: paper_id
-- assert: cause in ('new paper', 'gone paper', 'changed source', 'changed rules')
-- assert: (len(changed) = 0) = (cause in ('new paper', 'gone paper'))
with compared as (
    select
        coalesce(b.paper_id, a.paper_id) as paper_id,
        a.paper_id is null as is_new,
        b.paper_id is null as is_gone,
        a.title is distinct from b.title as has_other_title,
        a.abstract is distinct from b.abstract as has_other_abstract,
        a.published_date is distinct from b.published_date
            or a.published_precision is distinct from b.published_precision as has_other_date
    from previous.papers as a
    full join core.papers as b using (paper_id)
    where exists (select 1 from previous.papers)
),
scopes as (
    select paper_id, scope, month from core.populations
),
scopes_before as (
    select paper_id, scope, month from previous.populations
),
methods as (
    select paper_id, method, role, is_counted from core.paper_methods
),
methods_before as (
    select paper_id, method, role, is_counted from previous.paper_methods
),
sizes as (
    select paper_id, value, is_active, use from core.paper_sizes
),
sizes_before as (
    select paper_id, value, is_active, use from previous.paper_sizes
),
other_scopes as (
    select paper_id from (from scopes except from scopes_before)
    union
    select paper_id from (from scopes_before except from scopes)
),
other_methods as (
    select paper_id from (from methods except from methods_before)
    union
    select paper_id from (from methods_before except from methods)
),
other_sizes as (
    select paper_id from (from sizes except from sizes_before)
    union
    select paper_id from (from sizes_before except from sizes)
),
marked as (
    select
        paper_id, is_new, is_gone,
        has_other_title or has_other_abstract or has_other_date
            or paper_id in (select paper_id from other_scopes) as has_other_source,
        list_filter(
            [
                case when has_other_title then 'title' end,
                case when has_other_abstract then 'abstract' end,
                case when has_other_date then 'date' end,
                case when paper_id in (select paper_id from other_scopes) then 'scopes' end,
                case when paper_id in (select paper_id from other_methods) then 'methods' end,
                case when paper_id in (select paper_id from other_sizes) then 'sizes' end
            ],
            lambda what: what is not null
        ) as changed
    from compared
)
select
    paper_id,
    case
        when is_new then 'new paper'
        when is_gone then 'gone paper'
        when has_other_source then 'changed source'
        else 'changed rules'
    end as cause,
    case when is_new or is_gone then []::varchar[] else changed end as changed
from marked
where is_new or is_gone or len(changed) > 0
order by paper_id
