"""The history of 100,000 launches: milliseconds of the list, its filters, and a week at a glance.

    DATABASE_URL=… .venv/bin/python -m tests.benchmarks.history

It fills the database that it is given, which is to be an empty one on this machine, and asks for
each page within this process, as the server would: what is measured is all that a page costs but
the network.
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

from tests.benchmarks.measuring import cpu_seconds_of

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "playground.settings")
os.environ.setdefault("PLAYGROUND_SIGN_IN", "local")
COUNT, DAYS, TIMES = 100_000, 60, 20
STATUSES = ("finished",) * 16 + ("warning", "shutdown", "stopped", "running")
PAGES = {
    "an empty list, of presets": "/presets/",
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
    "a word of many payloads": "/launches/?q=zo%C3%AB",
    "a word of one payload": "/launches/?q=acme-4711.example",
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

    from playground.models import Launch, LaunchWords
    from playground.services.ledger import payload_words

    if not Launch.objects.exists():
        Launch.objects.bulk_create(_launches(count), batch_size=1_000)
    if not LaunchWords.objects.exists():
        begun = time.process_time()
        payload_words.read_on(seconds=24 * 3_600)
        print(f"words of {count:,} payloads: {time.process_time() - begun:.0f} s of processor")
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    today = dt.datetime.now(dt.UTC).date()
    days = {"day": today - dt.timedelta(days=9), "week": today - dt.timedelta(days=7)}
    client = Client(headers={"host": "127.0.0.1"})
    print(f"{Launch.objects.count():,} launches, {connection.vendor}")
    print("milliseconds of processor (database server and playground), passed, of the empty list")
    least = 0.0
    for name, address in PAGES.items():
        processor, passed = _milliseconds(client, address.format(**days))
        least = least or processor
        print(f"{name:30} {processor:6.1f} {passed:8.1f} {processor / least:6.1f} ×")


def _milliseconds(client: object, address: str) -> tuple[float, float]:
    """Of the processor, on average, which is much the same on a busy machine; and that passed, in
    the middle."""
    from django.db import connection

    server = []
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            server = cursor.fetchone()
    client.get(address)  # type: ignore[attr-defined]
    times = []
    begun = time.process_time() + cpu_seconds_of(server)
    for _ in range(TIMES):
        at = time.perf_counter()
        answer = client.get(address)  # type: ignore[attr-defined]
        times.append(time.perf_counter() - at)
        if answer.status_code != 200:
            raise SystemExit(f"{address} answers {answer.status_code}.")
    worked = time.process_time() + cpu_seconds_of(server) - begun
    return worked / TIMES * 1000, sorted(times)[TIMES // 2] * 1000


def _payload(number: int) -> bytes:
    """Of thirty rows, a few words of which are its own."""
    rows = [
        f'{{"first_name":"Zoë","company":"acme-{number + row * 7}.example"}}' for row in range(30)
    ]
    return f'{{"inputs":[{",".join(rows)}]}}'.encode()


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
            payload=_payload(number),
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
