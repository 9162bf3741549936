"""DuckDB: contracts of `sql/` files, their order, building a release, checking it, publishing it, asking it."""
