"""Browser tests of the whole product, in Chromium, against the real server and worker."""
