"""An upstream whose every word is a payload: names, helps, errors, states, results."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from tests.hostile.hostile_server import Asked, Said, said

LAUNCHED = "wf-launch"


class HostileUpstream:
    """`texts` one by one where a page shows many, `chunks` where it shows one.

    Workflows: `wf-steps`, `wf-parameters`, `wf-inputs`, `wf-accounts`, `wf-errors`, `wf-launch`;
    jobs: `j-0`, `j-1` and so on, each with a chunk; `j-final` has results and a part.
    """

    def __init__(self, texts: Sequence[str], chunks: Sequence[str]) -> None:
        self.texts = texts
        self.chunks = chunks
        self.status = ""
        self.launch_answer: tuple[object, int] = ({"job_uid": "j-final"}, 200)

    def answer(self, asked: Asked) -> Said:
        for pattern, method in _ROUTES:
            found = re.fullmatch(pattern, asked.path, re.DOTALL)
            if found:
                return said(*method(self, *found.groups(), asked))
        return said({"message": self.chunks[0]}, 404)

    def listing(self, _: Asked) -> tuple[object]:
        named = [
            {"uid": text, "name": text, "steps": [{"name": text, "step_uid": text}]}
            for text in self.texts
        ]
        return (named,)

    def details(self, uid: str, _: Asked) -> tuple[object, int]:
        if uid.startswith("error-"):
            return {"message": f"No: {self.chunks[int(uid[6:])]}"}, 400
        steps = {
            "wf-steps": [_step(text, step_name=text, position=0) for text in self.texts],
            "wf-parameters": [
                _step("s-1", parameters_schema={"properties": {one: one for one in self.texts}})
            ],
            "wf-inputs": [
                _step("s-1", input_schema={one: _input(one) for one in self.texts}),
            ],
            "wf-accounts": [_step("s-1", integrations=["all"], output_schema=list(self.texts))],
            "wf-errors": [_step("s-1", integrations=list(self.texts))],
            LAUNCHED: [_step("s-1", input_schema={"name": {"help": self.texts[0]}})],
        }
        name = self.chunks[0]
        return {"uid": uid, "name": name, "steps": steps.get(uid, steps[LAUNCHED])}, 200

    def accounts(self, slug: str, _: Asked) -> tuple[object, int]:
        if slug != "all":
            return {"message": f"No: {slug}"}, 400
        found = [{"uid": one, "name": one, "level": one, "is_valid": True} for one in self.texts]
        return {"accounts": found, "next_page_exist": False}, 200

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
        rows = [self.texts[start : start + 90] for start in range(0, len(self.texts), 90)]
        return ({"results": [{one: one for one in row} for row in rows]},)

    def cancel(self, uid: str, _: Asked) -> tuple[object]:
        return ({"message": self.chunks[int(uid[2:])]},)

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
    ("/v3/jobs/([^/]+)", HostileUpstream.job),
    ("/v3/jobs/([^/]+)/results", HostileUpstream.results),
    ("/v3/jobs/([^/]+)/cancel", HostileUpstream.cancel),
)


def _step(uid: str, **more: object) -> dict[str, object]:
    return {"step_uid": uid, "position": 0} | more


def _input(text: str) -> dict[str, object]:
    return {"required": 0, "help": text, "variations": [text]}


def _job(uid: str, text: str, **more: object) -> dict[str, object]:
    says = ("name", "status", "error_message", "start_time", "finish_time", "scheduled_time")
    return {"uid": uid} | dict.fromkeys(says, text) | more
