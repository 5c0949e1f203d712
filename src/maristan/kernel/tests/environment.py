"""Sets the environment of a test run before the settings are read."""

import os
import tempfile
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[4]
FILES = tempfile.TemporaryDirectory(prefix="maristan-files-")
os.environ.update(
    {
        "MARISTAN_ENV": "test",
        "MARISTAN_HOME": os.environ.get("MARISTAN_TEST_HOME", str(CHECKOUT / "var" / "test")),
        # Through the pooler of the rig the tests are the runtime role from the first connection.
        "MARISTAN_DB_OWNER": "0" if os.environ.get("DATABASE_POOL") == "transaction" else "1",
        "MEDIA_ROOT": FILES.name,
    }
)
os.environ.pop("MARISTAN_TEST_HOME", None)
