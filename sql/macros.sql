-- Macros for ad-hoc SQL. Each is asked like a table: from evidence('LoRA', date '2024-03-01').
-- A scope that is left out is `all`, or starter in a warehouse that holds nothing else.

-- The scope that an answer is about when none is given.
create macro default_scope() as
    (select case when bool_or(scope = 'all') then 'all' else coalesce(max(scope), 'all') end from core.populations);

-- The catalogue's name for what a person typed: any case, any alias; what the catalogue lacks stays as it is.
create macro method_named(typed) as coalesce(
    (select min(method) from core.methods where lower(method) = lower(typed)),
    (
        select min(method)
        from (select method, unnest(aliases) as alias from core.methods)
        where lower(alias) = lower(typed)
    ),
    typed
);

-- Abbreviations end no sentence: their full stops are masked, one character for one.
create macro without_abbreviations(words) as regexp_replace(
    words, '\b(e\.g|i\.e|et al|vs|cf|[Ff]igs?|[Ee]qs?|[Ss]ecs?|resp|approx|w\.r\.t|a\.k\.a|no|v)\. ', '\1, ', 'g'
);

-- Where the sentence around a span begins, and one past where it ends, in code points from 0.
create macro sentence_start(words, start_char) as length(regexp_extract(
    substring(without_abbreviations(words), 1, start_char + 1), '(?s)^(.*[.!?][)"''\]]*\s+)[^a-z\s]', 1
))::integer;
create macro sentence_end(words, end_char) as end_char + coalesce(
    nullif(length(regexp_extract(
        substring(without_abbreviations(words), end_char + 1), '(?s)^(.*?[.!?][)"''\]]*)(?:\s+[^a-z\s]|\s*$)', 1
    )), 0),
    length(words) - end_char
)::integer;

-- The sentence around a span, the span between [[ and ]].
create macro marked_sentence(words, start_char, end_char) as
    substring(words, sentence_start(words, start_char) + 1, start_char - sentence_start(words, start_char))
    || '[[' || substring(words, start_char + 1, end_char - start_char) || ']]'
    || substring(words, end_char + 1, sentence_end(words, end_char) - end_char);

-- Every span behind a number: the sentences that name a method. With a month, a role and a scope, the papers listed
-- are exactly those counted in that cell of trends.method_monthly. `role` is the paper's, `span_role` the span's own.
create macro evidence(method_name, in_month := null, in_role := 'any', in_scope := null) as table
    select
        p.paper_id, p.published_date, m.role, v.role as span_role, v.field, v.start_char, v.end_char,
        marked_sentence(case v.field when 'title' then p.title else p.abstract end, v.start_char, v.end_char) as sentence,
        v.rule, p.text_source
    from core.paper_methods as m
    join core.papers as p using (paper_id)
    join core.method_mentions as v on v.paper_id = m.paper_id and v.method = m.method
    where m.method = method_named(method_name)
        and (in_month is null or p.published_month = date_trunc('month', in_month::date)::date)
        and (in_role is null or in_role = 'any' or m.role = in_role)
        and (in_scope is null or p.paper_id in (select paper_id from core.populations where scope = in_scope))
    order by p.published_date nulls last, p.paper_id, v.field desc, v.start_char;

-- The papers that use a method: its strongest role in them is `uses`.
create macro papers_using(method_name) as table
    select p.paper_id, p.published_date, p.title, m.n_spans, p.url, p.text_source
    from core.paper_methods as m
    join core.papers as p using (paper_id)
    where m.method = method_named(method_name) and m.role = 'uses'
    order by p.published_date desc nulls last, p.paper_id;

-- The model sizes that a paper states, each with its sentence.
create macro size_of(paper) as table
    select
        q.value, q.qualifier, q.role, q.surface, q.field,
        marked_sentence(case q.field when 'title' then p.title else p.abstract end, q.start_char, q.end_char) as sentence
    from core.quantities as q
    join core.papers as p using (paper_id)
    where q.paper_id = paper and q.kind = 'model_size'
    order by q.field desc, q.start_char, q.value;

-- A method month by month, as in trends.method_monthly.
create macro trend(method_name, in_role := 'any', in_scope := null) as table
    select month, n_papers, n_total, share, share_low, share_high
    from trends.method_monthly
    where method = method_named(method_name) and role = in_role and scope = coalesce(in_scope, default_scope())
    order by month;

-- Several methods side by side, month by month.
create macro compare(method_names, in_role := 'any', in_scope := null) as table
    select t.month, t.method, t.n_papers, t.n_total, t.share, t.share_low, t.share_high
    from trends.method_monthly as t
    where t.method in (select method_named(typed) from (select unnest(method_names) as typed))
        and t.role = in_role and t.scope = coalesce(in_scope, default_scope())
    order by t.month, t.method;

