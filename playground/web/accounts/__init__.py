"""`/accounts/`: integrations and their accounts, adding and updating one."""
