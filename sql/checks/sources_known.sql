-- A source of listings is not in core.sources, so nobody has said whether it is a population.
select distinct source
from core.appearances
where source not in (select source from core.sources)
