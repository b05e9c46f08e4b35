"""Runs programs one after the other in this process, each in the folder of its file.

Behind what each has printed stands why it failed, between form feeds; nothing if it did not.
"""

from __future__ import annotations

import os
import runpy
import sys
import traceback
from pathlib import Path


def problem_of(file: str) -> str:
    os.chdir(Path(file).parent)
    try:
        runpy.run_path(file, run_name="__main__")
    except SystemExit as end:
        return f"It ended with {end.code}." if end.code else ""
    except BaseException:
        return traceback.format_exc()
    return ""


for each in sys.argv[1:]:
    found = problem_of(each)
    print(f"\f{found}\f", flush=True)
