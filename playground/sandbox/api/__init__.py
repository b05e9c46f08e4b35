"""The API: from a request to its response, endpoint by endpoint."""
