"""Django's engine for PostgreSQL, as the web process uses it: `ENGINE` names this package."""
