"""The pages' addresses. A fragment has an address of its own, below its page's."""

from django.contrib.auth import views as auth_views
from django.urls import path, register_converter
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView

from playground.web import health
from playground.web.accounts import edit_views
from playground.web.accounts import views as account_views
from playground.web.api_calls import views as api_call_views
from playground.web.compare import views as compare_views
from playground.web.converters import UidConverter
from playground.web.jobs import download_views, outcome_views
from playground.web.jobs import views as job_views
from playground.web.launches import (
    draft_views,
    group_views,
    history_views,
    paste_views,
    recent_views,
    relaunch_views,
    snippet_views,
    start_views,
    trial_views,
)
from playground.web.launches import views as launch_views
from playground.web.people import views as people_views
from playground.web.presets import views as preset_views
from playground.web.reference import documents as reference_documents
from playground.web.reference import snippet_views as reference_snippet_views
from playground.web.reference import views as reference_views
from playground.web.row_sets import change_views as row_set_change_views
from playground.web.row_sets import import_views as row_set_import_views
from playground.web.row_sets import views as row_set_views
from playground.web.schedules import views as schedule_views
from playground.web.shared import views as shared_views
from playground.web.uploads import LAUNCH_PASTE, LAUNCH_PASTE_JSON, ROW_SET_IMPORT, WORKFLOW_PASTE
from playground.web.users import views as user_views
from playground.web.webhooks import views as webhook_views
from playground.web.workflows import paste_views as workflow_paste_views
from playground.web.workflows import views as workflow_views

