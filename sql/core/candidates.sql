-- PEFT methods that papers introduce and the catalogue lacks: what a person may want to add to it.
-- grain: name
-- column candidate VARCHAR: the name as papers write it
-- column family VARCHAR: family suggested by the earliest paper that suggests one
-- column n_papers BIGINT in papers: papers that introduce it
-- column first_seen DATE: earliest publication date among them, null when none is known
-- column evidence VARCHAR: the introducing sentence of the earliest paper
-- column paper_ids VARCHAR[]: those papers, earliest first
-- not null: candidate, n_papers, evidence, paper_ids
-- unique: candidate
with placed as (
    select
        s.*, p.published_date,
        row_number() over (
            partition by s.candidate
            order by p.published_date nulls last, s.paper_id, s.field desc, s.start_char
        ) as position
    from core.candidate_spans as s
    join core.papers as p using (paper_id)
)
select
    candidate,
    arg_min(family, position) filter (where family is not null) as family,
    count(distinct paper_id) as n_papers,
    min(published_date) as first_seen,
    arg_min(sentence, position) as evidence,
    list_distinct(list(paper_id order by position)) as paper_ids
from placed
group by candidate
order by candidate
