"""The playground of a workflow, launching from it, and `/launches/`."""
