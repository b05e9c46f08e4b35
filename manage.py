#!/usr/bin/env python
"""Django's command line. `manage.py run` starts the whole playground."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "playground.settings")
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.db import InterfaceError, OperationalError
    from django.db.migrations.exceptions import InconsistentMigrationHistory

    import playground
    from playground.management.command_line import CommandLine
    from playground.running import UnableToRun, tables

    if sys.argv[1:] in (["--version"], ["version"]):
        sys.stdout.write(f"Playground {playground.__version__} (Django {django.get_version()})\n")
        return
    try:
        CommandLine(sys.argv).execute()
    except (ImproperlyConfigured, InconsistentMigrationHistory, UnableToRun) as error:
        sys.exit(f"playground: {error}")
    except (OperationalError, InterfaceError) as error:
        sys.exit(f"playground: {tables.unusable(error)}")
    except EOFError:
        sys.exit(
            "\nplayground: this command asks a question, and nobody is there to answer it, so it "
            "ended. Run it in a terminal (with Docker: `docker exec -it`)."
        )
    except KeyboardInterrupt:
        sys.exit("playground: ended at the keyboard.")


if __name__ == "__main__":
    main()
