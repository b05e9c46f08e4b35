"""The page of a row set: what was found in it, which column is what, and repairs of its rows."""

from __future__ import annotations

import uuid

import pytest
from selectolax.lexbor import LexborHTMLParser

from playground.models import RowSet, RowSetState
from playground.services.row_sets import changes, reading, store
from tests.services.row_sets.row_sets import texts_of
from tests.web.html_forms import posted_fields

MOST_BYTES = 1_000_000


def address(row_set: RowSet, rest: str = "") -> str:
    return f"/row-sets/{row_set.pk}/{rest}"


def page_of(response) -> LexborHTMLParser:
    return LexborHTMLParser(response.content.decode())


def texts(response, selector: str) -> list[str]:
    return [" ".join(node.text(deep=True).split()) for node in page_of(response).css(selector)]


def rows_form(response) -> dict[str, list[str]]:
    """What a browser posts with the form of the table: its fields stand all over the page."""
    fields: dict[str, list[str]] = {}
    for name, value in posted_fields(response.content.decode(), "rows-form"):
        fields.setdefault(name, []).append(value)
    for node in page_of(response).css("[form=rows-form]"):
        name, kind = node.attributes.get("name"), node.attributes.get("type")
        if node.tag == "button" or kind == "checkbox" or not name:
            continue
        if node.tag == "select":
            value = node.css_first("option").attributes["value"] or ""
        else:
            value = node.attributes.get("value") or ""
            if node.tag == "textarea":
                value = node.text().replace("\n", "\r\n")
        fields.setdefault(name, []).append(value)
    return fields


def repair(client, row_set: RowSet, action: str, query: str = "", **fields: object):
    form = rows_form(client.get(address(row_set) + query))
    return client.post(
        address(row_set, "repair/") + query, form | {"action": action} | fields, follow=True
    )


def told(response) -> str:
    return " ".join(texts(response, ".notice.success, #refusal"))


def test_the_page_tells_what_was_found_and_how_it_stands(client, row_set):
    page = client.get(address(row_set))

    assert texts(page, "#row-set-counts") == [
        "4 ready, 1 needs attention, 2 repeat others",
    ]
    assert texts(page, ".read-as > p") == [
        "Read as values with a comma between them, UTF-8. Row 1 has the names of its columns."
    ]
    assert texts(page, "#columns-title") == ["Columns: 2 of 3 are sent"]
    assert texts(page, ".cells tbody th") == ["1line 2", "2line 3", "3line 4", "4line 5", "5line 6"]
    assert texts(page, ".said-of-row .error") == ["first_name is needed."]
    assert "<script>alert" not in page.content.decode()


@pytest.mark.parametrize(
    ("view", "rows"),
    [("", "12345"), ("attention", "2"), ("duplicates", "345"), ("nonsense", "12345")],
)
def test_views_show_their_rows(client, row_set, view, rows):
    page = client.get(address(row_set) + f"?view={view}&page=99999999999&columns=99")

    shown = [node.attributes["id"] for node in page_of(page).css(".cells tbody th")]
    assert shown == [f"r{row}" for row in rows]


def test_a_cell_is_saved_while_its_page_stays(client, row_set):
    typed = {"version": row_set.version, "c2-0": "Zoë"}

    saved = client.post(address(row_set, "cells/"), typed)

    row_set.refresh_from_db()
    assert texts_of(row_set)[1] == ["Zoë", "ACME", "1e5"]
    assert texts(saved, "#row-set-counts") == ["5 ready, 2 repeat others"]
    assert texts(saved, ".last-step") == ["1 cell of first_name changed."]
    assert page_of(saved).css_first("#rows-version").attributes["value"] == str(row_set.version)
    again = client.post(address(row_set, "cells/"), typed)
    assert again.status_code == 200, "what is saved already is no conflict"


def test_two_tabs_do_not_overwrite_each_other(client, row_set):
    seen = rows_form(client.get(address(row_set)))
    client.post(address(row_set, "cells/"), {"version": row_set.version, "c1-0": "Zoë"})

    live = client.post(address(row_set, "cells/"), {"version": row_set.version, "c1-0": "Eve"})
    page = client.post(
        address(row_set, "repair/"), seen | {"action": "trim-all", "c3-1": "typed <b>"}
    )

    assert (live.status_code, page.status_code) == (409, 409)
    assert "this cell was not saved" in live.content.decode()
    assert texts(page, "#refusal li") == ["row 3, company_name: typed <b>"]
    assert texts_of(row_set)[0] == ["Zoë", "ACME", "007"]
    assert texts_of(row_set)[2][1] == "Beta"


