"""The warehouse: contracts of the `sql/` files, builds of releases, and the reading of published ones."""
