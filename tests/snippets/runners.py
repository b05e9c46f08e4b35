"""What runs a snippet: shells, interpreters and compilers of this machine."""

from __future__ import annotations

import functools
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

# A folder with `node_modules`, for what comes from npm: axios, tsx, deno, bun.
TOOLS = Path(os.environ.get("SNIPPET_TOOLS", "/nonexistent"))
KEY, PROJECT = "k3y", "p1d"
SECONDS = 120


_TOGETHER = Path(__file__).with_name("together")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """What a program has printed; a `problem` says why it failed."""

    printed: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Runner:
    """`commands` for a file, one after the other; `probe` succeeds where all that they need is.

    `version` prints the version. What `is_quick` starts within a fraction of a second.
    What `is_typed` is read letter by letter: no text of 100 kB is typed. `together` is the command
    that runs several files in one process.
    """

    name: str
    targets: tuple[str, ...]
    commands: Callable[[Path], list[list[str]]]
    version: tuple[str, ...]
    probe: tuple[str, ...] = ()
    is_quick: bool = False
    is_typed: bool = False
    together: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """Its name in an address."""
        return self.name.replace(" ", "-")

    @property
    def is_here(self) -> bool:
        """Where the probe is of the same program, it starts too."""
        needed = [self.probe] if self.probe else []
        if self.probe[:1] != self.version[:1]:
            needed.append(self.version)
        return all(_succeeds(command) for command in needed)

    def told_version(self) -> str:
        """Its name with the first number of version that it prints."""
        done = subprocess.run(_found(self.version), capture_output=True, text=True, timeout=SECONDS)
        number = re.search(r"\d+(?:\.\d+)+", done.stdout + done.stderr)
        return f"{self.name} {number[0]}" if number else self.name

    def run(self, files: list[Path], *, is_together: bool = False) -> list[Ended]:
        """How each program ended."""
        if is_together and self.together:
            return self._run_together(files, self.together)
        return [self._run(file) for file in files]

    def _run(self, file: Path) -> Ended:
        printed = ""
        for command in self.commands(file):
            status, output, said = _result(command, file.parent)
            printed += f"{output}\n{said}"
            if status:
                problem = f"{command} ended with {status}:\n{printed[-4000:]}"
                return Ended(printed=printed, problem=problem)
        return Ended(printed=printed)

    def _run_together(self, files: list[Path], command: tuple[str, ...]) -> list[Ended]:
        """As `together/programs.py` prints it."""
        status, output, said = _result([*command, *map(str, files)], files[0].parent)
        parts = output.split("\f")
        ends = [
            Ended(printed=printed, problem=problem)
            for printed, problem in zip(parts[::2], parts[1::2], strict=False)
        ]
        missing = f"{command} ended with {status} before it:\n{output[-2000:]}\n{said[-2000:]}"
        return ends + [Ended(problem=missing)] * (len(files) - len(ends))


