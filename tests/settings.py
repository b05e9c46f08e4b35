"""The project's settings, for tests: a folder of their own, and no variable of the operator's.

Only `DATABASE_URL` is taken from the environment, so that the suite can be run on PostgreSQL.
"""

import atexit
import os
import shutil
import tempfile
from unittest import mock

from playground import env_file
from tests.environment import without_variables

_database_url = os.environ.get("DATABASE_URL")
_data_dir = tempfile.mkdtemp(prefix="playground-tests-")
atexit.register(shutil.rmtree, _data_dir, ignore_errors=True)

_kept = without_variables(os.environ)
for _name in set(os.environ) - set(_kept) - {"DJANGO_SETTINGS_MODULE"}:
    del os.environ[_name]
os.environ["DATA_DIR"] = _data_dir
os.environ["SECRET_KEY"] = "only for tests, and long enough to be one: 0123456789"
if _database_url:
    os.environ["DATABASE_URL"] = _database_url
# A developer's own `.env` would change what is tested.
with mock.patch.object(env_file, "read", return_value={}):
    from playground.settings import *  # noqa: F403

# The real hashers are slow on purpose.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# A file, as in production: threads of one test share it, and WAL behaves as it will.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    DATABASES["default"]["TEST"] = {"NAME": f"{_data_dir}/test.sqlite3"}  # noqa: F405
# Nothing is collected for tests, so files keep their plain names; WhiteNoise warns of a folder
# that is not there.
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"  # noqa: F405
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405
