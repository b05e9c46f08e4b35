"""The pages of the reference: an operation each, and what holds for every call."""
