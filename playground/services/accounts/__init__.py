"""Accounts of integrations: listing them, their limits and owners, adding and updating them."""
