"""`/workflows/`: picking one."""
