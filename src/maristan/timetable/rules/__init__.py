"""The rules of timetabling: pure functions over frozen facts, one module per subject."""
