"""The payload as a program or a command: one small file for each place to paste it into."""
