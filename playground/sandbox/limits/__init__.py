"""Daily limits of accounts: who may take how much of them, and when (contract section 1.6).

`HOW_IT_WORKS.md`, beside this file, shows it by examples.
"""
