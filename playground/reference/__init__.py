"""The API reference, made from `playground.contract`: documents, pages, calls. Pure, no I/O."""
