"""The report: static pages about one release, in which every number is a link to the sentences that it counts."""
