"""Prints what every snippet does with every hostile value, and writes down what was proven.

    .venv/bin/python -m tests.snippets.matrix          # exit code 1: a cell fails
    .venv/bin/python -m tests.snippets.matrix --write  # the list, and the README

Each snippet of a payload that holds all the values is run by every shell, interpreter or compiler
that this machine has for it, against a server that records what it is sent; that is compared with
the payload, value by value, numbers by how they are written. What follows a job is answered as
by the API, 429 included, and its CSV compared with the results. On Debian all of them are

    apt-get install zsh dash ksh fish jq php-cli php-curl ruby golang perl lua5.4 lua-socket \\
      elixir r-base r-cran-httr2 mono-mcs cargo librust-ureq-dev default-jdk nodejs

and what `npm install axios tsx deno bun typescript @types/node newman @redocly/cli` puts below
the folder that the variable SNIPPET_TOOLS names.

With `--write` every target must have been run by something: what is not installed here is not
left out quietly.
"""

from __future__ import annotations

import argparse
import datetime as dt
import re
import sys
from pathlib import Path

import msgspec

from playground.payload.show.snippets.proofs import PROOFS_FILE, Proof
from playground.payload.show.snippets.targets import TARGETS
from tests.snippets import execution, hostile
from tests.snippets.execution import Outcome

README = Path(__file__).parents[2] / "README.md"
_LISTED = re.compile(r"(?<=<!-- snippets -->\n).*?(?=<!-- /snippets -->)", re.DOTALL)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--write", action="store_true", help="write the list of what was proven")
    options = parser.parse_args()
    here = [pair for pair in execution.pairs() if pair[0].is_here]
    missing = sorted({target for _, target in execution.pairs()} - {target for _, target in here})
    outcomes = list(execution.run_all(here, is_thorough=True))
    print(show(outcomes))
    for target in missing:
        print(f"{target}: nothing here runs it")
    failed = [one for one in outcomes if one.failing or one.problem]
    for one in failed:
        print(f"\n{one.name}: {one.problem}\n  {', '.join(one.failing)}")
    if options.write and not failed and not missing:
        write(outcomes)
    return 1 if failed or (options.write and missing) else 0


def show(outcomes: list[Outcome]) -> str:
    """A line for each run, a column for each value: `·` arrived, `X` did not; blanks: not tried."""
    names = [*hostile.VALUES, "the rest", execution.NO_BODY, execution.FROM_FILE]
    width = max(len(one.name) for one in outcomes)
    lines = [f"{at:>3} {name}" for at, name in enumerate(names, start=1)]
    tens = "".join(f"{at // 10 or ' '}" for at in range(1, len(names) + 1))
    lines += ["", " " * width + " " + tens]
    lines.append(" " * width + " " + "".join(f"{at % 10}" for at in range(1, len(names) + 1)))
    count = 0
    for one in outcomes:
        follows = TARGETS[one.target].flavour == "follow"
        left_out = {hostile.LONGEST} if one.runner.is_typed else set()
        left_out |= {execution.NO_BODY} if follows else set()
        cells = "".join(
            " " if name in left_out else "X" if name in one.failing else "·" for name in names
        )
        count += len(names) - len(left_out)
        lines.append(f"{one.name:<{width}} {cells}{' !' if one.problem else ''}")
    bad = sum(len(one.failing) for one in outcomes)
    lines.append(f"\n{len(outcomes)} runs × {len(names)} values = {count} cells, {bad} failing")
    return "\n".join(lines)


def write(outcomes: list[Outcome]) -> None:
    today = dt.datetime.now(dt.UTC).date()
    proofs = {}
    for target in TARGETS:
        by = tuple(one.runner.told_version() for one in outcomes if one.target == target)
        if by:
            proofs[target] = Proof(by=tuple(dict.fromkeys(by)), on=today)
    text = msgspec.json.format(msgspec.json.encode(proofs), indent=2).decode()
    PROOFS_FILE.write_text(text + "\n", encoding="utf-8")
    readme = README.read_text(encoding="utf-8")
    README.write_text(_LISTED.sub(lambda _: table(proofs), readme), encoding="utf-8")


def table(proofs: dict[str, Proof]) -> str:
    """The README's list: every target, and what has run it."""
    lines = ["| target | for | run by |", "|---|---|---|"]
    for target in TARGETS.values():
        proof = proofs.get(target.name)
        by = ", ".join(proof.by) if proof else "parsed, not run"
        lines.append(f"| `{target.name}` | {target.language}: {target.title} | {by} |")
    return "\n".join(lines) + "\n"


def listed_in_readme() -> str:
    found = _LISTED.search(README.read_text(encoding="utf-8"))
    return found[0] if found else ""


if __name__ == "__main__":
    sys.exit(main())
