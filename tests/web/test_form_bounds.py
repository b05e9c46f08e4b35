"""What a form may hold: as much as anybody types, and no more than a page can repeat."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

BACK = "Nothing was sent. Go back, where what you typed still is, and shorten it."
FORMS = (
    "/accounts/hubspot/new/",
    "/users/new/",
    "/reference/retry_job/try/",
    "/reference/launch_workflow/try/",
)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            {f"a{number}": "1" for number in range(1_001)},
            "This form has 1,001 fields; at most 1,000 are read.",
        ),
        (
            {"name": "x" * 400_000},
            "This form holds 400,004 characters; at most 300,000 are read.",
        ),
        ({"x" * 300_001: ""}, "This form holds 300,001 characters; at most 300,000 are read."),
    ],
)
def test_a_form_that_holds_too_much_is_refused_before_a_page_repeats_it(client, fields, said):
    for address in FORMS:
        content = "&".join(f"{name}={text}" for name, text in fields.items())
        content_type = "application/x-www-form-urlencoded"
        response = client.post(address, content, content_type=content_type)

        lead = LexborHTMLParser(response.content.decode()).css_first(".lead").text().strip()
        assert response.status_code == 413
        assert lead == f"{said} {BACK}"
        assert len(response.content) < 10_000
