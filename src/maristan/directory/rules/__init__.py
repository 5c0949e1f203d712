"""The rules of the directory: pure functions over frozen facts, one module per subject."""
