-- The bins of model sizes: half a decade each, so that they are equally wide on the log scale. Edges stand here only.
-- grain: bin
-- column bin VARCHAR: name of the bin
-- column bin_order INTEGER: smallest first, from 1
-- column low DOUBLE in parameters: smallest size in the bin
-- column high DOUBLE in parameters: smallest size above the bin
-- not null: bin, bin_order, low, high
-- unique: bin
-- unique: bin_order
-- assert: low < high
select bin, bin_order, low::double as low, high::double as high
from (
    values
        (1, 'under 10M', 0, 1e7),
        (2, '10M-30M', 1e7, 3e7),
        (3, '30M-100M', 3e7, 1e8),
        (4, '100M-300M', 1e8, 3e8),
        (5, '300M-1B', 3e8, 1e9),
        (6, '1B-3B', 1e9, 3e9),
        (7, '3B-10B', 3e9, 1e10),
        (8, '10B-30B', 1e10, 3e10),
        (9, '30B-100B', 3e10, 1e11),
        (10, '100B-300B', 1e11, 3e11),
        (11, '300B-1T', 3e11, 1e12),
        (12, '1T and over', 1e12, 'infinity')
) as b (bin_order, bin, low, high)
order by bin_order
