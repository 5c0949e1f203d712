"""Jobs of the app `academics`."""
