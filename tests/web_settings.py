"""The site's settings for the tests: the same as everywhere, with a data folder that is thrown away.

Django reads its settings before any conftest runs, so the environment must be ready here.
"""

import atexit
import os
import shutil
import tempfile

if "STORYKEEP_DATA" not in os.environ:
    folder = tempfile.mkdtemp(prefix="storykeep-tests-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["STORYKEEP_DATA"] = folder

from storykeep.site.settings import *  # noqa: F403 — Django reads the names from this module

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # Argon2 is slow on purpose; tests sign in often
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # noqa: F405
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405 — nothing is collected here; WhiteNoise wants the folder
WHITENOISE_USE_FINDERS = True
