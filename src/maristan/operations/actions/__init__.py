"""What operations changes, each with its line in the journal's platform chain."""
