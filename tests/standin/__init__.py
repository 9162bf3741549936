"""Local servers that answer as Hugging Face and arXiv do, quirks and faults included, and one that takes mails. Tests only."""
