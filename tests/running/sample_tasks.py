"""Tasks for a real worker to do."""

from pathlib import Path

from django_tasks import task


@task()
def touch(path: str) -> None:
    Path(path).touch()


@task()
def fail() -> None:
    raise ZeroDivisionError
