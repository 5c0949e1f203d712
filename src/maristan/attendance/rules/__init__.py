"""Rules of attendance, pure."""
