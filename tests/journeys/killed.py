"""Processes of their own on the tests' database, to be killed."""

import os
import subprocess
import sys

from django.db import connection

SET_UP = "import django; django.setup()\n"


def process(code: str) -> subprocess.Popen[bytes]:
    """Start a process that runs this code on the database of the test."""
    told = connection.settings_dict
    url = (
        f"postgres://{told['USER']}:{told['PASSWORD']}@{told['HOST']}:{told['PORT']}/{told['NAME']}"
    )
    return subprocess.Popen(
        [sys.executable, "-c", SET_UP + code],
        env={**os.environ, "DATABASE_URL": url},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