register_converter(UidConverter, "uid")
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("", require_safe(RedirectView.as_view(pattern_name="workflow-list")), name="home"),
    path("workflows/", workflow_views.index, name="workflow-list"),
    path("workflows/paste/", workflow_paste_views.paste, name=WORKFLOW_PASTE),
    path("workflows/<uid:workflow_uid>/", launch_views.new, name="launch-new"),
    path("workflows/<uid:workflow_uid>/glance/", workflow_views.glance, name="workflow-glance"),
    path("workflows/<uid:workflow_uid>/launch/", launch_views.create, name="launch-create"),
    path("workflows/<uid:workflow_uid>/launch/edit/", launch_views.edit, name="launch-edit"),
    path(
        "workflows/<uid:workflow_uid>/launch/preview/", launch_views.preview, name="launch-preview"
    ),
    path(
        "workflows/<uid:workflow_uid>/launch/payload.json",
        launch_views.payload,
        name="launch-payload",
    ),
    path(
        "workflows/<uid:workflow_uid>/launch/paste.json", paste_views.read, name=LAUNCH_PASTE_JSON
    ),
    path("workflows/<uid:workflow_uid>/launch/paste/", paste_views.fill, name=LAUNCH_PASTE),
    path(
        "workflows/<uid:workflow_uid>/launch/preflight/",
        launch_views.preflight,
        name="launch-preflight",
    ),
    path(
        "workflows/<uid:workflow_uid>/launch/snippets/", snippet_views.page, name="launch-snippets"
    ),
    path(
        "workflows/<uid:workflow_uid>/launch/snippets/panel/",
        snippet_views.panel,
        name="launch-snippet-panel",
    ),
    path(
        "workflows/<uid:workflow_uid>/launch/snippets/<slug:target>",
        snippet_views.snippet,
        name="launch-snippet",
    ),
    path("snippets/targets.json", snippet_views.targets, name="snippet-targets"),
    path("workflows/<uid:workflow_uid>/launch/trial/", trial_views.prepare, name="launch-trial"),
    path("workflows/<uid:workflow_uid>/draft/", draft_views.keep, name="launch-draft"),
    path("workflows/<uid:workflow_uid>/recent/", recent_views.recent, name="launch-recent"),
    path("workflows/<uid:workflow_uid>/presets/", preset_views.panel, name="preset-panel"),
    path("workflows/<uid:workflow_uid>/share/", shared_views.share, name="share"),
    path("workflows/<uid:workflow_uid>/jobs/", job_views.index, name="job-list"),
    path("workflows/<uid:workflow_uid>/row-sets/", row_set_import_views.make, name=ROW_SET_IMPORT),
    path(
        "workflows/<uid:workflow_uid>/row-sets/template.csv",
        row_set_import_views.template,
        name="row-set-template",
    ),
    path("row-sets/", row_set_views.index, name="row-set-list"),
    path("row-sets/<int:pk>/", row_set_views.detail, name="row-set-detail"),
    path("row-sets/<int:pk>/progress/", row_set_views.progress, name="row-set-progress"),
    path("row-sets/<int:pk>/state.json", row_set_views.state, name="row-set-state"),
    path("row-sets/<int:pk>/inputs.jsonl", row_set_views.inputs, name="row-set-inputs"),
    path("row-sets/<int:pk>/table.csv", row_set_views.table_csv, name="row-set-csv"),
    path("row-sets/<int:pk>/table.exact.csv", row_set_views.exact_csv, name="row-set-exact-csv"),
    path("row-sets/<int:pk>/rename/", row_set_views.rename, name="row-set-rename"),
    path("row-sets/<int:pk>/remove/", row_set_views.remove, name="row-set-remove"),
    path("row-sets/<int:pk>/stop/", row_set_views.stop, name="row-set-stop"),
    path(
        "row-sets/<int:pk>/read-again/", row_set_change_views.read_again, name="row-set-read-again"
    ),
    path("row-sets/<int:pk>/check/", row_set_change_views.check, name="row-set-check"),
    path("row-sets/<int:pk>/mapping/", row_set_change_views.map_columns, name="row-set-mapping"),
    path("row-sets/<int:pk>/repair/", row_set_change_views.apply, name="row-set-repair"),
    path("row-sets/<int:pk>/cells/", row_set_change_views.cell, name="row-set-cells"),
    path(
        "row-sets/<int:pk>/cells/<int:row>/<int:column>/",
        row_set_change_views.long_cell,
        name="row-set-cell",
    ),
    path("row-sets/<int:pk>/reuse/", row_set_change_views.reuse, name="row-set-reuse"),
    path("presets/", preset_views.index, name="preset-list"),
    path("presets/<int:pk>/", preset_views.detail, name="preset-detail"),
    path("presets/<int:pk>/form/", preset_views.save_form, name="preset-form"),
    path("presets/<int:pk>/own/", preset_views.choose, name="preset-own"),
    path("presets/<int:pk>/remove/", preset_views.remove, name="preset-remove"),
    path("shared/", shared_views.index, name="shared-list"),
    path("shared/<str:address>/", shared_views.detail, name="shared-detail"),
    path("shared/<str:address>/payload.json", shared_views.payload, name="shared-payload"),
    path("shared/<str:address>/revoke/", shared_views.revoke, name="shared-revoke"),
    path("compare/", compare_views.index, name="compare"),
    path("compare/changes.jsonl", compare_views.changes, name="compare-changes"),
    path("launches/", history_views.index, name="launch-list"),
    path("launches/launches.csv", history_views.as_csv, name="launch-list-csv"),
    path("launches/start/", start_views.start, name="launch-start"),
    path("launches/week/", history_views.week, name="launch-week"),
    path("launches/relaunch/", relaunch_views.relaunch, name="launch-relaunch"),
    path("launches/groups/<int:pk>/", group_views.detail, name="launch-group"),
    path("launches/groups/<int:pk>/state/", group_views.state, name="launch-group-state"),
    path("launches/groups/<int:pk>/parts/", group_views.parts_page, name="launch-group-parts"),
    path("launches/groups/<int:pk>/stop/", group_views.stop, name="launch-group-stop"),
    path("launches/groups/<int:pk>/go-on/", group_views.go_on, name="launch-group-go-on"),
    path("launches/<int:pk>/", launch_views.detail, name="launch-detail"),
    path(
        "launches/<int:pk>/payload.json",
        launch_views.recorded_payload,
        name="launch-recorded-payload",
    ),
    path("launches/<int:pk>/search/", launch_views.search, name="launch-search"),
    path("launches/<int:pk>/again/", launch_views.again, name="launch-again"),
    path("launches/<int:pk>/decide/", launch_views.decide, name="launch-decide"),
    path("launches/<int:pk>/remove-schedule/", job_views.remove_schedule, name="remove-schedule"),
    path("webhooks/", webhook_views.index, name="webhook-list"),
    path("webhooks/<int:pk>/secret/", webhook_views.renew_secret, name="webhook-secret"),
    path("webhooks/<int:pk>/test/", webhook_views.send_test, name="webhook-test"),
    path("webhooks/<int:pk>/remove/", webhook_views.remove, name="webhook-remove"),
    path("schedules/", schedule_views.index, name="schedule-list"),
    path("schedules/remove/", schedule_views.remove, name="schedule-remove"),
    path("schedules/<int:pk>/change/", schedule_views.begin, name="schedule-change-begin"),
    path("schedules/changes/<int:pk>/", schedule_views.progress, name="schedule-change"),
    path(
        "schedules/changes/<int:pk>/remove/",
        schedule_views.remove_old,
        name="schedule-change-remove",
    ),
    path("schedules/changes/<int:pk>/leave/", schedule_views.leave, name="schedule-change-leave"),
    path("jobs/<uid:job_uid>/", job_views.detail, name="job-detail"),
    path("jobs/<uid:job_uid>/status/", job_views.status, name="job-status"),
    path("jobs/<uid:job_uid>/results/", job_views.results_page, name="job-results"),
    path("jobs/<uid:job_uid>/results/keep/", job_views.keep_results, name="job-results-keep"),
    path("jobs/<uid:job_uid>/results/rows.tsv", job_views.copy_results, name="job-results-copy"),
    path("jobs/<uid:job_uid>/results/<int:number>/", job_views.result, name="job-result"),
    *(
        path(
            f"jobs/<uid:job_uid>/results.{ending}",
            download_views.results,
            {"ending": ending},
            name=f"job-results-{ending}",
        )
        for ending in download_views.TYPES
    ),
    path("jobs/<uid:job_uid>/outcomes/", outcome_views.index, name="job-outcome-list"),
    path("jobs/<uid:job_uid>/outcomes/rows/", outcome_views.make_rows, name="job-outcome-rows"),
    path("jobs/<uid:job_uid>/outcomes.csv", download_views.outcomes_csv, name="job-outcomes-csv"),
    path("jobs/<uid:job_uid>/outcomes.json", download_views.outcomes_json, name="job-outcomes"),
    path("jobs/<uid:job_uid>/cancel/", job_views.cancel, name="job-cancel"),
    path("jobs/<uid:job_uid>/retry/", job_views.retry, name="job-retry"),
    path("accounts/", account_views.index, name="account-list"),
    path("accounts/check/", account_views.check, name="account-check"),
    path("accounts/<uid:integration>/new/", edit_views.new, name="account-new"),
    path("accounts/<uid:integration>/request/", edit_views.preview, name="account-request"),
    path(
        "accounts/<uid:integration>/<uid:account_uid>/edit/", edit_views.edit, name="account-edit"
    ),
    path(
        "accounts/<uid:integration>/<uid:account_uid>/checkpoint/",
        edit_views.checkpoint,
        name="account-checkpoint",
    ),
    path(
        "accounts/<uid:integration>/<uid:account_uid>/", account_views.detail, name="account-detail"
    ),
    path(
        "accounts/<uid:integration>/<uid:account_uid>/remove/",
        account_views.remove,
        name="account-remove",
    ),
    path("users/", user_views.index, name="user-list"),
    path("users/new/", user_views.new, name="user-new"),
    path("users/<uid:user_uid>/", user_views.edit, name="user-edit"),
    path("users/<uid:user_uid>/remove/", user_views.remove, name="user-remove"),
    path("reference/openapi.json", reference_documents.upstream, name="reference-openapi"),
    path("llms.txt", reference_documents.index, name="llms"),
    path("reference/", reference_views.overview, name="reference"),
    path("reference/index.md", reference_documents.overview, name="reference-overview-markdown"),
    path("reference/llms.txt", reference_documents.index, name="reference-llms"),
    path("reference/guides/<slug:guide>/", reference_views.guide, name="reference-guide"),
    path(
        "reference/guides/<slug:guide>.md",
        reference_documents.guide,
        name="reference-guide-markdown",
    ),
    path("reference/tries/", api_call_views.index, name="api-call-list"),
    path("reference/tries/<int:pk>/", api_call_views.detail, name="api-call-detail"),
    path("reference/tries/<int:pk>/answer", api_call_views.download, name="api-call-response"),
    path("reference/<slug:operation>/try/", api_call_views.attempt, name="api-call-new"),
    path(
        "reference/<slug:operation>/try/request/",
        api_call_views.preview,
        name="api-call-request",
    ),
    path(
        "reference/<slug:operation>/snippet/",
        reference_snippet_views.snippet,
        name="reference-snippet",
    ),
    path("reference/<slug:operation>/", reference_views.operation, name="reference-operation"),
    path(
        "reference/<slug:operation>.md",
        reference_documents.operation,
        name="reference-operation-markdown",
    ),
    path("sign-in/", people_views.SignIn.as_view(), name="sign-in"),
    path("session/", people_views.session, name="session"),
    path("sign-out/", auth_views.LogoutView.as_view(), name="sign-out"),
    path("password/", people_views.ChangePassword.as_view(), name="password"),
]
