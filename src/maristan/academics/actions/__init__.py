"""Writes of academics."""
