"""Automations of LinkedIn: they return sample records, and say so in `sample`.

Names, keys and parameters are those of contract section 10.
"""

from __future__ import annotations

from playground.sandbox.catalog.building import WEB_ADDRESS, Automation, key

LINKEDIN = "linkedin"
_PROFILE = {
    "linkedin_profile_url": key(
        "Address of a LinkedIn profile: https://www.linkedin.com/in/…",
        primary=True,
        regex=WEB_ADDRESS,
        variations=("linkedin_url", "url"),
    )
}

SEARCH_LEADS = Automation(
    number=11,
    permalink="linkedin-sales-navigator-people-search",
    name="Search Sales Navigator Leads",
    integrations=(LINKEDIN,),
    inputs={
        "sales_navigator_profile_search_url": key(
            "Address of a lead search in Sales Navigator.",
            primary=True,
            variations=("sales_navigator_employees_url", "url"),
            retro_variations=("sales_navigator_employees_url", "url"),
        )
    },
    outputs=(
        "full_name",
        "first_name",
        "last_name",
        "company_name",
        "sales_navigator_company_id",
        "linkedin_profile_id",
        "connection_degree",
        "job_title",
        "headline",
        "profile_image_url",
        "sales_navigator_search_url",
        "sales_navigator_profile_url",
        "linkedin_profile_url",
        "sales_navigator_profile_id",
        "sales_navigator_company_url",
        "location",
        "position_started_at",
        "linkedin_people_post_search_url",
        "viewed",
        "tenure_start",
        "tenure_end",
        "tenure_length",
        "sample",
    ),
    parameters={"excludeViewedLeads": False, "max_results": 100, "excludeCRMContacts": False},
)

EXTRACT_PROFILE = Automation(
    number=12,
    permalink="linkedin-people-profile-extract",
    name="Extract LinkedIn People Profile",
    integrations=(LINKEDIN,),
    inputs=_PROFILE,
    outputs=(
        "linkedin_profile_url",
        "first_name",
        "last_name",
        "full_name",
        "headline",
        "job_title",
        "company_name",
        "company_website",
        "location",
        "sample",
    ),
    parameters={},
)

EXTRACT_CONNECTIONS = Automation(
    number=13,
    permalink="linkedin-connections-extract",
    name="Extract LinkedIn Connections",
    integrations=(LINKEDIN,),
    inputs={},
    outputs=(
        "full_name",
        "first_name",
        "last_name",
        "headline",
        "linkedin_profile_url",
        "connected_at",
        "sample",
    ),
    parameters={"skip": 0, "max_minutes": 180, "max_results": 100},
)

EXTRACT_COMPANY = Automation(
    number=14,
    permalink="linkedin-company-profile-extract",
    name="Extract LinkedIn Company Profile",
    integrations=(LINKEDIN,),
    inputs={
        "linkedin_company_url": key(
            "Address of a company's page: https://www.linkedin.com/company/…",
            primary=True,
            regex=WEB_ADDRESS,
            variations=("url",),
            retro_variations=("company_url",),
        )
    },
    outputs=(
        "linkedin_company_url",
        "company_name",
        "company_website",
        "industry",
        "number_employees",
        "headquarters",
        "open_positions",
        "sample",
    ),
    parameters={"extractOpenPositions": False},
)

EXTRACT_ACTIVITY = Automation(
    number=15,
    permalink="linkedin-people-post-activity-extract",
    name="Extract LinkedIn People Post Activity",
    integrations=(LINKEDIN,),
    inputs=_PROFILE,
    outputs=(
        "full_name",
        "content_text",
        "linkedin_post_url",
        "linkedin_profile_url",
        "linkedin_post_id",
        "Published_time",
        "sample",
    ),
    parameters={"max_results": 10},
)

VISIT_PROFILE = Automation(
    number=16,
    permalink="linkedin-profile-visit",
    name="Visit LinkedIn Profile",
    integrations=(LINKEDIN,),
    inputs=_PROFILE,
    outputs=("linkedin_profile_url", "full_name", "headline", "visited", "sample"),
    parameters={},
)

CONNECT_PROFILE = Automation(
    number=17,
    permalink="linkedin-profile-connect",
    name="Connect LinkedIn Profile",
    integrations=(LINKEDIN,),
    inputs=_PROFILE,
    outputs=("linkedin_profile_url", "full_name", "invitation_sent", "sample"),
    parameters={"message": ""},
)

EXTRACT_MESSAGES = Automation(
    number=18,
    permalink="linkedin-messages-extract",
    name="Extract LinkedIn Messages",
    integrations=(LINKEDIN,),
    inputs={},
    outputs=("full_name", "linkedin_profile_url", "message_text", "sent_at", "is_read", "sample"),
    parameters={},
)

SEARCH_PEOPLE = Automation(
    number=19,
    permalink="linkedin-people-search",
    name="Search LinkedIn People",
    integrations=(LINKEDIN,),
    inputs={
        "linkedin_people_search_url": key(
            "Address of a people search: https://www.linkedin.com/search/results/people/…",
            primary=True,
            regex=WEB_ADDRESS,
            variations=("search_url", "url"),
        )
    },
    outputs=(
        "full_name",
        "first_name",
        "last_name",
        "headline",
        "location",
        "linkedin_profile_url",
        "sample",
    ),
    parameters={"max_results": 100},
)

INVITE_TO_EVENT = Automation(
    number=20,
    permalink="linkedin-event-invite",
    name="Invite People to a LinkedIn Event",
    integrations=(LINKEDIN,),
    inputs={
        "linkedin_event_url": key(
            "Address of the event: https://www.linkedin.com/events/…",
            primary=True,
            regex=WEB_ADDRESS,
            variations=("event_url",),
        ),
        "linkedin_profile_url": key(
            "Address of the profile to invite.", required=False, regex=WEB_ADDRESS
        ),
    },
    outputs=("linkedin_event_url", "full_name", "invitation_sent", "sample"),
    parameters={},
)
