"""Presets: named drafts, mine or the team's, checked again when the workflow is another."""

from __future__ import annotations

import copy

import httpx
import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from selectolax.lexbor import LexborHTMLParser

from playground.models import Launch, Preset
from playground.services.presets import fields as kept_fields
from playground.services.presets import names
from playground.services.upstream_cache import invalidation
from tests.web.conftest import ADD, ADDRESS, EXPIRED, FIND, VALID, WORKFLOW
from tests.web.html_forms import fields_of, texts

CELL = "inputs-0-first_name"
ACCOUNTS = f"steps-{ADD}-accounts"
MOST = f"steps-{FIND}-parameters-most"


@pytest.fixture
def save(client, form):
    """Saves the form as a preset, with these fields of it, and gives the preset."""

    def saved(name="Mondays", *, fields=None, **said):
        filled = form(**(fields or {ACCOUNTS: [VALID], CELL: "Ada", MOST: "5"}))
        told = {f"preset-{key}": value for key, value in ({"name": name} | said).items()}
        response = client.post(ADDRESS + "presets/", filled | told)
        assert response.status_code == 303, texts(response, "#refusal")
        return Preset.objects.order_by("-pk").first()

    return saved


def open_preset(client, preset):
    return client.get(ADDRESS, {"preset": preset.pk})


def change_workflow(hosted, change):
    """The workflow at the upstream becomes another one."""
    workflow = copy.deepcopy(WORKFLOW)
    change(workflow)
    hosted.answers["details"] = lambda _: httpx.Response(200, json=workflow)
    invalidation.forget_everything()


def test_a_preset_opens_as_it_was_saved_without_rows_unless_they_were_meant(client, save):
    without, with_rows = save("A"), save("B", rows="on", description="<b>For Mondays")

    one, other = fields_of(open_preset(client, without)), fields_of(open_preset(client, with_rows))

    assert (one[ACCOUNTS], one[MOST], one[CELL]) == ([VALID], ["5"], [""])
    assert (other[MOST], other[CELL]) == (["5"], ["Ada"])
    listed = client.get("/presets/")
    assert texts(listed, "tbody td:first-child") == ["A", "B"]
    assert "<b>For Mondays" in texts(listed, "tbody td")


def test_a_preset_that_was_saved_twice_is_one_and_a_name_stands_for_one(client, form):
    fields = form(**{MOST: "5"}) | {"preset-name": "Mondays"}
    for _ in range(2):
        assert client.post(ADDRESS + "presets/", fields).status_code == 303
    fields = form(**{MOST: "9"})

    refused = client.post(ADDRESS + "presets/", fields | {"preset-name": "Mondays"})

    assert Preset.objects.count() == 1
    assert refused.status_code == 422
    assert "You have a preset “Mondays” of this workflow already" in texts(refused, "#refusal")[0]
    assert fields_of(refused)[MOST] == ["9"]


@pytest.mark.parametrize("name", ["", "   ", "\u200b\u202e"])
def test_a_preset_needs_a_name(client, form, name):
    refused = client.post(ADDRESS + "presets/", form() | {"preset-name": name})

    assert "give the preset a name" in texts(refused, "#refusal")[0]


def test_no_preset_holds_a_credential(client, form):
    fields = form(**{f"steps-{FIND}-parameters-domain": "https://ada:pa55word@example.com"})

    refused = client.post(ADDRESS + "presets/", fields | {"preset-name": "X"})

    assert refused.status_code == 422
    assert "looks like a key or a password" in texts(refused, "#refusal")[0]
    assert not Preset.objects.exists()


def test_the_form_begins_with_my_default_else_the_teams(client, save):
    save("Team", fields={MOST: "1"}, team="on", default="on")
    client.post(ADDRESS + "draft/", {"draft-action": "aside"})
    assert fields_of(client.get(ADDRESS))[MOST] == ["1"]

    save("Mine", fields={MOST: "2"}, default="on")
    save("Mine too", fields={MOST: "3"}, default="on")
    client.post(ADDRESS + "draft/", {"draft-action": "aside"})

    page = client.get(ADDRESS)
    assert fields_of(page)[MOST] == ["3"]
    assert texts(page, "#form-notice")[0].startswith(
        "Begun with your preset “Mine too”, the default"
    )
    assert fields_of(client.get(ADDRESS + "?preset=none"))[MOST] == [""]
    assert Preset.objects.filter(is_default=True).count() == 2


