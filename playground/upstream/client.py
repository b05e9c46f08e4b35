"""`WorkflowClient`: one method for each operation of the API. Contract section 2.

Every method raises `errors.UpstreamNeverReached`, `UpstreamRefused` or `UpstreamOutcomeUnknown`,
and nothing else. No method ever sends anything twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Any, TypeVar

from playground.contract import accounts, jobs, launches, paths, wire, workflows
from playground.contract.folding import fold
from playground.redaction.echoes import CallSecrets
from playground.upstream import sentences
from playground.upstream.attempts import Budgets
from playground.upstream.clock import ClockReading
from playground.upstream.errors import UpstreamNeverReached, UpstreamRefused
from playground.upstream.exchange import Exchange, RawAnswer, UpstreamCall

T = TypeVar("T")
Courtesy = TypeVar("Courtesy", accounts.Message, jobs.JobRetried)


class WorkflowClient:
    """Any number of threads may share one."""

    def __init__(self, exchange: Exchange, budgets: Budgets) -> None:
        self._exchange = exchange
        self._budgets = budgets

    def close(self) -> None:
        """Closes the connections it keeps."""
        self._exchange.close()

    @property
    def clock(self) -> ClockReading | None:
        """How far the upstream's clock is ahead, as its newest answer told; None if none did."""
        return self._exchange.clock

    # Workspace and users: sections 3 and 4

    def get_workspace(self) -> accounts.Workspace:
        return self._ask("get_workspace", _one(accounts.Workspace))

    def list_users(
        self,
        *,
        role: str = "",
        search_term: str = "",
        retrieve_accounts: bool = True,
        page: int = 0,
    ) -> accounts.UserPage:
        """One page, counted from 0. A blank `role` or `search_term` is not asked for."""
        asked = {"role": role, "search_term": search_term}
        query = {name: value for name, value in asked.items() if value}
        query |= {"retrieve_accounts": _flag(retrieve_accounts), "page": str(page)}
        return self._ask("list_users", _one(accounts.UserPage), query=query)

    def save_user(self, user: accounts.UserSave) -> accounts.UserSaved:
        return self._ask("save_user", _naming(accounts.UserSaved, "user.uid"), body=_body(user))

    def delete_user(self, user_uid: str) -> accounts.Message:
        return self._ask("delete_user", _message, user_uid=user_uid)

    # Integrations and accounts: section 5

    def list_integrations(self) -> tuple[accounts.Integration, ...]:
        """Empty where the upstream does not offer this listing (section 12, line 23)."""
        try:
            return self._ask("list_integrations", _many(accounts.Integration))
        except UpstreamRefused as refusal:
            if refusal.status == 404:
                return ()
            raise

    def list_accounts(
        self, slug: str, *, page: int = 0, with_stats: bool = True
    ) -> accounts.AccountPage:
        """One page of an integration's accounts, counted from 0; with stats come the limits."""
        query = {"page": str(page), "stats": _flag(with_stats)}
        return self._ask("list_accounts", _one(accounts.AccountPage), query=query, integration=slug)

    def save_account(self, slug: str, account: accounts.AccountSave) -> accounts.Account:
        """Creates or updates; the account's secrets are in no answer and no error."""
        return self._ask(
            "save_account",
            _naming(accounts.Account, "uid"),
            body=_body(account),
            secrets=account.account.secrets,
            integration=slug,
        )

    def delete_account(self, slug: str, account_uid: str) -> accounts.Message:
        return self._ask("delete_account", _message, integration=slug, account_uid=account_uid)

    def answer_checkpoint(self, account_uid: str, code: str) -> accounts.Account:
        return self._ask(
            "answer_checkpoint",
            _one(accounts.Account),
            body=_body(accounts.Checkpoint(code=code)),
            secrets=(code,),
            account_uid=account_uid,
        )

    # Workflows: section 6

    def list_workflows(self) -> tuple[workflows.WorkflowSummary, ...]:
        return self._ask("list_workflows", _many(workflows.WorkflowSummary))

    def get_workflow(self, workflow_uid: str) -> workflows.Workflow:
        return self._ask("get_workflow", _one(workflows.Workflow), workflow_uid=workflow_uid)

    def launch_workflow(self, workflow_uid: str, body: bytes) -> launches.LaunchAccepted:
        """Sends `body` as it is, once, over a connection of its own."""
        return self._ask(
            "launch_workflow",
            _naming(launches.LaunchAccepted, "job_uid"),
            body=lambda: body,
            workflow_uid=workflow_uid,
        )

    # Jobs: sections 6 and 7

    def list_jobs(self, workflow_uid: str, *, page: int = 0) -> tuple[jobs.Job, ...]:
        """The workflow's jobs of the last two months; pages count from 0."""
        return self._ask(
            "list_jobs", _many(jobs.Job), query={"page": str(page)}, workflow_uid=workflow_uid
        )

    def get_last_results(self, workflow_uid: str) -> jobs.ResultPage:
        return self._ask("get_last_results", _one(jobs.ResultPage), workflow_uid=workflow_uid)

    def get_job(self, job_uid: str) -> jobs.Job:
        return self._ask("get_job", _one(jobs.Job), job_uid=job_uid)

    def list_results(self, job_uid: str, *, page: int = 1) -> jobs.ResultPage:
        """At most 1,000 rows; pages count from 1."""
        return self._ask(
            "list_results", _one(jobs.ResultPage), query={"page": str(page)}, job_uid=job_uid
        )

    def list_job_inputs(self, job_uid: str, *, page: int = 1) -> jobs.InputPage:
        """Pages count from 1, of 1,000 rows each (assumed: the first is asked for without)."""
        query = {"page": str(page)} if page > 1 else None
        return self._ask("list_job_inputs", _one(jobs.InputPage), query=query, job_uid=job_uid)

    def retry_job(self, job_uid: str, body: bytes | None = None) -> jobs.JobRetried:
        """Runs again as before, or with another launch's body, which is sent as it is."""
        return self._ask(
            "retry_job",
            _one_or_nothing(jobs.JobRetried),
            body=None if body is None else lambda: body,
            job_uid=job_uid,
        )

    def cancel_job(self, job_uid: str) -> accounts.Message:
        return self._ask("cancel_job", _message, job_uid=job_uid)

    def retry_webhook(self, job_uid: str) -> accounts.Message:
        return self._ask("retry_webhook", _message, job_uid=job_uid)

    def remove_schedule(self, job_name: str) -> accounts.Message:
        """Removes the repeat schedules of this name; jobs that ran stay."""
        return self._ask("remove_schedule", _message, job_name=job_name)

    # Any operation, to be looked at

    def send_raw(
        self,
        operation: str,
        *,
        values: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> RawAnswer:
        """The answer as it came, whatever its status and shape; `body` is sent as it is."""
        sent = None if body is None else lambda: body
        return self._exchange.fetch(_call(self._budgets, operation, values or {}, query, sent))

    def _ask(
        self,
        operation: str,
        read: Callable[[bytes], T],
        *,
        query: Mapping[str, str] | None = None,
        body: Callable[[], bytes] | None = None,
        secrets: Sequence[str] = (),
        **values: str,
    ) -> T:
        call = _call(self._budgets, operation, values, query, body, secrets)
        return self._exchange.ask(call, read)


def _call(
    budgets: Budgets,
    operation: str,
    values: Mapping[str, str],
    query: Mapping[str, str] | None,
    body: Callable[[], bytes] | None,
    secrets: Sequence[str] = (),
) -> UpstreamCall:
    method = paths.TEMPLATES[operation][0]
    if not all(values.values()):
        # An empty segment would name another resource than the one that was meant.
        raise UpstreamNeverReached(
            f"An identifier is missing. {sentences.NOTHING_SENT}; fill it in and try again."
        )
    return UpstreamCall(
        method=method,
        path=paths.path_for(operation, **values),
        query=query or {},
        body=_written(body),
        budget=budgets.read if method == "GET" else budgets.change,
        secrets=CallSecrets(secrets),
    )


def _written(body: Callable[[], bytes] | None) -> bytes | None:
    """Raises `UpstreamNeverReached` for what JSON cannot carry, such as half a character."""
    try:
        return None if body is None else body()
    except wire.WireError as error:
        raise UpstreamNeverReached(
            "The call holds values that cannot be sent as JSON. "
            f"{sentences.NOTHING_SENT}; look for unusual characters in what was typed.",
            detail=str(error),
        ) from None


def _body(value: Any) -> Callable[[], bytes]:
    return lambda: wire.encode(value)


def _one(cls: type[T]) -> Callable[[bytes], T]:
    return lambda body: wire.decode(cls, body)


def _naming(cls: type[T], uid: str) -> Callable[[bytes], T]:
    """The same, where a success without the UID of what was made is not known to be one."""
    told = attrgetter(uid)

    def read(body: bytes) -> T:
        answer = wire.decode_needed(cls, body)
        # What nobody sees names nothing.
        if not fold(told(answer)):
            raise wire.WireError(f"$.{uid}", "empty")
        return answer

    return read


def _many(cls: type[T]) -> Callable[[bytes], tuple[T, ...]]:
    return lambda body: wire.decode_many(cls, body)


def _one_or_nothing(cls: type[Courtesy]) -> Callable[[bytes], Courtesy]:
    """A success without a body is a success: these answers are courtesies. One that tells of a
    failure is not known to be one."""

    def read(body: bytes) -> Courtesy:
        answer = wire.decode_needed(cls, body if body.strip() else b"{}")
        failing = next((name for name, one in answer.extra.items() if _is_failure(name, one)), None)
        if failing is not None:
            raise wire.WireError(f"$.{failing}", "a success that tells of a failure")
        return answer

    return read


def _is_failure(name: str, value: object) -> bool:
    if name in ("error", "errors"):
        return bool(value)
    if name in ("success", "ok"):
        return value is False
    if name in ("status", "statusCode", "status_code", "code"):
        is_status = isinstance(value, int) and value >= 400
        return is_status or value in ("error", "failed", "failure", "fail")
    return False


_message = _one_or_nothing(accounts.Message)


def _flag(value: bool) -> str:
    return "true" if value else "false"
