"""What an entry of the table of operations is made of, and the parts that many entries share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from playground.contract import paths
from playground.contract.wire import UNSET

# The contract's marks D, C and I: the vendor says it; public programs rely on it; inferred.
Evidence = Literal["documented", "observed", "assumed"]
Group = Literal["Workflows", "Jobs", "Accounts", "Users", "Workspace"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A part of the address. `default` is `UNSET` where leaving it out is no value at all."""

    name: str
    where: Literal["path", "query"]
    type: Literal["string", "integer", "boolean"]
    meaning: str
    evidence: Evidence
    default: Any = UNSET
    choices: tuple[str, ...] = ()
    example: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A success. `example` is a JSON value that fits `type`, or a list of them."""

    status: int
    meaning: str
    type: type | None
    is_array: bool = False
    example: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An error answer: what it means for this operation and what the caller should do."""

    status: int
    when: str
    advice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method on one path. `name` is the key of `paths.TEMPLATES`, `section` the contract's."""

    name: str
    group: Group
    title: str
    purpose: str
    evidence: Evidence
    section: str
    parameters: tuple[Parameter, ...] = ()
    body: type | None = None
    is_body_needed: bool = False
    body_example: Any = UNSET
    answers: tuple[Answer, ...]
    failures: tuple[Failure, ...]
    changes: bool = False
    has_secrets: bool = False

    @property
    def method(self) -> str:
        return paths.TEMPLATES[self.name][0]

    @property
    def path(self) -> str:
        """The template of the path, relative to the server's URL."""
        return paths.TEMPLATES[self.name][1]


# Section 1.2, but for what only some operations answer.
GENERAL_FAILURES = (
    Failure(
        status=403,
        when="The workspace may not use this.",
        advice="Contact the vendor's support: the request itself is in order.",
    ),
    Failure(
        status=405,
        when="The path exists, but not with this method.",
        advice="Use the method that is printed beside the path.",
    ),
    Failure(
        status=500,
        when="Something broke inside the API, often on the side of an external site.",
        advice="Send it again by hand; before you repeat a change, look whether it was made.",
    ),
    Failure(
        status=502,
        when="An external site gave an answer that could not be used.",
        advice="Send it again by hand after a while.",
    ),
    Failure(
        status=503,
        when="An external service is out of order.",
        advice="Send it again by hand once the service is back.",
    ),
    Failure(
        status=504,
        when="An external site took too long.",
        advice="Send it again by hand; before you repeat a change, look whether it was made.",
    ),
)
UNAUTHORISED = Failure(
    status=401,
    when="The API key or the workspace UID is missing or wrong, they do not belong together, or "
    "the key has no permission for this.",
    advice="Check the key in `Authorization` and the workspace UID in `x-project-id`.",
)


def failures(*own: Failure) -> tuple[Failure, ...]:
    """The failures of an operation in the order of their status, with those of every other."""
    every = (UNAUTHORISED, *own, *GENERAL_FAILURES)
    return tuple(sorted(every, key=lambda failure: failure.status))


def missing(thing: str, advice: str) -> Failure:
    return Failure(status=404, when=f"There is no {thing}.", advice=advice)


def malformed(when: str, advice: str) -> Failure:
    return Failure(status=400, when=when, advice=advice)


BAD_PAGE = malformed("`page` is not a page number.", "Send a whole number, or leave it out.")
NO_WORKFLOW = missing("workflow with this UID", "Take the `uid` from List workflows.")
NO_JOB = missing(
    "job with this UID", "Take the `job_uid` from the answer of the launch, or from List jobs."
)
NO_INTEGRATION = missing(
    "integration with this slug", "Use a slug such as `linkedin`, in lower case."
)


def page(first: int, meaning: str, evidence: Evidence) -> Parameter:
    return Parameter(
        name="page",
        where="query",
        type="integer",
        meaning=meaning,
        evidence=evidence,
        default=first,
        example=str(first),
    )


def segment(name: str, meaning: str, example: str, evidence: Evidence = "documented") -> Parameter:
    """A part of the path."""
    return Parameter(
        name=name, where="path", type="string", meaning=meaning, evidence=evidence, example=example
    )
