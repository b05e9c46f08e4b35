"""`/jobs/<uid>/`: following a job, its steps and results."""
