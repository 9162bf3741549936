-- How well the extractor reads labelled papers, field by field, as measured for these rules.
-- grain: field
-- column field VARCHAR: what was labelled: peft, peft_role, sizes, ...
-- column precision DOUBLE in fraction: of what it found, how much is right
-- column recall DOUBLE in fraction: of what is there, how much it found
-- column f1 DOUBLE in fraction: harmonic mean of both
-- column n BIGINT in labels: values that the labels hold, the ones recall is of
-- column measured_at DATE: day of the measurement
-- column rules_version VARCHAR: version of the rules that were measured
-- not null: field, precision, recall, f1, n, measured_at, rules_version
-- unique: field
-- assert: precision between 0 and 1 and recall between 0 and 1 and f1 between 0 and 1
select field, precision, recall, f1, n, measured_at, rules_version
from input.accuracy
order by field