def test_without_javascript_all_cells_are_saved_with_whatever_is_pressed(client, row_set):
    page = repair(client, row_set, "trim", column="0", **{"c2-0": " Zoë ", "c5-2": "y"})

    assert texts_of(row_set)[0][0] == "Ada"
    assert texts_of(row_set)[1] == ["Zoë", "ACME", "1e5"]
    assert texts_of(row_set)[4][2] == "y"
    assert told(page) == "2 cells changed. 2 cells of first_name trimmed."


@pytest.mark.parametrize(
    ("action", "fields", "left", "said"),
    [
        ("remove-selected", {"row": ["1", "2"]}, 3, "2 rows removed."),
        ("remove-failing", {}, 4, "1 row removed."),
        ("remove-repeated", {"kind": "exact", "keep": "last"}, 4, "1 row removed."),
        ("remove-repeated", {"kind": "similar"}, 3, "2 rows removed."),
        ("fill-down", {"column": "0"}, 5, "1 cell of first_name filled from above."),
        ("trim-all", {}, 5, "1 cell of all columns trimmed."),
        (
            "replace",
            {"column": "1", "find": "A", "replacement": "O"},
            5,
            "2 cells of company_name replaced.",
        ),
        (
            "replace",
            {"column": "1", "find": "A", "whole_cell": "on"},
            5,
            "Nothing had to be changed.",
        ),
        ("save", {}, 5, "Nothing had to be changed."),
    ],
)
def test_repairs_and_their_undoing(client, row_set, action, fields, left, said):
    before = texts_of(row_set)

    page = repair(client, row_set, action, "?view=attention", **fields)
    assert told(page) == said
    assert page.redirect_chain == [(address(row_set) + "?view=attention#rows", 303)]
    assert len(texts_of(row_set)) == left
    if "Nothing" not in said:
        assert texts(page, ".last-step") == [said]
        assert told(repair(client, row_set, "undo")) == f"Undone: {said}"
    assert texts_of(row_set) == before


@pytest.mark.parametrize(
    ("action", "fields", "said"),
    [
        ("remove-selected", {}, "Select the rows first"),
        ("replace", {"replacement": "kept in sight"}, "Write what is to be found."),
        ("trim", {"column": "x"}, "Choose the column first."),
        ("trim", {"column": "99"}, "There is no such column."),
        ("undo", {}, "There is nothing to undo."),
    ],
)
def test_what_cannot_be_done_says_why(client, row_set, action, fields, said):
    page = repair(client, row_set, action, **fields)

    assert page.status_code == 422
    assert told(page).startswith(said)
    if "replacement" in fields:
        assert "kept in sight" in page.content.decode()


def test_what_no_field_can_hold_is_not_changed_by_saving(client, make):
    odd = ["a\nb", "a\r\nb", "a\rb", "x\x00y", " blank ", "l" * 5_000, "\n", "\ud83d\ude00"]
    row_set = make("first_name\n" + "\n".join(f'"{cell}"' for cell in odd if "\ud83d" not in cell))
    before = texts_of(row_set)

    page = repair(client, row_set, "save")

    assert told(page) == "Nothing had to be changed."
    assert texts_of(row_set) == before
    repair(client, row_set, "save", **{"c2-0": "c\r\nd"})
    assert texts_of(row_set)[1] == ["c\r\nd"]


def test_a_long_cell_has_a_page_of_its_own(client, make):
    row_set = make("first_name,company\nAda," + "x" * 5_000 + "\n")
    link = page_of(client.get(address(row_set))).css_first(".cells td a").attributes["href"]

    page = client.get(link)
    fields = dict(posted_fields(page.content.decode(), "cell-form"))
    saved = client.post(link, fields | {"c1-1": "y" * 400})

    assert fields["c1-1"] == "x" * 5_000
    assert saved["Location"] == address(row_set) + "#r1"
    assert texts_of(row_set) == [["Ada", "y" * 400]]
    refused = client.post(link, fields | {"c1-1": "mine"})
    assert (refused.status_code, "mine" in refused.content.decode()) == (409, True)
    assert client.get(address(row_set, "cells/9/0/")).status_code == 303


def test_a_cell_longer_than_may_be_is_refused(client, row_set, settings):
    settings.ROW_SET_CELL = 10
    typed = {"version": row_set.version, "c1-0": "x" * 11}

    refused = client.post(address(row_set, "cells/"), typed)

    assert (refused.status_code, refused.content.decode()) == (
        422,
        "A cell may have at most 10 characters; this one would have 11. Shorten it.",
    )


