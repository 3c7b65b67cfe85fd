# SPDX-License-Identifier: MIT
"""A freshly installed Debian in a folder, and commands run in it as on a machine of its own."""
from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from odyssey.settings import BUILD, ROOT, environment

SUITE = environment("SUITE", "bookworm")
FOLDER = BUILD / "setup"
PACKAGES = FOLDER / "packages"  # what was downloaded, for the next time
USER = "somebody"
SECONDS_MAX = 1800
NOT_CHECKED_OUT = ("build", ".git", "__pycache__", ".pytest_cache", "compile_commands.json")
# What APT may write although it installs nothing.
APTS_OWN = ("var/lib/apt/", "var/cache/", "var/log/", "tmp/")


class Unavailable(Exception):
    """Why no such system can be made here."""


def archive() -> Path:
    """The system as debootstrap installs it, nothing added; made once and kept."""
    path = FOLDER / f"{SUITE}.tar"
    if os.geteuid() != 0:
        raise Unavailable("making another root takes root")
    for tool in ("debootstrap", "unshare"):
        if not shutil.which(tool):
            raise Unavailable(f"{tool} is not installed")
    if not path.exists():
        PACKAGES.mkdir(parents=True, exist_ok=True)
        made = FOLDER / f"{SUITE}.new"
        shutil.rmtree(made, ignore_errors=True)
        cache = f"--cache-dir={PACKAGES}"
        _run("debootstrap", "--variant=minbase", cache, SUITE, str(made))
        _run("tar", "-C", str(made), "--numeric-owner", "-cf", f"{path}.new", ".")
        shutil.rmtree(made)
        os.replace(f"{path}.new", path)
    return path


def _run(*command: str) -> None:
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, timeout=SECONDS_MAX,
    )  # fmt: skip
    if done.returncode != 0:
        last = (done.stdout.strip().splitlines() or ["no reason given"])[-1]
        raise Unavailable(f"{command[0]} failed: {last}")


class BareRoot:
    """One such system, with an ordinary user in it and nothing else."""

    def __init__(self, name: str) -> None:
        self.path = FOLDER / "roots" / name
        self.remove()
        self.path.mkdir(parents=True)
        _run("tar", "-C", str(self.path), "--numeric-owner", "-xpf", str(archive()))
        self.run(f"useradd --create-home {USER}").check_returncode()

    def remove(self) -> None:
        if self.path.exists():
            shutil.rmtree(self.path)

    def check_out(self, place: str, owner: str = "root") -> None:
        """Put a copy of this project's sources at a place in the system."""
        ignored = shutil.ignore_patterns(*NOT_CHECKED_OUT)
        shutil.copytree(ROOT, f"{self.path}{place}", symlinks=True, ignore=ignored)
        self.run(f"chown -R {owner}: '{place}'").check_returncode()

    def run(
        self, command: str, place: str = "/", user: str = "root",
        network: bool = True, read_only: str = "",
    ) -> subprocess.CompletedProcess[str]:  # fmt: skip
        """Run shell words as a user; without a network neither are there cached packages."""
        PACKAGES.mkdir(parents=True, exist_ok=True)
        variables = {"READ_ONLY": read_only, "APT_CACHE": str(PACKAGES) if network else ""}
        apart = ["unshare", "--mount", "--pid", "--fork", "--kill-child"]
        enter = str(ROOT / "tests" / "setup" / "enter.sh")
        return subprocess.run(
            [*apart, *([] if network else ["--net"]), enter, str(self.path), user, place, command],
            env={**os.environ, **variables}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, timeout=SECONDS_MAX,
        )  # fmt: skip

    def contents(self) -> set[str]:
        """Every path there is, and the package manager's list of what is installed."""
        found = {(self.path / "var/lib/dpkg/status").read_text()}
        for folder, _, files in os.walk(self.path):
            below = os.path.relpath(folder, self.path)
            found |= {os.path.normpath(os.path.join(below, name)) for name in files}
        return {path for path in found if not path.startswith(APTS_OWN)}
