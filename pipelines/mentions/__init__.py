"""Text into evidence: PEFT methods with roles, typed numbers, links, model names, and candidates.

Every result is a span of the title or abstract that was read. The rules are ours and are specified by the
annotation guide; what the catalogue holds is data in `lexicon/`. Nothing here knows of listings or of DuckDB.
"""
