"""Pure rules of assessment."""
