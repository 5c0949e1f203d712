"""Reads of the directory; one module for each kind of object."""
