"""The application's own settings in a folder of the test run's own, one for each xdist worker."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from urllib.parse import urlsplit, urlunsplit

from tests import memory

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")

os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix=f"playground-tests-{WORKER}-", dir=memory.folder())
atexit.register(shutil.rmtree, os.environ["DATA_DIR"], ignore_errors=True)

for name in ("SITE_URL", "SECRET_KEY", "API_KEY_ENCRYPTION_KEYS", "EMAIL_URL", "DEBUG", "PORT"):
    os.environ.pop(name, None)

# No test reaches Image Pig: this address refuses every connection.
os.environ["IMAGEPIG_API_URL"] = "http://127.0.0.1:9"

if redis_url := os.environ.get("REDIS_URL"):
    # A database of its own for each worker: gw0 → 1, gw1 → 2 …
    number = int(WORKER.removeprefix("gw")) + 1 if WORKER.startswith("gw") else 15
    os.environ["REDIS_URL"] = urlunsplit(urlsplit(redis_url)._replace(path=f"/{number}"))

from imagepig_site.settings import *  # noqa: E402, F403
from imagepig_site.settings import DATA_DIR, DATABASES, STORAGES  # noqa: E402

# Hashing a password well is slow on purpose.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, since servers and workers in other processes and threads share it.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
else:
    DATABASES["default"]["TEST"] = {"NAME": f"test_playground_{os.getpid()}"}
