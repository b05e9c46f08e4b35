"""Programs that the journeys need besides a browser: found, or installed."""

import shutil
import subprocess

from tests import browser


def find_curl() -> str:
    """curl on the PATH; on Debian, as root, it is installed when it is missing."""
    found = shutil.which("curl")
    if found is None and browser._is_root_on_debian():
        browser._run("apt-get", "update", "-qq")
        browser._run("apt-get", "install", "-y", "-qq", "--no-install-recommends", "curl")
        found = shutil.which("curl")
    if found is None:
        raise RuntimeError("the journeys paste commands into a shell, and there is no curl")
    return found


def run_in_bash(command: str, environment: dict[str, str]) -> str:
    """What the command prints when it is pasted into bash."""
    done = subprocess.run(
        ["bash"], input=command + "\n", env=environment, capture_output=True, text=True, timeout=30
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