def test_a_job_name_tells_repeats_apart_and_counts_launches_of_the_preset(client, save):
    preset = save(job_name="Leads {date} #{counter} {x}", fields={ACCOUNTS: [VALID]})

    for number in (1, 2):
        fields = fields_of(open_preset(client, preset))
        assert fields["job_name"] == [f"Leads {timezone.now():%Y-%m-%d} #{number} {{x}}"]
        fields[CELL] = [f"Ada {number}"]
        assert client.post(ADDRESS + "launch/", fields).status_code == 303
        # The same form once more launches nothing, and counts nothing.
        assert client.post(ADDRESS + "launch/", fields).status_code == 303

    assert Launch.objects.count() == 2
    assert Preset.objects.get(pk=preset.pk).launches == 2


def test_names_are_resolved_in_one_walk():
    now = timezone.now().replace(year=2026, month=1, day=2, hour=3, minute=4)

    assert names.resolve("{date} {time} {counter}{counter} {{date}}", now, 7) == (
        "2026-01-02 03:04 77 {2026-01-02}"
    )


def test_values_of_my_own_stand_in_for_those_of_the_team_and_survive_its_change(
    client, form, save, settings
):
    preset = save("Team", team="on")
    settings.SIGN_IN = "password"
    client.force_login(User.objects.create_user("grace"))
    mine = form(**{ACCOUNTS: [EXPIRED], MOST: "9", CELL: "Zoe", "delay": "60"})

    chosen = client.post(f"/presets/{preset.pk}/own/", mine)
    saved = client.post(f"/presets/{preset.pk}/form/", form(**{ACCOUNTS: [VALID], MOST: "8"}))
    page = open_preset(client, preset)
    fields = fields_of(page)

    assert (chosen.status_code, saved.status_code) == (303, 303)
    assert (fields[ACCOUNTS], fields[MOST], fields["delay"]) == ([EXPIRED], ["9"], ["60"])
    assert fields[CELL] == [""]
    (told,) = texts(page, "#form-notice")
    assert told.endswith(
        "Yours in place of the preset’s: the delay, most of step 1 and accounts of step 2."
    )
    shown = client.post(ADDRESS + "launch/preview/", fields)
    assert "yours in the preset “Team”" in shown.content.decode()
    client.force_login(User.objects.create_user("ada"))
    assert fields_of(open_preset(client, preset))[ACCOUNTS] == [VALID]
    assert "Drop mine" not in texts(client.get(ADDRESS + "presets/"), "#panel button")


def test_values_of_my_own_are_dropped_at_a_press(client, form, save):
    preset = save("Team", team="on")
    client.post(f"/presets/{preset.pk}/own/", form(**{ACCOUNTS: [VALID], MOST: "9"}))
    panel = client.get(ADDRESS + "presets/")

    dropped = client.post(f"/presets/{preset.pk}/own/", {"preset-drop": "on"})

    assert "Drop mine" in texts(panel, "#panel button")
    assert dropped["Location"] == f"{ADDRESS}?preset={preset.pk}"
    assert fields_of(client.get(dropped["Location"]))[MOST] == ["5"]
    assert "Drop mine" not in texts(client.get(ADDRESS + "presets/"), "#panel button")


def test_no_value_of_my_own_is_a_credential(client, form, save):
    preset = save("Team", team="on")
    fields = form(**{f"steps-{FIND}-parameters-domain": "https://ada:pa55word@example.com"})

    refused = client.post(f"/presets/{preset.pk}/own/", fields)

    assert "looks like a key or a password" in texts(refused, "#refusal")[0]


def test_the_teams_preset_has_no_rows_of_a_table_and_says_so(client, form, save):
    preset = save("Team", team="on", rows="on")
    cells = "first_name\n" + "".join(f"Person {at}\n" for at in range(60))
    page = client.post(ADDRESS + "launch/edit/", form(cells=cells, action="fill-cells"))
    fields = fields_of(page)

    saved = client.post(f"/presets/{preset.pk}/form/", fields, follow=True)

    assert fields["row_set"]
    assert "Rows of a table are yours alone" in saved.content.decode()
    assert "row_set" not in dict(kept_fields.fields_of(Preset.objects.get()))


def test_ones_own_preset_is_nobody_elses(client, form, save, settings):
    preset = save()
    settings.SIGN_IN = "password"
    client.force_login(User.objects.create_user("grace"))

    assert open_preset(client, preset).status_code == 404
    for address in ("", "remove/"):
        assert client.get(f"/presets/{preset.pk}/{address}").status_code == 404
        assert client.post(f"/presets/{preset.pk}/{address}").status_code == 404
    assert client.post(f"/presets/{preset.pk}/form/", form()).status_code == 404
    compared = {"left": f"preset:{preset.pk}", "right": f"preset:{preset.pk}"}
    assert client.get("/compare/", compared).status_code == 404
    assert texts(client.get("/presets/"), "tbody tr") == []


