"""The history of 100,000 launches: milliseconds of the list, its filters, and a week at a glance.

    DATABASE_URL=… .venv/bin/python -m tests.benchmarks.history

It fills the database that it is given, which is to be an empty one, and asks for each page within
this process, as the server would: what is measured is all that a page costs but the network.
"""

import argparse
import datetime as dt
import os
import random
import time
import uuid
from collections.abc import Iterator

import django
from django.core.management import call_command

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "playground.settings")
COUNT, DAYS, TIMES = 100_000, 60, 15
STATUSES = ("finished",) * 16 + ("warning", "shutdown", "stopped", "running")
PAGES = {
    "list": "/launches/",
    "page 50": "/launches/?page=50",
    "failed": "/launches/?outcome=failed",
    "under way": "/launches/?outcome=under-way",
    "a person": "/launches/?person=person-3",
    "a workflow": "/launches/?workflow=w-7",
    "rejected": "/launches/?state=rejected",
    "a day": "/launches/?since={day}&until={day}",
    "failed of a person in a week": "/launches/?outcome=failed&person=person-3&since={week}",
    "a word of many": "/launches/?q=leads",
    "a word of one": "/launches/?q=needle",
    "a word of none": "/launches/?q=nowhere",
    "a fingerprint": "/launches/?q=00000000abcd",
    "week": "/launches/week/",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=COUNT)
    count = parser.parse_args().count
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    from django.db import connection
    from django.test import Client

    from playground.models import Launch

    if not Launch.objects.exists():
        Launch.objects.bulk_create(_launches(count), batch_size=1_000)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    today = dt.datetime.now(dt.UTC).date()
    days = {"day": today - dt.timedelta(days=9), "week": today - dt.timedelta(days=7)}
    client = Client(headers={"host": "127.0.0.1"})
    print(f"{Launch.objects.count():,} launches, {connection.vendor}")
    for name, address in PAGES.items():
        times = sorted(_seconds(client, address.format(**days)) for _ in range(TIMES))
        print(f"{name:30} p50 {times[TIMES // 2] * 1000:6.1f} ms, most {times[-1] * 1000:6.1f} ms")


def _seconds(client: object, address: str) -> float:
    begun = time.perf_counter()
    answer = client.get(address)  # type: ignore[attr-defined]
    passed = time.perf_counter() - begun
    if answer.status_code != 200:
        raise SystemExit(f"{address} answers {answer.status_code}.")
    return passed


def _launches(count: int) -> Iterator[object]:
    from django.contrib.auth.models import User

    from playground.models import Launch, LaunchState
    from playground.models.launches import searched_text

    dice = random.Random(7)
    people = [User.objects.get_or_create(username=f"person-{at}")[0] for at in range(8)]
    now = dt.datetime.now(dt.UTC)
    for number in range(count):
        at = now - dt.timedelta(days=DAYS) * (number / count)
        name = "Needle" if number == count // 2 else f"Leads of batch {number}"
        workflow = number % 20
        is_rejected = dice.random() < 0.02
        status = "" if is_rejected else dice.choice(STATUSES)
        yield Launch(
            launch_token=uuid.uuid4(),
            user=people[number % 8],
            workflow_uid=f"w-{workflow}",
            workflow_name=f"Workflow {workflow}",
            job_name=name,
            searched=searched_text(name, f"Workflow {workflow}"),
            payload=b'{"inputs": [' + b'{"first_name": "Zo\xc3\xab"},' * 30 + b"{}]}",
            fingerprint=f"{number:012x}",
            row_count=dice.randint(1, 400),
            upstream="sandbox",
            state=LaunchState.REJECTED if is_rejected else LaunchState.LAUNCHED,
            job_uid="" if is_rejected else str(uuid.UUID(int=dice.getrandbits(128))),
            job_status=status,
            job_rows=dice.randint(0, 400) if status else None,
            job_is_over=status not in ("", "running"),
            job_seen_at=at if status else None,
            created_at=at,
            sent_at=at,
            decided_at=at,
        )


if __name__ == "__main__":
    main()
