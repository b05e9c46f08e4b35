"""The API reference, made from the contract's table of operations. Pure: no Django, no client."""