-- A method by quarter, year or any other period that date_trunc knows. The denominator holds every month of the
-- period that has papers; n_months says how many those are, so that a period with gaps shows.
create macro trend_by(period, method_name, in_role := 'any', in_scope := null) as table
    with papers_of as (
        select date_trunc(period, month)::date as starts, sum(n_papers)::bigint as n_total, count(*) as n_months
        from trends.population_monthly
        where scope = coalesce(in_scope, default_scope())
        group by starts
    ),
    named as (
        select date_trunc(period, month)::date as starts, sum(n_papers)::bigint as n_papers, min(month) as first_month
        from trends.method_monthly
        where method = method_named(method_name) and role = in_role and scope = coalesce(in_scope, default_scope())
        group by starts
    )
    select
        p.starts as period, coalesce(n.n_papers, 0) as n_papers, p.n_total, p.n_months,
        coalesce(n.n_papers, 0) / p.n_total as share,
        wilson_low(coalesce(n.n_papers, 0), p.n_total) as share_low,
        wilson_high(coalesce(n.n_papers, 0), p.n_total) as share_high
    from papers_of as p
    left join named as n using (starts)
    where p.starts >= (select min(starts) from named)
    order by p.starts;
create macro trend_quarterly(method_name, in_role := 'any', in_scope := null) as table
    select * from trend_by('quarter', method_name, in_role := in_role, in_scope := in_scope);
create macro trend_yearly(method_name, in_role := 'any', in_scope := null) as table
    select * from trend_by('year', method_name, in_role := in_role, in_scope := in_scope);

-- A quantile of sizes, in whole parameters: between two sizes it lies as it does on a log axis.
create macro size_quantile(value, part) as round(exp(quantile_cont(ln(value), part)));

-- Model sizes by quarter or year: quantiles do not add up, so they are taken anew from the sizes.
create macro sizes_by(period, in_scope := null) as table
    select
        date_trunc(period, s.month)::date as period,
        count(distinct s.paper_id) as n_papers, count(*) as n_sizes,
        size_quantile(z.value, 0.1) as p10,
        size_quantile(z.value, 0.25) as p25,
        size_quantile(z.value, 0.5) as p50,
        size_quantile(z.value, 0.75) as p75,
        size_quantile(z.value, 0.9) as p90,
        max(z.value) as max
    from core.populations as s
    join core.paper_sizes as z using (paper_id)
    where s.scope = coalesce(in_scope, default_scope()) and s.month is not null and not z.is_active
    group by all
    order by all;
create macro sizes_quarterly(in_scope := null) as table select * from sizes_by('quarter', in_scope := in_scope);
create macro sizes_yearly(in_scope := null) as table select * from sizes_by('year', in_scope := in_scope);

-- A method over the last twelve months (or `months`) at each month: steadier than single months. Months without any
-- paper count nothing; n_months says how many of the window have papers.
create macro trend_trailing(method_name, in_role := 'any', in_scope := null, months := 12) as table
    with totals as (
        select month, n_papers from trends.population_monthly where scope = coalesce(in_scope, default_scope())
    ),
    named as (
        select month, n_papers
        from trends.method_monthly
        where method = method_named(method_name) and role = in_role and scope = coalesce(in_scope, default_scope())
    ),
    grid as (
        select unnest(generate_series(min(month), max(month), interval 1 month))::date as month from totals
    ),
    summed as (
        select
            g.month,
            sum(coalesce(n.n_papers, 0)) over last_months as n_papers,
            sum(coalesce(t.n_papers, 0)) over last_months as n_total,
            count(t.n_papers) over last_months as n_months
        from grid as g
        left join totals as t using (month)
        left join named as n using (month)
        window last_months as (order by g.month rows between (months - 1) preceding and current row)
    )
    select
        month, n_papers::bigint as n_papers, n_total::bigint as n_total, n_months,
        case when n_total > 0 then n_papers / n_total end as share,
        wilson_low(n_papers, n_total) as share_low, wilson_high(n_papers, n_total) as share_high
    from summed
    order by month;

-- Model sizes over the last twelve months (or `months`) at each month: quantiles of all sizes stated in the window.
create macro sizes_trailing(in_scope := null, months := 12) as table
    with stated as (
        select s.month, s.paper_id, z.value
        from core.populations as s
        join core.paper_sizes as z using (paper_id)
        where s.scope = coalesce(in_scope, default_scope()) and s.month is not null and not z.is_active
    ),
    grid as (
        select unnest(generate_series(min(month), max(month), interval 1 month))::date as month
        from trends.population_monthly
        where scope = coalesce(in_scope, default_scope())
    )
    select
        g.month, count(distinct z.paper_id) as n_papers, count(z.value) as n_sizes,
        size_quantile(z.value, 0.1) as p10,
        size_quantile(z.value, 0.25) as p25,
        size_quantile(z.value, 0.5) as p50,
        size_quantile(z.value, 0.75) as p75,
        size_quantile(z.value, 0.9) as p90
    from grid as g
    left join stated as z on z.month <= g.month and months_between(z.month, g.month) < months
    group by g.month
    order by g.month;
