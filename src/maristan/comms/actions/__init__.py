"""Writes of comms."""
