"""The reference as an OpenAPI 3.1 document."""
