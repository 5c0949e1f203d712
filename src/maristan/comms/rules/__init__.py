"""The rules of comms: pure functions over frozen facts, one module per subject."""
