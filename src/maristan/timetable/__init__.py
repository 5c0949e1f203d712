"""Weeks of teaching: drafted without fear, published in one press, amended with a reason."""
