"""The client of the workflow API. The only package that knows an HTTP library.

`connections.connect()` gives the process's `client.WorkflowClient`; its methods return contract
types and raise the three errors of `errors`, and nothing else.
"""
