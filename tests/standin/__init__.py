"""A local server that answers as Hugging Face and arXiv do, quirks and faults included. Tests only."""
