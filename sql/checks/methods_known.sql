-- A mention says that its method is in the catalogue, and the catalogue lacks it.
select distinct method
from core.method_mentions
where is_known and method not in (select method from core.methods)
