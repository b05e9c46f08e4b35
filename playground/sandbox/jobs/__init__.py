"""The life of a job, as a function of its launch, its events and the time."""
