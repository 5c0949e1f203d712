"""The demonstration institution: believable, made by the actions that people use, the same on a second run."""
