"""What the database keeps: one app, one migration history, a file for each ledger."""

from playground.models.api_calls import ApiCall, ApiCallState
from playground.models.appointments import Appointment
from playground.models.changes import Change, ChangeKind, ChangeState
from playground.models.guesses import Guesses
from playground.models.job_looks import JobLook
from playground.models.job_results import KeptJob, KeptOrder, KeptPiece, KeptState
from playground.models.job_sightings import JobSighting
from playground.models.kept_fields import KeptFields
from playground.models.launch_groups import LaunchGroup, LaunchGroupState, LaunchPart
from playground.models.launch_words import LaunchWords
from playground.models.launches import (
    JOB_UNDER_WAY,
    LONGEST_ACCOUNT_UID,
    LONGEST_JOB_STATUS,
    SOUGHT,
    UNDECIDED,
    UNENDED,
    Launch,
    LaunchAccount,
    LaunchState,
)
from playground.models.presets import Draft, Preset, PresetChoice, SharedPayload
from playground.models.row_sets import (
    RowChunk,
    RowEdit,
    RowMapping,
    RowSet,
    RowSetSource,
    RowSetState,
)
from playground.models.schedule_changes import ScheduleChange
from playground.models.sent_forms import SentForm
from playground.models.snippet_choices import SnippetChoice
from playground.models.staleness import StaleMark
from playground.models.webhooks import DeliveryState, Webhook, WebhookDelivery

__all__ = [
    "JOB_UNDER_WAY",
    "LONGEST_ACCOUNT_UID",
    "LONGEST_JOB_STATUS",
    "SOUGHT",
    "UNDECIDED",
    "UNENDED",
    "ApiCall",
    "ApiCallState",
    "Appointment",
    "Change",
    "ChangeKind",
    "ChangeState",
    "DeliveryState",
    "Draft",
    "Guesses",
    "JobLook",
    "JobSighting",
    "KeptFields",
    "KeptJob",
    "KeptOrder",
    "KeptPiece",
    "KeptState",
    "Launch",
    "LaunchAccount",
    "LaunchGroup",
    "LaunchGroupState",
    "LaunchPart",
    "LaunchState",
    "LaunchWords",
    "Preset",
    "PresetChoice",
    "RowChunk",
    "RowEdit",
    "RowMapping",
    "RowSet",
    "RowSetSource",
    "RowSetState",
    "ScheduleChange",
    "SentForm",
    "SharedPayload",
    "SnippetChoice",
    "StaleMark",
    "Webhook",
    "WebhookDelivery",
]
