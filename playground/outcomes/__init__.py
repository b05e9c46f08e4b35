"""What became of each input row of a job: its results and errors, joined to it."""
