"""The project's settings with two more addresses: what everything else is measured against."""

from playground.settings import *  # noqa: F403

ROOT_URLCONF = "tests.benchmarks.urls"
