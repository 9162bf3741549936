-- Every listing that was captured, whether it could be read or not.
-- grain: capture of a listing
-- column capture_id VARCHAR:
-- column capture_sha256 VARCHAR:
-- column channel VARCHAR:
-- column source VARCHAR:
-- column query VARCHAR:
-- column listing_date DATE:
-- column date_basis VARCHAR:
-- column origin VARCHAR:
-- column captured_at TIMESTAMPTZ:
-- column format VARCHAR:
-- column n_bytes BIGINT in bytes:
-- column n_records BIGINT in papers:
-- column state VARCHAR:
-- column reason VARCHAR:
-- not null: capture_id, capture_sha256, channel, source, origin, captured_at, n_bytes, n_records, state
-- unique: capture_id
-- assert: n_bytes >= 0 and n_records >= 0
-- assert: state in ('ok', 'partial', 'refused', 'unchanged', 'empty_confirmed', 'open', 'failed')
select
    capture_id, capture_sha256, channel, source, query, listing_date, date_basis, origin, captured_at, format,
    n_bytes, n_records, state, reason
from lake.captures
order by captured_at, capture_id
