"""Workflows: looking them up, what they use, which template a step was made from."""
