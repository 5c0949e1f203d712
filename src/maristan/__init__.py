"""Maristan: the operating platform of a teaching institution."""