def test_columns_are_mapped_by_hand_as_the_names_say_and_as_last_time(client, row_set):
    fields = dict(posted_fields(client.get(address(row_set)).content.decode(), "mapping-form"))
    by_hand = fields | {"target-1": "", "target-2": "meta.", "meta-2": "note", "action": "change"}

    client.post(address(row_set, "mapping/"), by_hand)
    row_set.refresh_from_db()
    assert store.facts_of(row_set).mapping == ("first_name", None, "meta.note")
    assert store.facts_of(row_set).offered == "The columns are sent as you said."
    for action, wanted in (
        ("offered", ("first_name", "company", None)),
        ("remembered", None),
    ):
        row_set.refresh_from_db()
        version = {"version": row_set.version, "action": action}
        answer = client.post(address(row_set, "mapping/"), version)
        row_set.refresh_from_db()
        assert answer.status_code == 303
        assert wanted is None or store.facts_of(row_set).mapping == wanted


def test_a_mapping_that_cannot_be_comes_back_as_it_was_chosen(client, row_set):
    fields = dict(posted_fields(client.get(address(row_set)).content.decode(), "mapping-form"))

    page = client.post(address(row_set, "mapping/"), fields | {"target-2": "first_name"})

    again = dict(posted_fields(page.content.decode(), "mapping-form"))
    assert page.status_code == 422
    assert "only one column can be" in told(page)
    assert again["target-2"] == "first_name"


def test_it_is_read_in_another_way(client, row_set):
    fields = {"version": row_set.version, "header": "0", "delimiter": ",", "encoding": ""}

    stale = client.post(address(row_set, "read-again/"), fields | {"version": "0"})
    again = client.post(address(row_set, "read-again/"), fields, follow=True)

    assert stale.status_code == 409
    assert texts(again, ".cells thead th[id]")[0].startswith("Column A")
    assert len(texts(again, ".cells tbody th")) == 6


def test_rows_are_checked_again_once_the_workflow_has_changed(client, row_set):
    facts = store.facts_of(row_set)
    RowSet.objects.filter(pk=row_set.pk).update(
        facts=store.pack_facts(type(facts)(**dict(_fields(facts), checked_for="before")))
    )

    page = client.get(address(row_set))
    checked = client.post(address(row_set, "check/"), {"version": row_set.version}, follow=True)

    assert "check them again" in texts(page, ".notice.warning")[0]
    assert texts(checked, ".notice.warning") == []


def _fields(facts) -> dict[str, object]:
    return {name: getattr(facts, name) for name in facts.__struct_fields__}


def test_rows_are_used_for_another_workflow_and_stay(client, row_set):
    page = client.get(address(row_set, "reuse/"))
    uid = page_of(page).css_first("[name=workflow_uid]").attributes["value"]

    made = client.post(address(row_set, "reuse/"), {"workflow_uid": uid})

    copy = RowSet.objects.exclude(pk=row_set.pk).get()
    assert made["Location"] == address(copy)
    assert texts_of(copy) == texts_of(row_set)


def test_while_it_is_read_the_page_tells_how_far_and_can_stop_it(client, row_set):
    RowSet.objects.update(state=RowSetState.READING, done=3)

    page = client.get(address(row_set))
    part = client.get(address(row_set, "progress/"), headers={"HX-Request": "true"})
    changed = client.post(address(row_set, "repair/"), {"version": "1", "action": "trim-all"})
    client.post(address(row_set, "stop/"))
    over = client.get(address(row_set, "progress/"), headers={"HX-Request": "true"})
    stopped = client.get(address(row_set))

    assert page_of(page).css_first("progress").attributes == {
        "id": "row-set-done",
        "max": "5",
        "value": "3",
    }
    assert page_of(page).css_first("noscript meta[http-equiv=refresh]")
    assert (part.headers.get("HX-Refresh"), over.headers["HX-Refresh"]) == (None, "true")
    assert (changed.status_code, "is being read" in told(changed)) == (422, True)
    assert texts(stopped, "#why-failed") == ["It was stopped before it was read."]
    assert texts(stopped, "#row-set-counts") == []


