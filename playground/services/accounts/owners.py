"""What accounts are seen with: the workflows that can use them, and the users who own them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from playground.contract.workflows import WorkflowSummary
from playground.services import permissions
from playground.services.permissions import Person
from playground.services.upstream_cache.parallel import Gathered, gather
from playground.services.users import directory as user_directory
from playground.services.users.directory import Directory
from playground.services.workflows import lookup as workflow_lookup
from playground.services.workflows import usage as workflow_usage
from playground.services.workflows.usage import UsesFound

T = TypeVar("T")

# Seconds that a page waits for the lists, and then for what the workflows use.
LISTS_PATIENCE = 2.5
USES_PATIENCE = 2.5
SLOW = "The upstream takes long to list {}. Reload to go on."


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """As far as they could be looked at. Without a directory, `owners_problem` says why.

    `is_slow` when the workflows are still being listed.
    """

    uses: UsesFound
    directory: Directory | None
    owners_problem: str
    is_slow: bool = False

    @property
    def integrations(self) -> tuple[str, ...]:
        """Those that steps take accounts of, and those that users have accounts of."""
        owned = (
            account.application_permalink
            for user in (self.directory.users if self.directory else ())
            for account in user.accounts or ()
        )
        named = (slug for slug in owned if isinstance(slug, str) and slug)
        return tuple(dict.fromkeys((*self.uses.integrations, *named)))


def look_around() -> Surroundings:
    """Workflows and users, as far as they come in time."""
    questions: dict[str, Callable[[], Directory | tuple[WorkflowSummary, ...]]] = {
        "users": user_directory.find_directory,
        "workflows": workflow_lookup.list_workflows,
    }
    lists = gather(questions, seconds=LISTS_PATIENCE)
    directory, listed = lists.answers.get("users"), lists.answers.get("workflows")
    uses = UsesFound(problem=_reason("workflows", lists))
    if isinstance(listed, tuple):
        uses = workflow_usage.find_uses(listed, seconds=USES_PATIENCE)
    return Surroundings(
        uses=uses,
        directory=directory if isinstance(directory, Directory) else None,
        owners_problem=_reason("users", lists),
        is_slow=listed is None and "workflows" not in lists.problems,
    )


def find_owners() -> tuple[Directory | None, str]:
    """Users alone, as far as they come in time, or why they are not known."""
    lists = gather({"users": user_directory.find_directory}, seconds=LISTS_PATIENCE)
    return lists.answers.get("users"), _reason("users", lists)


def name_owners(person: Person, *, seconds: float) -> dict[str, str]:
    """Account UID → who owns it, as far as that comes in time and may be seen."""
    if not permissions.can(person, "see users"):
        return {}
    directory = gather({"users": user_directory.find_directory}, seconds=seconds).answers.get(
        "users"
    )
    owners = directory.owners if directory else {}
    return {uid: user_directory.name_of(owner) for uid, owner in owners.items()}


def _reason(key: str, gathered: Gathered[T]) -> str:
    """Why there is no answer; empty when there is one."""
    if key in gathered.answers:
        return ""
    return str(gathered.problems.get(key, "")) or SLOW.format(key)
