"""The payload as people see and copy it: lines of JSON, a curl command."""
