"""The demonstration institution: believable, made by the same actions that people use, the same on a second run."""
