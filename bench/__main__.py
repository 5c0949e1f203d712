"""`make bench`: builds the data set, measures, prints a table, writes var/bench*.json; 1 when a limit is exceeded."""

import os
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
os.environ.update(
    {
        "MARISTAN_ENV": "test",
        "MARISTAN_HOME": os.environ.get("MARISTAN_BENCH_HOME", str(CHECKOUT / "var" / "bench")),
        "MARISTAN_DB_OWNER": "1",
        "DJANGO_SETTINGS_MODULE": "maristan.config.settings",
        "LOG_LEVEL": "error",
    }
)
os.environ.pop("MARISTAN_BENCH_HOME", None)


def main() -> int:
    """Run everything; gives the exit code."""
    import django

    django.setup()
    from bench import operations, runner

    small, parts = "--small" in sys.argv, (runner, operations)
    named = [each for each in parts if each.__name__.removeprefix("bench.") in sys.argv]
    return max(each.run(small=small) for each in named or parts)


if __name__ == "__main__":
    sys.exit(main())