def _result(command: list[str], folder: Path) -> tuple[int, str, str]:
    """Status, output and errors of a command."""
    try:
        done = subprocess.run(
            _found(command),
            cwd=folder,
            env=_environment(folder),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return 1, "", str(error)
    said = (done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"))
    return done.returncode, *said


def _environment(folder: Path) -> dict[str, str]:
    return {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "UPSTREAM_API_KEY": KEY,
        "UPSTREAM_PROJECT_ID": PROJECT,
        "NO_COLOR": "1",
        "GOCACHE": str(Path.home() / ".cache" / "go-build"),
        "GO111MODULE": "off",
        "CARGO_HOME": os.environ.get("CARGO_HOME", str(Path.home() / ".cargo")),
        "RUSTUP_HOME": os.environ.get("RUSTUP_HOME", str(Path.home() / ".rustup")),
        "DENO_NO_UPDATE_CHECK": "1",
        "HTTPIE_CONFIG_DIR": str(Path(__file__).with_name("httpie")),
        # Threads that find nothing to do shall not look for it.
        "ERL_FLAGS": "+S 1:1 +sbwt none +sbwtdcpu none +sbwtdio none",
    }


def found(name: str) -> str:
    """Where a program is: beside this interpreter, among the tools, on the path; or empty."""
    for place in (Path(sys.executable).parent, TOOLS / "node_modules" / ".bin"):
        if (place / name).exists():
            return str(place / name)
    return shutil.which(name) or ""


def _found(command: tuple[str, ...] | list[str]) -> list[str]:
    name, *rest = command
    return [found(name) or name, *rest]


@functools.cache
def _succeeds(command: tuple[str, ...]) -> bool:
    try:
        done = subprocess.run(_found(command), capture_output=True, cwd=_probe_folder(), timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _probe_folder() -> str:
    return str(TOOLS) if TOOLS.exists() else "/"


def _shell(name: str, *targets: str, version: tuple[str, ...] | None = None) -> Runner:
    return Runner(
        name=name,
        targets=targets,
        commands=lambda file: [[name, str(file)]],
        version=version or (name, "--version"),
        is_quick=True,
    )


def _typed(name: str, command: str, *targets: str) -> Runner:
    return Runner(
        name=f"{name} prompt",
        targets=targets,
        commands=lambda file: [["sh", "-c", f'exec {command} <"$0"', str(file)]],
        version=(name, "--version"),
        probe=("sh", "-c", "command -v jq"),
        is_typed=True,
    )


def _python(library: str, *targets: str) -> Runner:
    return Runner(
        name="Python",
        targets=targets,
        commands=lambda file: [[sys.executable, str(file)]],
        version=(sys.executable, "--version"),
        is_quick=True,
        probe=(
            sys.executable,
            "-c",
            f"import importlib.util as u; u.find_spec('{library}') or 1/0",
        ),
        together=(sys.executable, str(_TOGETHER / "programs.py")),
    )


_QUICK = ("Perl", "PHP", "Ruby", "Lua", "Node")


def _plain(name: str, *targets: str, run: tuple[str, ...], **others: tuple[str, ...]) -> Runner:
    return Runner(
        name=name,
        targets=targets,
        commands=lambda file: [[*run, str(file)]],
        version=others.get("version", (run[0], "--version")),
        probe=others.get("probe", ()),
        is_quick=name in _QUICK,
        together=others.get("together", ()),
    )


# Of Debian's packages: without one of them nothing is fetched.
_CRATES = Path("/usr/share/cargo/registry")
# A crate of nothing but what the programs stand on, which is compiled once.
_CRATE = Path.home() / ".cache" / "playground-snippets" / "crate"
_CARGO = {
    "Cargo.toml": """
[package]
name = "standing-on"
version = "0.1.0"
edition = "2021"

[lib]
path = "lib.rs"

[dependencies]
ureq = { version = "2", default-features = false }
""",
    "lib.rs": "",
    ".cargo/config.toml": f"""
[source.crates-io]
replace-with = "here"

[source.here]
directory = "{_CRATES}"
""",
}
_RUSTC = r"""
library=$(cd "$1" && cargo build --quiet --offline --message-format=json \
  | sed -n 's/.*"\([^"]*libureq-[^"]*[.]rlib\)".*/\1/p')
exec rustc --edition 2021 -L dependency="$(dirname "$library")" --extern ureq="$library" \
  -o program "$0"
"""


def _rust(file: Path) -> list[list[str]]:
    """The program stays beside its file: of others that are compiled meanwhile none is taken."""
    for name, text in _CARGO.items():
        place = _CRATE / name
        if not place.exists() or place.read_text() != text:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text)
    return [["sh", "-c", _RUSTC, str(file), str(_CRATE)], [str(file.parent / "program")]]


def _renamed(name: str, ending: str, *targets: str) -> Runner:
    """With another ending of the file's name."""

    def commands(file: Path) -> list[list[str]]:
        renamed = str(file.with_suffix(ending))
        return [["cp", str(file), renamed], [name, renamed]]

    return Runner(
        name=f"{name.title() if name == 'node' else name} {ending}",
        targets=targets,
        commands=commands,
        version=(name, "--version"),
        probe=("node", "-e", "require('axios')") if "javascript-axios" in targets else (),
    )


def given(option: str) -> list[str]:
    """The variables for tools that do not read the environment."""
    pairs = (f"UPSTREAM_API_KEY={KEY}", f"UPSTREAM_PROJECT_ID={PROJECT}")
    return [part for pair in pairs for part in (option, pair)]


_DPKG = ("dpkg-query", "-W")
# Beside this interpreter, which says so at once; elsewhere the program does.
_HTTPIE = (
    (sys.executable, "-c", "import importlib.metadata as m; print(m.version('httpie'))")
    if Path(sys.executable).with_name("http").exists()
    else ("http", "--version")
)
_ALLOWED = ("--allow-net", "--allow-env", "--allow-read", "--allow-write")
_OF_ALL = (
    *("javascript-fetch", "javascript-fetch-follow"),
    *("typescript", "typescript-follow"),
)
RUNNERS = (
    _shell("bash", "curl"),
    _shell("zsh", "curl"),
    _shell("dash", "curl", version=(*_DPKG, "dash")),
    _shell("ksh", "curl", version=(*_DPKG, "ksh93u+m")),
    # At a prompt, where `!` stands for older commands.
    _typed("bash", "bash --norc --noprofile -i -H", "curl", "curl-follow", "httpie"),
    _typed("zsh", "zsh -f -i -o banghist", "curl", "curl-follow", "httpie"),
    _shell("fish", "curl-fish"),
    _plain("bash", "curl-follow", run=("bash",), probe=("jq", "--version")),
    _plain("HTTPie", "httpie", run=("bash",), version=_HTTPIE),
    _python("urllib", "python", "python-follow"),
    _python("requests", "python-requests", "python-requests-follow"),
    _python("httpx", "python-httpx", "python-httpx-follow"),
    _plain("Node", "javascript-fetch", "javascript-fetch-follow", run=("node",)),
    _plain("Node", "javascript-axios", run=("node",), probe=("node", "-e", "require('axios')")),
    _plain(
        "Deno",
        *_OF_ALL,
        run=("deno", "run", "--quiet", "--no-prompt", *_ALLOWED),
    ),
    _plain("Bun", *_OF_ALL, run=("bun", "run")),
    _renamed("tsx", ".ts", "typescript", "typescript-follow"),
    # Not as a module.
    _renamed("node", ".js", "javascript-fetch", "javascript-fetch-follow", "javascript-axios"),
    _plain(
        "PHP", "php", "php-follow", run=("php",), probe=("php", "-r", "curl_init() or exit(1);")
    ),
    _plain("Ruby", "ruby", "ruby-follow", run=("ruby",)),
    # Without what only debuggers need.
    _plain("Go", "go", "go-follow", run=("go", "run", "-ldflags=-s -w"), version=("go", "version")),
    # None of these programs runs long enough for the better of the two compilers.
    _plain(
        "Java",
        *("java", "java-follow"),
        run=("java", "-XX:TieredStopAtLevel=1"),
        together=("sh", str(_TOGETHER / "programs-java.sh")),
    ),
    Runner(
        name="Mono",
        targets=("csharp", "csharp-follow"),
        commands=lambda file: [
            ["mcs", "-langversion:latest", "-r:System.Net.Http", f"-out:{file}.exe", str(file)],
            ["mono", f"{file}.exe"],
        ],
        version=("mono", "--version"),
        probe=("mcs", "--version"),
    ),
    Runner(
        name="Rust",
        targets=("rust", "rust-follow"),
        commands=_rust,
        version=("cargo", "--version"),
        probe=("sh", "-c", f"ls -d {_CRATES}/ureq-2.*"),
    ),
    _plain(
        "R",
        *("r", "r-follow"),
        run=("Rscript",),
        probe=("Rscript", "-e", "find.package(c('httr2', 'jsonlite'))"),
        together=("Rscript", str(_TOGETHER / "programs.R")),
    ),
    _plain("Perl", "perl", "perl-follow", run=("perl",), probe=("perl", "-MHTTP::Tiny", "-e", "1")),
    _plain(
        "Elixir",
        *("elixir", "elixir-follow"),
        run=("elixir",),
        version=("elixir", "--short-version"),
        together=("elixir", str(_TOGETHER / "programs.exs")),
    ),
    Runner(
        name="Newman",
        targets=("postman",),
        commands=lambda file: [["newman", "run", str(file), "--verbose", *given("--env-var")]],
        version=("newman", "--version"),
    ),
    _plain(
        "Lua",
        "lua",
        "lua-follow",
        run=("lua",),
        version=("lua", "-v"),
        probe=("lua", "-e", 'require("socket")'),
    ),
)
