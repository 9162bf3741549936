"""papertrends: listings of machine-learning papers in, a DuckDB warehouse of PEFT and model-size trends out.

Data flows one way, and so do imports: `sources` (listings into captures and records), `papers` (records into
papers), `mentions` (text into mentions and quantities), `warehouse` (Parquet and `sql/` into DuckDB), `report`.
`assets` is the Dagster skin over them and `cli` the command line; nothing below imports either.
"""

__version__ = "0.1.0"
