"""One call of an operation, made from its form: the request, and what is shown of its response."""
