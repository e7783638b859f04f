"""Settings of the test suite: a data folder of its own, plain static files, nothing that needs TLS."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_folder = Path(tempfile.mkdtemp(prefix="tidu-tests-"))
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ["TIDU_DATA"] = str(_folder)
os.environ.setdefault("TIDU_HTTPS", "false")
os.environ.setdefault("TIDU_SECRET_KEY", "used-by-tests-only-" + "k" * 48)

from tidu.site.settings import *  # noqa: E402, F403 - the folder must be set before the settings read it
from tidu.site.settings import DATABASES, STORAGES  # noqa: E402

ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
# A manifest knows no files before collectstatic, so that every address in a page would be a 404.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # In a file, because the live server's threads would lock each other out of a shared in-memory database.
    DATABASES["default"]["TEST"] = {"NAME": str(_folder / "test.sqlite3")}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
