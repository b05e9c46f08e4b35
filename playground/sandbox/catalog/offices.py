"""Automations of office programs: they return sample records, and say so in `sample`."""

from __future__ import annotations

from playground.sandbox.catalog.building import Automation, key

HUBSPOT, OUTLOOK, SHEETS = "hubspot", "outlook", "google-sheets"

SAVE_CONTACT = Automation(
    number=21,
    permalink="hubspot-contact-save",
    name="Save a HubSpot Contact",
    integrations=(HUBSPOT,),
    inputs={
        "email": key("The contact's e-mail.", primary=True, variations=("normalized_email",)),
        "full_name": key("The contact's name.", required=False),
    },
    outputs=("hubspot_contact_id", "email", "full_name", "was_created", "sample"),
    parameters={"lifecycle_stage": "lead", "properties": {}, "owner_id": None},
)

ADD_SHEET_ROW = Automation(
    number=22,
    permalink="google-sheets-row-add",
    name="Add a Row to Google Sheets",
    integrations=(SHEETS,),
    inputs={
        "full_name": key("What goes into the first column.", primary=True),
        "email": key("What goes into the second column.", required=False),
    },
    outputs=("sheet_row", "full_name", "email", "sample"),
    parameters={"spreadsheet_url": "", "columns": ["full_name", "email"], "skip_duplicates": True},
)

SEND_EMAIL = Automation(
    number=23,
    permalink="outlook-email-send",
    name="Send an Outlook E-mail",
    integrations=(OUTLOOK,),
    inputs={
        "email": key("Who receives it.", primary=True, variations=("normalized_email",)),
        "first_name": key("How the person is addressed.", required=False),
    },
    outputs=("email", "subject", "sent", "sample"),
    parameters={"subject": "Hello {first_name}", "body": "", "share_of_opens": 0.5, "cc": []},
)
