"""An upstream whose every word is a payload: names, helps, errors, states, results."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from tests.hostile.hostile_server import Asked, Said, said

LAUNCHED = "wf-launch"
# Steps on one page of `wf-limits-<page>`.
A_PAGE = 60
# Parameters on one page of `wf-parameters-<page>`: of more, a page shows those that are set.
PARAMETERS_A_PAGE = 250
# Every so many texts is a column of the results.
COLUMN_EVERY = 6


class HostileUpstream:
    """`texts` one by one where a page shows many, `chunks` where it shows one.

    Workflows: `wf-steps`, `wf-parameters-0` and so on, `wf-inputs`, `wf-accounts`, `wf-errors`,
    `wf-launch`; jobs: `j-0`, `j-1` and so on, each with a chunk; `j-final` has results and a part.

    `wf-limits-0` and so on have a step for each text, with one account, which has used up its
    limit. The integration `all` has an account for each text, its owner the user of that text;
    the accounts and users `c-0` and so on have a chunk each, `everything` all texts. Their saves
    are answered with `save_answer`, `GET /workspace` with `workspace_answer`.
    """

    def __init__(self, texts: Sequence[str], chunks: Sequence[str]) -> None:
        self.texts = texts
        self.chunks = chunks
        self.status = ""
        self.launch_answer: tuple[object, int] = ({"job_uid": "j-final"}, 200)
        self.save_answer: tuple[object, int] = ({"message": chunks[0]}, 400)
        self.workspace_answer: tuple[object, int] = ({"message": chunks[0]}, 400)
        # Who may own an account, and integrations that only users name.
        self.owners: Sequence[str] = ()
        self.slugs: Sequence[str] = ()

    def answer(self, asked: Asked) -> Said:
        for pattern, method in _ROUTES:
            found = re.fullmatch(pattern, asked.path, re.DOTALL)
            if found and (method in _SAVES) == (asked.method == "POST"):
                return said(*method(self, *found.groups(), asked))
        return said({"message": self.chunks[0]}, 404)

    def listing(self, _: Asked) -> tuple[object]:
        named = [
            {
                "uid": text,
                "name": text,
                "template_uid": text,
                "steps": [{"name": text, "step_uid": text}],
            }
            for text in self.texts
        ]
        return (named,)

    def details(self, uid: str, _: Asked) -> tuple[object, int]:
        if uid.startswith("error-"):
            return {"message": f"No: {self.chunks[int(uid[6:])]}"}, 400
        steps = {
            "wf-steps": [_step(text, step_name=text, position=0) for text in self.texts],
            "wf-inputs": [
                _step("s-1", input_schema={one: _input(one) for one in self.texts}),
            ],
            "wf-accounts": [_step("s-1", integrations=["all"], output_schema=list(self.texts))],
            "wf-no-account": [_step("s-1", step_name=self.chunks[1], integrations=["all"])],
            "wf-errors": [_step("s-1", integrations=list(self.texts))],
            LAUNCHED: [_step("s-1", input_schema={"name": {"help": self.texts[0]}})],
        }
        name = self.chunks[0]
        if uid.startswith("wf-parameters-"):
            start = int(uid.removeprefix("wf-parameters-")) * PARAMETERS_A_PAGE
            some = {one: one for one in self.texts[start : start + PARAMETERS_A_PAGE]}
            made = [_step("s-1", parameters_schema={"properties": some})]
            return {"uid": uid, "name": name, "steps": made}, 200
        if uid.startswith("wf-limits-"):
            made = self._limited_steps(int(uid[10:]) * A_PAGE)
            return {"uid": uid, "name": name, "steps": made}, 200
        # As the listing has it, where it has it: the steps of both are held against each other.
        listed = [_step("s-1", step_name=uid)]
        return {"uid": uid, "name": name, "steps": steps.get(uid, listed)}, 200

    def _limited_steps(self, first: int) -> list[dict[str, object]]:
        some = enumerate(self.texts[first : first + A_PAGE], start=first)
        return [
            _step(f"s-{number}", step_name=text, position=number, integrations=[f"one-{number}"])
            for number, text in some
        ]

    def accounts(self, slug: str, _: Asked) -> tuple[object, int]:
        if slug.startswith("one-"):
            text = self.texts[int(slug[4:])]
            found = [_account(f"a-{slug}", text, is_valid=True, permalink=slug)]
        elif slug in ("all", "linkedin"):
            found = [_account(one, one) for one in self.texts]
            found += [_account(f"c-{n}", chunk) for n, chunk in enumerate(self.chunks)]
            found.append(self._account_of_everything())
            found.append(_account("invalid", self.chunks[0], is_valid=False))
        else:
            return {"message": f"No: {slug}"}, 400
        title = {"uid": self.chunks[0], "title": self.chunks[0]}
        return {"accounts": found, "next_page_exist": False, "integration": title}, 200

    def users(self, asked: Asked) -> tuple[object, int]:
        if "retrieve_accounts=false" in asked.target:
            owners = [_user(one, one, []) for one in self.owners]
            return {"users": owners, "nbr_users": len(owners), "pages": 1}, 200
        found = [_user(one, one, [(one, "all")]) for one in self.texts]
        found += [_user(f"c-{n}", chunk, []) for n, chunk in enumerate(self.chunks)]
        owned = [(text, slug) for text, slug in zip(self.texts, self.slugs, strict=False)]
        found.append(_user("everything", "Everything", [(one, "all") for one in self.texts]))
        found.append(_user("slugs", "Slugs", owned))
        return {"users": found, "nbr_users": len(found), "pages": 1}, 200

    def workspace(self, _: Asked) -> tuple[object, int]:
        return self.workspace_answer

    def save(self, *_: object) -> tuple[object, int]:
        return self.save_answer

    def schedule(self, _uid: str, _: Asked) -> tuple[object, int]:
        return self.launch_answer

    def jobs(self, uid: str, asked: Asked) -> tuple[object]:
        if "page=0" not in asked.target:
            return ([],)
        if uid == LAUNCHED:
            return ([self._part()],)
        return (
            [
                _job(one, one, main_job_uid=None if number % 2 else one + "x", step_uid=one)
                for number, one in enumerate(self.texts)
            ],
        )

    def job(self, uid: str, _: Asked) -> tuple[object, int]:
        if uid.startswith("error-"):
            return {"message": f"No: {self.chunks[int(uid[6:])]}"}, 500
        if uid == "j-final":
            return _job(uid, self.chunks[0], status="finished", workflow_uid=LAUNCHED), 200
        made = _job(uid, self.chunks[int(uid[2:])], workflow_uid="wf-unknown")
        return made | ({"status": self.status} if self.status else {}), 200

    def results(self, _uid: str, _: Asked) -> tuple[object]:
        # A table shows so many columns; the cells of its rows have every text.
        columns = self.texts[::COLUMN_EVERY]
        rows = range(0, len(self.texts), len(columns))
        cells = [self.texts[start : start + len(columns)] for start in rows]
        return ({"results": [dict(zip(columns, row, strict=False)) for row in cells]},)

    def cancel(self, uid: str, _: Asked) -> tuple[object]:
        return ({"message": self.chunks[int(uid[2:])]},)

    def _account_of_everything(self) -> dict[str, object]:
        everything = {one: one for one in self.texts}
        limits = [_limit(one) for one in self.texts]
        made = _account("everything", self.chunks[0], is_valid=False)
        return made | {"cookies": everything, "meta": everything, "limits": limits}

    def _part(self) -> dict[str, object]:
        return _job(
            "j-part",
            self.chunks[1],
            main_job_uid="j-final",
            step_uid="s-1",
            configuration={one: one for one in self.texts},
            accounts=list(self.texts),
        )


_ROUTES: tuple[tuple[str, Callable[..., tuple[object, ...]]], ...] = (
    ("/v3/workflows", HostileUpstream.listing),
    ("/v3/workflows/(.+)/details", HostileUpstream.details),
    ("/v3/workflows/(.+)/schedule", HostileUpstream.schedule),
    ("/v3/workflows/(.+)/jobs", HostileUpstream.jobs),
    ("/v3/integrations/(.+)/accounts", HostileUpstream.accounts),
    ("/v3/integrations/(.+)/accounts", HostileUpstream.save),
    ("/v3/accounts/(.+)/checkpoint", HostileUpstream.save),
    ("/v3/users", HostileUpstream.users),
    ("/v3/users", HostileUpstream.save),
    ("/v3/workspace", HostileUpstream.workspace),
    ("/v3/jobs/([^/]+)", HostileUpstream.job),
    ("/v3/jobs/([^/]+)/results", HostileUpstream.results),
    ("/v3/jobs/([^/]+)/cancel", HostileUpstream.cancel),
)
# What is asked with POST; everything else with GET.
_SAVES = (HostileUpstream.save, HostileUpstream.schedule, HostileUpstream.cancel)


def _account(
    uid: str, text: str, *, is_valid: bool | None = True, permalink: str = "all"
) -> dict[str, object]:
    told = dict.fromkeys(("name", "level", "setup_at"), text)
    kept = {"uid": uid, "is_valid": is_valid, "application_permalink": permalink}
    return told | kept | {"application_name": text, "limits": [_limit(text)]}


def _limit(text: str) -> dict[str, object]:
    names = dict.fromkeys(("permalink", "limit_name"), text)
    return names | {"item_scraped": 25, "limit_value": 25, "templates": [text]}


def _user(uid: str, text: str, accounts: Sequence[tuple[str, str]]) -> dict[str, object]:
    told = dict.fromkeys(("email", "first_name", "last_name", "full_name", "country"), text)
    owned = [{"uid": one, "application_permalink": slug} for one, slug in accounts]
    return told | {"uid": uid, "accounts": owned, "role": text}


def _step(uid: str, **more: object) -> dict[str, object]:
    return {"step_uid": uid, "position": 0} | more


def _input(text: str) -> dict[str, object]:
    return {"required": 0, "help": text, "variations": [text]}


def _job(uid: str, text: str, **more: object) -> dict[str, object]:
    says = ("name", "status", "error_message", "start_time", "finish_time", "scheduled_time")
    return {"uid": uid} | dict.fromkeys(says, text) | more
