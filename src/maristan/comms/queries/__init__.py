"""Reads of comms; one module for each kind of object."""
