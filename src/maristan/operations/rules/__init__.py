"""What operations decides, without a database: states, health, maintenance, retention, findings."""
