"""What people look at: the summary in the terminal, and pages."""
