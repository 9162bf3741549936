-- The sources that listings come from, and which of them are populations: everything that was published there, so
-- that a share of them means something. What a search or a person picked is no population.
-- grain: source
-- column source VARCHAR: name of the source
-- column is_population BOOLEAN: counted in shares, as a scope of its own and in the scope `all`
-- column has_scope BOOLEAN: has a scope of its own; starter has one and stays out of `all`
-- column is_arxiv BOOLEAN: its papers are also counted in the scopes of their arXiv categories, arxiv:<category>
-- column description VARCHAR: what the source is
-- not null: source, is_population, has_scope, is_arxiv, description
-- unique: source
-- assert: has_scope or not is_population
select *
from (
    values
        ('arxiv', true, true, true, 'arXiv, harvested day by day'),
        ('arxiv_snapshot', true, true, true, 'arXiv''s bulk metadata, from a file in the inbox'),
        ('huggingface_daily', true, true, false, 'Hugging Face Daily Papers'),
        ('huggingface_search', false, false, false, 'a search on Hugging Face Papers'),
        ('huggingface_trending', false, false, false, 'Hugging Face Papers, the trending page'),
        ('saved_page', false, false, false, 'a page or an answer that a person saved'),
        ('starter', false, true, false, 'the starter corpus: real papers, summaries written for this project')
) as s (source, is_population, has_scope, is_arxiv, description)
order by source
