"""Budgets, ratios and the distance to the physical limit, measured side by side in one run."""
