"""How long texts take that are made to take long: pasted cookies, answers, forms of accounts.

    .venv/bin/python -m tests.benchmarks.texts

None should take more than a second or two; the suite only sees to it that they end.
"""

import os
import time
from collections.abc import Callable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from playground.credentials.kinds import needs_of  # noqa: E402
from playground.credentials.pasting import read_pasted  # noqa: E402
from playground.redaction.answers import hide_secrets  # noqa: E402
from playground.reference.calls.response import show_answer  # noqa: E402
from tests.benchmarks.measuring import table  # noqa: E402
from tests.hostile.test_account_fields import LARGE  # noqa: E402

ANSWERS = {
    "many lines": b"[" + b",".join([b"1"] * 500_000) + b"]",
    "deep lines": b'{"a":' * 59 + b"[" + b"1," * 400_000 + b"1]" + b"}" * 59,
    "long line": b'{"uid":"' + b"x" * 1_000_000 + b'"}',
    "broken quotes": b'{"cookies":{"' + b'\\"' * 500_000,
    "text": b"<" * 1_000_000,
}


def main() -> None:
    needs = needs_of("linkedin", [])
    blanks = {
        f"pasted, {name} inside": "li_at=a" + blank * 400_000 + "b"
        for name, blank in (("blanks", " "), ("tabs of lines", "\x0b"), ("wide blanks", "\u3000"))
    }
    pasted = {f"pasted, {name}": text.decode("utf-8", "replace") for name, text in LARGE.items()}
    rows = [
        (name, f"{milliseconds(lambda: read_pasted(text, needs, 'linkedin')):.0f}")  # noqa: B023
        for name, text in (blanks | pasted).items()
    ]
    rows += [
        (f"answer, {name}", f"{milliseconds(lambda: show(body)):.0f}")  # noqa: B023
        for name, body in ANSWERS.items()
    ]
    print(table(("text", "ms"), rows))


def show(body: bytes) -> object:
    return show_answer("get_job", {}, hide_secrets(body), content_type="application/json", page=2)


def milliseconds(act: Callable[[], object]) -> float:
    started = time.process_time()
    act()
    return (time.process_time() - started) * 1_000


if __name__ == "__main__":
    main()
