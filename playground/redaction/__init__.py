"""What is secret in what is kept, shown from an upstream or logged: by name, by shape, by value.

`names` know what a name stands for, `texts` what a secret looks like, `answers` read whole answers,
`echoes` find secrets that are known. Pure.
"""
