"""What the upstream says of an error leads to what it names, and to nothing that it does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.outcomes.culprits import Account, Known, find

JANE, DOE = "aaaa1111-2222-4333-8444-555555555501", "aaaa1111-2222-4333-8444-555555555502"
KNOWN = Known(
    accounts=(
        Account(uid=JANE, step=1, name="Jane"),
        Account(uid=JANE, step=2, name="Jane"),
        Account(uid=DOE, step=2, name="Jane Doe"),
    ),
    parameters=((1, "max_results"), (1, "domain"), (2, "message"), (1, "score"), (2, "score")),
    keys=("linkedin_profile_url", "company", "domain"),
    rows=tuple(
        frozenset({f"https://www.linkedin.com/in/{at}", "Acme", f"Person {at}", f"p{at}@acme.com"})
        for at in range(1, 6)
    ),
    row_count=5,
)


def told(text, known=KNOWN):
    """Each in a word: what, which one, and a question mark where it is not proved."""
    return sorted(
        f"{one.kind} {one.row or one.name}"
        + (f" .{one.name}" if one.row and one.name else "")
        + (f" @{one.step}" if one.step else "")
        + ("" if one.is_sure else "?")
        for one in find(text, known)
    )


@pytest.mark.parametrize(
    ("text", "named"),
    [
        # Places in the payload count from 0.
        ("$.inputs[3].linkedin_profile_url is malformed.", ["row 4 .linkedin_profile_url"]),
        ("inputs[0]: not a profile", ["row 1"]),
        ("Invalid value at /inputs/2/company", ["row 3 .company"]),
        ("inputs.4.company may not be blank", ["row 5 .company"]),
        ("inputs[1] and inputs[2] are the same person.", ["row 2", "row 3"]),
        # A number that is only a number may count from 0 or from 1.
        ("Row 4 has no company.", ["row 4?"]),
        ("Input #2 could not be parsed", ["row 2?"]),
        ("input number 5: not found", ["row 5?"]),
        # A value that one row alone has.
        ("“Person 3” was not found", ["row 3"]),
        ("https://www.linkedin.com/in/2 answers 404.", ["row 2"]),
        ("No mailbox p5@acme.com.", ["row 5"]),
        ("Row 2: 'Person 2' is no name", ["row 2"]),
        # Accounts, by UID or by name behind the word, and the longest name that fits.
        (f"There is no account {JANE} any more: launch again.", [f"account {JANE} @1"]),
        ("The account Jane does not work any more: update it.", [f"account {JANE} @1"]),
        ("The account Jane Doe does not work any more.", [f"account {DOE} @2"]),
        ("Account “Jane Doe” is logged out", [f"account {DOE} @2"]),
        (
            "Account Jane: logged out. Account 'Jane Doe' (HubSpot) too.",
            [f"account {JANE} @1", f"account {DOE} @2"],
        ),
        (f"Account {DOE.upper()} has no credits", [f"account {DOE} @2"]),
        # Parameters and keys.
        ("Parameter max_results must be below 100.", ["parameter max_results @1"]),
        ("max_results must be below 100.", ["parameter max_results @1"]),
        ("steps[1].parameters.message is blank", ["parameter message @2"]),
        ("The 'message' parameter is too long", ["parameter message @2"]),
        ("`message` is too long", ["parameter message @2"]),
        ("parameter domain is unknown", ["parameter domain @1"]),
        ("Column linkedin_profile_url is missing.", ["key linkedin_profile_url"]),
        ("linkedin_profile_url is malformed in all rows", ["key linkedin_profile_url"]),
        ("The field 'domain' is missing", ["key domain"]),
    ],
)
def test_what_a_text_names_is_found(text, named):
    assert told(text) == named


@pytest.mark.parametrize(
    "text",
    [
        "",
        "All inputs failed.",
        "The site stopped answering; the job was shut down.",
        "The resource answers 404: nothing was found for this input.",
        "The input is malformed: its value does not have the expected form.",
        "No rows came from the step before.",
        "The job was paused, as its test input asks for.",
        # No such row.
        "inputs[5] is malformed",
        "Row 0 and row 6 are malformed",
        "row 4.5, row 4-2",
        "4 rows failed, of 5 inputs",
        "The arrow 4 points at throw 3",
        "input 404 not found",
        # Words that merely stand there.
        "Jane was not found",
        "The message could not be sent to this domain",
        "The score of the company",
        "A company was not found at Acme",
        "Accounts of Janet were not asked",
        "account Janet is gone",
        "The account Jane Smith is gone",
        "Account Jane-Two is gone",
        # Two things at once.
        "“Acme” was not found",
        "'score' is out of range",
        "'domain' is wrong",
        # Parts of longer words.
        "my_max_results and max_results_total",
        "https://www.linkedin.com/in/22 answers 404",
        f"{JANE}0 and x{DOE}",
        "accounts: none",
    ],
)
def test_what_a_text_does_not_name_is_not_found(text):
    assert told(text) == []


def test_the_step_whose_error_it_is_tells_apart_what_several_have():
    of_second = Known(accounts=KNOWN.accounts, parameters=KNOWN.parameters, step=2)

    assert told("'score' is out of range", of_second) == ["parameter score @2"]
    assert told(f"The account {JANE} is logged out", of_second) == [f"account {JANE} @2"]


@pytest.mark.parametrize(
    "text",
    ["The session cookie has expired.", "No credits left", "Sign in again", "OAuth token revoked"],
)
def test_the_only_account_is_doubted_where_a_sign_in_failed(text):
    alone = Known(accounts=KNOWN.accounts[:2])

    assert told(text, alone) == [f"account {JANE} @1?"]
    assert told("The profile was not found", alone) == []
    assert told(text, KNOWN) == []
    assert told(text, Known(accounts=KNOWN.accounts, step=1)) == [f"account {JANE} @1?"]


def test_two_accounts_of_one_name_are_told_apart_by_nothing():
    twins = Known(
        accounts=(Account(uid=JANE, step=1, name="Jane"), Account(uid=DOE, step=1, name="Jane"))
    )

    assert told("The account Jane is logged out", twins) == []


def test_a_value_proves_nothing_while_not_all_rows_are_at_hand():
    some = Known(rows=KNOWN.rows, row_count=6)

    assert told("“Person 3” was not found", some) == []


@given(st.text(max_size=300))
def test_no_text_breaks_it(text):
    find(text, KNOWN)
    find(f"account {text} inputs[{text}] '{text}'", KNOWN)
