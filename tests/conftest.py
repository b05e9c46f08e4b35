"""What every test may ask for: a browser, and running playgrounds.

Sockets reach this machine only (`--allow-hosts` in `.pytest.ini`), and names of other machines
are not looked up.
"""

import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.template.base import Template
from hypothesis import settings
from playwright.sync_api import Browser, Page
from pytest_django import DjangoDbBlocker

from tests.browser import find_chromium, launched_chromium, watch_for_errors
from tests.playgrounds import Starter

# What is compiled is kept, whatever the environment says: each of many processes would do it anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

TESTS = Path(__file__).parent
RENDER = Template._render
# A busy machine makes no test fail. `--hypothesis-profile=soak` looks further.
settings.register_profile("suite", deadline=None, max_examples=50)
settings.register_profile("soak", deadline=None, max_examples=2_000)
settings.load_profile("suite")


# What takes longest comes first, so that no test process is still at it when the others are done.
FIRST = ("hostile", "journeys", "running")


def pytest_configure(config: pytest.Config) -> None:
    """Test processes begin to read the suite at different places: what one has compiled, the
    others find."""
    process = getattr(config, "workerinput", None)
    if process is None or [Path(place).resolve() for place in config.args] != [TESTS]:
        return
    files = sorted(map(str, TESTS.rglob("test_*.py")))
    begin = len(files) * int(process["workerid"].removeprefix("gw")) // process["workercount"]
    config.args = [*files[begin:], *files[:begin]]


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    items.sort(key=lambda item: item.path)  # The same order, wherever a process began.
    yield
    items.sort(key=lambda item: item.path.relative_to(TESTS).parts[0] not in FIRST)


def pytest_xdist_auto_num_workers() -> int:
    """Two more than there are processors: tests wait for browsers and servers now and then."""
    ours = (
        os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1)
    )
    return len(ours) + 2


@pytest.fixture(scope="session", autouse=True)
def _pages_render_as_they_do_for_people(django_test_environment: None) -> None:
    """Django would keep a copy of every context of every template, which no test looks at."""
    Template._render = RENDER


@pytest.fixture(scope="session", autouse=True)
def _no_names_of_other_machines() -> Iterator[None]:
    """Names under the domains that are reserved for this do not exist; any other fails the test."""
    look_up = socket.getaddrinfo

    def look_up_locally(host, *arguments, **options):
        name = host.decode() if isinstance(host, bytes) else host or "localhost"
        is_address = name.replace(".", "").isdigit() or ":" in name
        if is_address or name == "localhost":
            return look_up(host, *arguments, **options)
        name.encode("idna")  # What cannot be a name is refused as ever, before any look-up.
        if name.endswith((".invalid", ".example", ".test")):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        pytest.fail(f"A test tried to look up {name!r}.")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", look_up_locally)
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A connection that a thread still holds at the end keeps no database from being dropped."""
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(scope="session")
def chromium_path() -> str:
    return find_chromium()


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator[Browser]:
    """One Chromium for all tests. Take `page`, or a context of your own."""
    with launched_chromium(chromium_path) as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page without history, cookies or cache; script errors and policy violations fail."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(30_000)
    page = context.new_page()
    errors = watch_for_errors(page)
    yield page
    context.close()
    assert errors == []


@pytest.fixture(scope="session")
def _static(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the first playground prepared, for all of them: test processes share one folder."""
    own = tmp_path_factory.getbasetemp()
    static = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "static"
    static.mkdir(exist_ok=True)
    return static


@pytest.fixture
def running_playground(tmp_path: Path, _static: Path) -> Iterator[Starter]:
    """Starts real playgrounds: `running_playground.start(SANDBOX_SPEED="50").url`.

    They are stopped after the test, which fails if one does not stop or wrote of trouble.
    """
    starter = Starter(folder=tmp_path, static=_static)
    yield starter
    starter.stop_all()


@pytest.fixture(scope="module")
def shared_playgrounds(
    tmp_path_factory: pytest.TempPathFactory, _static: Path
) -> Iterator[Starter]:
    """The same for all tests of a module, for a module fixture that starts one playground."""
    starter = Starter(folder=tmp_path_factory.mktemp("shared"), static=_static)
    yield starter
    starter.stop_all()
