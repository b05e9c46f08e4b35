"""Whatever a person has lying around → the payload, or the rows, that it holds.

Nothing is evaluated, fetched or kept. Every reader takes time in proportion to the text, goes no
deeper than it may, and either reads exactly or says what keeps it from that, and where.
"""
