"""The rules of academics: pure functions over frozen facts, one module per subject."""
