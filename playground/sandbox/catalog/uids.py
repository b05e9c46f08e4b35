"""The catalogue's UIDs: constant, and readable to whoever knows the scheme.

`5a9db0c0-KKKK-4000-8000-NNNNNNNNNNNN` — KKKK is the kind (0001 user, 0002 integration, 0003
account, 0004 workflow, 0005 step, 0006 template), N the decimal number within its kind. A step's
number is its workflow's number times 100, plus its position, plus 1: the first step of workflow 1
is `5a9db0c0-0005-4000-8000-000000000101`.
"""

from __future__ import annotations


def user(number: int) -> str:
    return _uid(1, number)


def integration(number: int) -> str:
    return _uid(2, number)


def account(number: int) -> str:
    return _uid(3, number)


def workflow(number: int) -> str:
    return _uid(4, number)


def step(workflow_number: int, position: int) -> str:
    return _uid(5, workflow_number * 100 + position + 1)


def template(number: int) -> str:
    return _uid(6, number)


def _uid(kind: int, number: int) -> str:
    return f"5a9db0c0-{kind:04d}-4000-8000-{number:012d}"
