"""Exams, marks, results and what they mean."""
