-- The releases up to this one: what each was built from and how many rows its tables have. The last row is this one.
-- grain: release
-- column release_id VARCHAR: time of building (UTC) and the beginning of inputs_sha256
-- column built_at TIMESTAMPTZ: when it was built; no other table knows
-- column rules_version VARCHAR: version of the rules that read the texts
-- column code_version VARCHAR: version of the program
-- column inputs_sha256 VARCHAR: SHA-256 of all that decides the rows: Parquet, accuracy, versions and SQL
-- column n_captures BIGINT in captures: captures that it rests on; those of this release are in meta.release_inputs
-- column table_rows MAP(VARCHAR, BIGINT) in rows: rows of each table but this one
-- not null: release_id, built_at, rules_version, code_version, inputs_sha256, n_captures, table_rows
-- unique: release_id
select
    r.release_id, r.built_at, r.rules_version, r.code_version, r.inputs_sha256,
    (select count(*) from input.captures) as n_captures,
    (select map(list(table_name order by table_name), list(n_rows order by table_name)) from input.table_rows)
        as table_rows
from input.release as r
union all
select release_id, built_at, rules_version, code_version, inputs_sha256, n_captures, table_rows
from previous.releases
where release_id not in (select release_id from input.release)
order by release_id
