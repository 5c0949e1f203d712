"""Reads of academics; one module for each kind of object."""
