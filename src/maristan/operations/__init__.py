"""What runs, what was promised, what is backed up: the people who deploy, repair and are called at night."""
