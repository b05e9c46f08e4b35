"""The API reference, made from `playground.contract`: documents, pages, tries. Pure, no I/O."""
