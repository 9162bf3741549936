-- The captures that this release rests on, with the SHA-256 of their bytes.
-- grain: capture
-- column capture_sha256 VARCHAR: SHA-256 of the bytes as they came
-- column source VARCHAR: source of the listing
-- column origin VARCHAR: file name or URL it came from
-- not null: capture_sha256, source, origin
-- unique: capture_sha256, source, origin
select capture_sha256, source, origin
from input.captures
order by capture_sha256, source, origin
