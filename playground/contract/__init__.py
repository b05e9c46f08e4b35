"""The vendor's wire format, version 3: pure data, no I/O.

Only this package spells the vendor's field names, paths and header names. The client
(`playground.upstream`) and the sandbox (`playground.sandbox`) both build on it.
"Contract section N" in docstrings means section N of `CONTRACT.md`, beside this file.
"""
