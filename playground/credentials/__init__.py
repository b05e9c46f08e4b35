"""Credentials of accounts: from what was typed or pasted to the request that saves them. Pure."""
