"""Calls of the API from their forms in the reference: `/reference/<operation>/try/`."""
