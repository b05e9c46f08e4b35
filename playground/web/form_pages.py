"""The page that has a form, for the addresses that only take one.

Whoever was signed out, or has a form that is too old, is led there; what was typed comes back
into the form and is not sent by that.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import QueryDict
from django.urls import NoReverseMatch, Resolver404, ResolverMatch, resolve, reverse

from playground.payload.edit.paste.secrets import may_hold_credentials
from playground.web.accounts import field_names as account_fields
from playground.web.trial_scope import outside

_NEVER_KEPT = ("csrfmiddlewaretoken", "action", "confirmed")
_HOME = "workflow-list"


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPage:
    """Names of addresses: of the page, and of what shows its form with what is posted to it.

    `action` is the button that does so. Without `shows` there is nothing to type. `fields` are
    the only ones that may be kept; None for all.
    """

    page: str
    shows: str = ""
    action: str = ""
    fields: tuple[str, ...] | None = None

    def kept(self, data: QueryDict) -> list[tuple[str, str]]:
        """What was typed, as far as it may be held in a page."""
        if not self.shows:
            return []
        return [
            (name, text)
            for name, texts in data.lists()
            for text in map(str, texts)
            if name not in _NEVER_KEPT
            and (self.fields is None or name in self.fields)
            and not (name == "pasted" and may_hold_credentials(text))
        ]

    def hidden_fields(self, kept: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        """The fields of a form that leads back to the one that was filled in."""
        return [*kept, *([("action", self.action)] if self.action else [])]


_LAUNCH = FormPage(page="launch-new", shows="launch-edit")
_OF_LAUNCH, _OF_JOB = FormPage(page="launch-detail"), FormPage(page="job-detail")
_OF_GROUP = FormPage(page="launch-group")
_OF_ROW_SET = FormPage(page="row-set-detail")
# Credentials are in no page.
_ACCOUNT_FIELDS = (
    "next",
    "change_token",
    account_fields.NAME,
    account_fields.OWNER,
    account_fields.KIND,
    account_fields.RESUMES,
    account_fields.IS_SHARED,
)
FORM_PAGES = {
    "launch-create": _LAUNCH,
    "launch-edit": _LAUNCH,
    "launch-preview": _LAUNCH,
    "launch-preflight": _LAUNCH,
    "launch-payload": _LAUNCH,
    "launch-paste": _LAUNCH,
    "workflow-paste": FormPage(page=_HOME),
    "launch-paste-json": _LAUNCH,
    "launch-trial": _LAUNCH,
    "launch-snippet": _LAUNCH,
    "launch-snippets": _LAUNCH,
    "launch-snippet-panel": _LAUNCH,
    "launch-draft": _LAUNCH,
    "preset-panel": FormPage(page="preset-panel", shows="launch-edit"),
    "share": FormPage(page="share", shows="launch-edit"),
    "preset-detail": FormPage(page="preset-detail"),
    "preset-form": FormPage(page="preset-detail"),
    "preset-own": FormPage(page="preset-detail"),
    "preset-remove": FormPage(page="preset-remove"),
    "shared-revoke": FormPage(page="shared-detail"),
    "launch-relaunch": FormPage(page="launch-relaunch"),
    "launch-search": _OF_LAUNCH,
    "launch-decide": _OF_LAUNCH,
    "launch-again": _OF_LAUNCH,
    "remove-schedule": _OF_LAUNCH,
    "schedule-change-begin": FormPage(page="schedule-list"),
    "schedule-change-remove": FormPage(page="schedule-change"),
    "schedule-change-leave": FormPage(page="schedule-change"),
    "schedule-remove": FormPage(page="schedule-remove"),
    "webhook-list": FormPage(page="webhook-list"),
    "webhook-secret": FormPage(page="webhook-list"),
    "webhook-test": FormPage(page="webhook-list"),
    "webhook-remove": FormPage(page="webhook-list"),
    "launch-group-stop": _OF_GROUP,
    "launch-group-go-on": _OF_GROUP,
    "job-cancel": _OF_JOB,
    "job-retry": _OF_JOB,
    "job-outcome-rows": _OF_JOB,
    "job-results-copy": _OF_JOB,
    "job-results-keep": _OF_JOB,
    "row-set-import": FormPage(page="row-set-import"),
    "row-set-rename": _OF_ROW_SET,
    "row-set-remove": FormPage(page="row-set-remove"),
    "row-set-stop": _OF_ROW_SET,
    "row-set-read-again": _OF_ROW_SET,
    "row-set-check": _OF_ROW_SET,
    "row-set-mapping": _OF_ROW_SET,
    "row-set-repair": _OF_ROW_SET,
    "row-set-cells": _OF_ROW_SET,
    "row-set-cell": FormPage(page="row-set-cell"),
    "row-set-reuse": FormPage(page="row-set-reuse"),
    "account-check": FormPage(page="account-list"),
    "account-request": FormPage(page="account-new"),
    "account-checkpoint": FormPage(page="account-detail"),
    "account-new": FormPage(
        page="account-new", shows="account-new", action="preview", fields=_ACCOUNT_FIELDS
    ),
    "account-edit": FormPage(
        page="account-edit", shows="account-edit", action="preview", fields=_ACCOUNT_FIELDS
    ),
    "account-remove": FormPage(page="account-remove"),
    "user-remove": FormPage(page="user-remove"),
    "user-new": FormPage(page="user-new", shows="user-new", action="preview"),
    "user-edit": FormPage(page="user-edit", shows="user-edit", action="preview"),
    "api-call-new": FormPage(page="api-call-new", shows="api-call-new", action="edit"),
    "api-call-request": FormPage(page="api-call-new"),
    "sign-out": FormPage(page=_HOME),
}


def form_page_at(path: str) -> tuple[FormPage | None, ResolverMatch | None]:
    """What is at a path of this site, also one below the area of trials."""
    try:
        match = resolve(outside(path.partition("?")[0]))
    except Resolver404:
        return None, None
    return FORM_PAGES.get(match.url_name or ""), match


def page_address(path: str) -> str:
    """Where to go for what was at `path`: itself if it is a page, else the page with its form."""
    form_page, match = form_page_at(path)
    if form_page is None or match is None or form_page.page == match.url_name:
        return path
    return _address(form_page.page, match)


def shows_address(path: str) -> str:
    """The address that shows a form again with what is posted to it; nothing if there is none."""
    form_page, match = form_page_at(path)
    if form_page is None or match is None or not form_page.shows:
        return ""
    return _address(form_page.shows, match)


def _address(name: str, match: ResolverMatch) -> str:
    """The page's address: it may say less than that of a fragment below it."""
    values = dict(match.kwargs)
    while True:
        try:
            return reverse(name, kwargs=values)
        except NoReverseMatch:
            if not values:
                raise
            values.popitem()
