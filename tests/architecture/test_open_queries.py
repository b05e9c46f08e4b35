"""Where a query stays open while other code runs."""

from __future__ import annotations

import ast

from tests.environment import PROJECT

# They only read on: a query that is open keeps SQLite's view of the database as it was, so that a
# write after another process's is refused at once, however long one would wait for a lock.
READERS = {
    "ledger/export.py:as_csv",
    "jobs/kept.py:rows_of",
    "jobs/result_table.py:_filtered",
    "jobs/result_table.py:_matching",
    "row_sets/listing.py:_cells",
    "row_sets/store.py:canonical_parts",
    "row_sets/store.py:input_parts",
    # In a transaction, which has the lock before it reads.
    "row_sets/reading.py:copy",
}


def test_nothing_is_written_while_a_query_is_open():
    services = PROJECT / "playground" / "services"
    found = {
        f"{path.relative_to(services)}:{function.name}"
        for path in services.rglob("*.py")
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef) and any(map(_is_open_query, ast.walk(function)))
    }

    assert found == READERS


def _is_open_query(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "iterator"
    )
