-- Every span that states a typed number: model size, trainable parameters or share, training tokens, context, bits.
-- grain: span x value
-- column paper_id VARCHAR:
-- column kind VARCHAR:
-- column value DOUBLE in parameters, per cent, tokens or bits:
-- column role VARCHAR: for model sizes: proposes (a model introduced here), uses or mentions
-- column qualifier VARCHAR:
-- column field VARCHAR:
-- column start_char INTEGER in code points:
-- column end_char INTEGER in code points:
-- column surface VARCHAR:
-- column rule VARCHAR:
-- not null: paper_id, kind, value, field, start_char, end_char, surface, rule
-- unique: paper_id, field, start_char, kind, value
-- assert: kind in ('model_size', 'trainable_params', 'trainable_pct', 'training_tokens', 'context_tokens', 'bits')
-- assert: field in ('title', 'abstract')
-- assert: start_char >= 0 and end_char > start_char
-- assert: isfinite(value)
select paper_id, kind, value, role, qualifier, field, start_char, end_char, surface, rule
from lake.quantities
order by paper_id, field desc, start_char, kind, value
