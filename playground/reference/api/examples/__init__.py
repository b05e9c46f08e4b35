"""The bodies and answers that the operations show."""