def test_a_repair_of_many_rows_is_done_by_the_worker_and_can_be_stopped(
    client, row_set, monkeypatch
):
    monkeypatch.setattr(changes, "MOST_CELLS_AT_ONCE", 0)
    fields = {"version": row_set.version, "action": "trim-all"}

    before = texts(client.get(address(row_set)), "#row-set-counts")
    page = client.post(address(row_set, "repair/"), fields, follow=True)
    RowSet.objects.update(lease=uuid.uuid4(), done=2)
    part = client.get(address(row_set, "progress/"))
    others = [
        client.post(address(row_set, f"{path}/"), {**fields, "version": "2", "c1-0": "x"})
        for path in ("repair", "check", "mapping", "read-again", "cells")
    ]
    stopped = client.post(address(row_set, "stop/"), follow=True)
    again = client.post(
        address(row_set, "repair/"), {**fields, "version": RowSet.objects.get().version}
    )
    reading.read_row_set.call(row_set.pk)
    done = client.get(address(row_set))

    assert texts(page, ".state") == ["repairing"]
    assert texts(part, "label, .status-line span")[1:] == ["Repairing the rows", "2 of 5 rows"]
    assert "when you stop it, the rows are as they were" in texts(part, ".muted")[0]
    assert [one.status_code for one in others] == [422] * 5
    sentence = "is being repaired: wait until it is, or stop it."
    assert all(sentence in one.content.decode() for one in others)
    assert "nothing was changed" in texts(stopped, "#what-was-done")[0]
    assert texts(stopped, "#row-set-counts") == before
    assert again.status_code == 303
    assert "trimmed" in texts(done, "#what-was-done")[0]


def test_checking_that_was_stopped_loses_no_repair(client, row_set, monkeypatch):
    client.post(address(row_set, "cells/"), {"version": row_set.version, "c2-0": "Zoë"})
    monkeypatch.setattr(changes, "MOST_CELLS_AT_ONCE", 0)
    row_set.refresh_from_db()
    fields = {"workflow_uid": row_set.workflow_uid}
    client.post(address(row_set, "reuse/"), fields)
    copy = RowSet.objects.exclude(pk=row_set.pk).get()
    client.post(address(copy, "stop/"))

    stopped = client.get(address(copy))
    version = page_of(stopped).css_first(".stack [name=version]").attributes["value"]
    client.post(address(copy, "check/"), {"version": version})
    reading.read_row_set.call(copy.pk)
    checked = client.get(address(copy))

    assert "your repairs are still here" in stopped.content.decode()
    assert texts(checked, "#row-set-counts") == ["5 ready, 2 repeat others"]


def test_rows_are_listed_renamed_and_removed(client, row_set):
    client.post(address(row_set, "rename/"), {"name": " <i>Leads</i> "})

    listed = texts(client.get("/row-sets/"), "tbody td")
    asked = client.get(address(row_set, "remove/"))
    removed = client.post(address(row_set, "remove/"), follow=True)

    assert listed[:5] == ["<i>Leads</i>", "Find & add", "ready", "5", "1"]
    assert "5 rows and all repairs of them go" in texts(asked, ".notice.warning")[0]
    assert texts(removed, ".empty") != []
    assert not RowSet.objects.exists()


def test_files_of_the_table(client, make):
    row_set = make('first_name,company\n=1+1,"a\nb"\n', "=leads.csv")

    safe, exact = (client.get(address(row_set, f"table{one}.csv")) for one in ("", ".exact"))

    assert b"".join(safe.streaming_content).decode("utf-8-sig").splitlines()[1] == '"\'=1+1","a'
    assert b"".join(exact.streaming_content).decode("utf-8-sig").splitlines()[1] == '"=1+1","a'
    assert safe["Content-Disposition"] == 'attachment; filename="=leads.csv"'


def test_a_wide_table_stays_a_small_page(client, make):
    names = ",".join(f"column {at} {'n' * 180}" for at in range(200))
    row = ",".join(["v" * 300] * 16 + ["&"] * 184)
    row_set = make(f"{names}\n" + f"{row}\n" * 60)

    page = client.get(address(row_set) + "?map=4")

    assert len(page.content) < MOST_BYTES
    assert len(page_of(page).css(".cells tbody th")) == 50
    assert texts(page, ".pages span")[-1] == "Columns 1 to 16 of 200"
    assert max(len(one.css("option")) for one in page_of(page).css("select")) <= 200
    assert told(repair(client, row_set, "save", "?page=2")) == "Nothing had to be changed."
    last = client.get(address(row_set) + "?columns=99")
    assert texts(last, ".pages span")[-1] == "Columns 193 to 200 of 200"
