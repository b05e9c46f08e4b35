"""The pages' addresses. A fragment has an address of its own, below its page's."""

from django.contrib.auth import views as auth_views
from django.urls import path, register_converter
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView

from playground.web.converters import UidConverter
from playground.web.views import (
    accounts,
    credentials,
    jobs,
    launches,
    people,
    reference,
    reference_documents,
    trials,
    tries,
    users,
    workflows,
)

register_converter(UidConverter, "uid")
urlpatterns = [
    path("", require_safe(RedirectView.as_view(pattern_name="workflow-list")), name="home"),
    path("workflows/", workflows.index, name="workflow-list"),
    path("workflows/<uid:workflow_uid>/", launches.new, name="launch-new"),
    path("workflows/<uid:workflow_uid>/glance/", workflows.glance, name="workflow-glance"),
    path("workflows/<uid:workflow_uid>/launch/", launches.create, name="launch-create"),
    path("workflows/<uid:workflow_uid>/launch/edit/", launches.edit, name="launch-edit"),
    path("workflows/<uid:workflow_uid>/launch/preview/", launches.preview, name="launch-preview"),
    path(
        "workflows/<uid:workflow_uid>/launch/payload.json", launches.payload, name="launch-payload"
    ),
    path(
        "workflows/<uid:workflow_uid>/launch/preflight/",
        launches.preflight,
        name="launch-preflight",
    ),
    path("workflows/<uid:workflow_uid>/launch/trial/", trials.prepare, name="launch-trial"),
    path("workflows/<uid:workflow_uid>/jobs/", jobs.index, name="job-list"),
    path("launches/", launches.index, name="launch-list"),
    path("launches/<int:pk>/", launches.detail, name="launch-detail"),
    path(
        "launches/<int:pk>/payload.json", launches.recorded_payload, name="launch-recorded-payload"
    ),
    path("launches/<int:pk>/search/", launches.search, name="launch-search"),
    path("launches/<int:pk>/remove-schedule/", jobs.remove_schedule, name="remove-schedule"),
    path("jobs/<uid:job_uid>/", jobs.detail, name="job-detail"),
    path("jobs/<uid:job_uid>/status/", jobs.status, name="job-status"),
    path("jobs/<uid:job_uid>/results/", jobs.results_page, name="job-results"),
    path("jobs/<uid:job_uid>/cancel/", jobs.cancel, name="job-cancel"),
    path("jobs/<uid:job_uid>/retry/", jobs.retry, name="job-retry"),
    path("accounts/", accounts.index, name="account-list"),
    path("accounts/check/", accounts.check, name="account-check"),
    path("accounts/<uid:integration>/new/", credentials.new, name="account-new"),
    path("accounts/<uid:integration>/request/", credentials.preview, name="account-request"),
    path(
        "accounts/<uid:integration>/<uid:account_uid>/edit/", credentials.edit, name="account-edit"
    ),
    path(
        "accounts/<uid:integration>/<uid:account_uid>/checkpoint/",
        credentials.checkpoint,
        name="account-checkpoint",
    ),
    path("accounts/<uid:integration>/<uid:account_uid>/", accounts.detail, name="account-detail"),
    path("users/", users.index, name="user-list"),
    path("users/new/", users.new, name="user-new"),
    path("users/<uid:user_uid>/", users.edit, name="user-edit"),
    path("reference/openapi.json", reference_documents.upstream, name="reference-openapi"),
    path("llms.txt", reference_documents.index, name="llms"),
    path("reference/", reference.overview, name="reference"),
    path("reference/index.md", reference_documents.overview, name="reference-overview-markdown"),
    path("reference/llms.txt", reference_documents.index, name="reference-llms"),
    path("reference/guides/<slug:guide>/", reference.guide, name="reference-guide"),
    path(
        "reference/guides/<slug:guide>.md",
        reference_documents.guide,
        name="reference-guide-markdown",
    ),
    path("reference/tries/", tries.index, name="reference-tries"),
    path("reference/tries/<int:pk>/", tries.detail, name="reference-tried"),
    path("reference/tries/<int:pk>/answer", tries.download, name="reference-answer"),
    path("reference/<slug:operation>/try/", tries.attempt, name="reference-try"),
    path("reference/<slug:operation>/try/request/", tries.preview, name="reference-try-request"),
    path("reference/<slug:operation>/", reference.operation, name="reference-operation"),
    path(
        "reference/<slug:operation>.md",
        reference_documents.operation,
        name="reference-operation-markdown",
    ),
    path("sign-in/", people.SignIn.as_view(), name="sign-in"),
    path("sign-out/", auth_views.LogoutView.as_view(), name="sign-out"),
    path("password/", people.ChangePassword.as_view(), name="password"),
]
