"""Running the product on a machine: what stands behind `manage.py run`.

Only `playground.management` imports it.
"""


class UnableToRun(Exception):
    """The playground cannot be started, or did not stay up. The message is one sentence."""