def test_what_somebody_else_changed_meanwhile_is_shown_first(client, save):
    preset = save("Team", team="on")
    said = {"preset-name": "Other", "preset-team": "on", "preset-version": preset.version}

    first = client.post(f"/presets/{preset.pk}/", said)
    second = client.post(f"/presets/{preset.pk}/", said | {"preset-name": "Third"})

    assert (first.status_code, second.status_code) == (303, 409)
    assert "was changed at" in texts(second, "#refusal")[0]
    assert Preset.objects.get().name == "Other"


def test_a_preset_is_removed_when_that_was_confirmed(client, save):
    preset = save()

    asked = client.get(f"/presets/{preset.pk}/remove/")
    assert "Remove “Mondays”?" in texts(asked, "h1")
    assert Preset.objects.exists()

    client.post(f"/presets/{preset.pk}/remove/")
    assert not Preset.objects.exists()


@pytest.mark.parametrize("number", ["0", "99999999999999999999", "7"])
def test_a_preset_that_is_not_there_is_not_found(client, number):
    assert client.get(ADDRESS, {"preset": number}).status_code == 404


def test_a_parameter_that_was_renamed_is_told_and_moved_at_a_press(client, save, hosted):
    preset = save()

    def rename(workflow):
        properties = workflow["steps"][0]["parameters_schema"]["properties"]
        properties["most_results"] = properties.pop("most")

    change_workflow(hosted, rename)
    page = open_preset(client, preset)

    told = texts(page, "#refusal")[0]
    assert "The workflow has changed since the preset “Mondays” was saved" in told
    assert "the parameter most is gone" in told
    (proposed,) = texts(page, "#repairs li")
    assert proposed.startswith("Step 1 “Find an e-mail” has no parameter most. Did you mean most_")
    assert proposed.endswith("? Use it for most_results")
    fields = fields_of(page)
    assert fields[MOST] == ["5"]

    repaired = client.post(ADDRESS + "launch/edit/", fields | {"action": repair_of(page)})
    assert fields_of(repaired)[f"steps-{FIND}-parameters-most_results"] == ["5"]
    assert texts(repaired, "#repairs li") == []

    saved = client.post(f"/presets/{preset.pk}/form/", fields_of(repaired))
    assert saved.status_code == 303
    assert texts(open_preset(client, preset), "#refusal") == []


def test_a_step_that_is_gone_is_kept_and_its_accounts_go_to_another_at_a_press(
    client, save, hosted
):
    preset = save()
    other = "c8cb1111-2222-4333-8444-5555555555ff"

    def replace(workflow):
        step = workflow["steps"][1]
        step |= {"step_uid": other, "step_name": "Add to another CRM", "position": 2}
        step["parameters_schema"] = {"properties": {"list": ""}}

    change_workflow(hosted, replace)
    page = open_preset(client, preset)
    fields = fields_of(page)

    assert ADD in fields["unknown_steps"][0]
    assert "is not one of this workflow" in texts(page, "#repairs li")[0]
    repaired = fields_of(client.post(ADDRESS + "launch/edit/", fields | {"action": "repair:all"}))
    assert repaired[f"steps-{other}-accounts"] == [VALID]
    assert "unknown_steps" not in repaired


def test_an_account_that_is_gone_or_not_valid_is_told_with_another(client, save, hosted):
    preset = save(fields={ACCOUNTS: [EXPIRED]})

    page = open_preset(client, preset)

    (proposed,) = texts(page, "#repairs li")
    assert proposed.startswith("Step 2 “Add to the CRM”: the account Old is not valid any more.")
    assert proposed.endswith("Use Sales <team> in its place")
    fields = fields_of(page)
    assert fields[ACCOUNTS] == [EXPIRED]
    repaired = client.post(ADDRESS + "launch/edit/", fields | {"action": repair_of(page)})
    assert fields_of(repaired)[ACCOUNTS] == [VALID]


@pytest.mark.parametrize("action", ["repair:", "repair:0", "repair:all", "repair:<b>"])
def test_a_repair_that_is_not_proposed_changes_nothing(client, form, action):
    fields = form(**{ACCOUNTS: [VALID]})

    page = client.post(ADDRESS + "launch/edit/", fields | {"action": action})

    assert fields_of(page)[ACCOUNTS] == [VALID]
    assert texts(page, "#form-notice") == []


def test_a_preset_is_compared_with_the_draft(client, form, save):
    preset = save()

    response = client.post(
        ADDRESS + "draft/",
        form(**{ACCOUNTS: [VALID], MOST: "7"})
        | {"draft-compare": f"preset:{preset.pk}", "draft-action": "keep"},
    )
    page = client.get(response["Location"])

    assert "changed $.steps[0].parameters.most 5 7" in texts(page, ".difference")


def repair_of(page) -> str:
    button = LexborHTMLParser(page.content.decode()).css_first("#repairs button")
    return button.attributes["value"]
