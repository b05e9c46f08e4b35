#!/usr/bin/env python
"""Django's command line. `manage.py run` starts the whole playground."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "playground.settings")
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    import playground

    if sys.argv[1:] in (["--version"], ["version"]):
        sys.stdout.write(f"Playground {playground.__version__} (Django {django.get_version()})\n")
        return
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"playground: {error}")


if __name__ == "__main__":
    main()
