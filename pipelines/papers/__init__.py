"""Records into papers: clean text, ids, dates, merging. Nothing here looks for methods or numbers."""
