"""The project's settings as an operator in trouble would have them: everything is logged."""

from playground.settings import *  # noqa: F403

LOGGING["root"]["level"] = "DEBUG"  # noqa: F405
