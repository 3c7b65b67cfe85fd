# SPDX-License-Identifier: MIT
"""`make test` itself: what it selects, its last line, its files, its exit status."""
from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from odyssey import processes
from odyssey.settings import ROOT

BOUND_SECONDS = 300


def run(folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """tools/test.py with these variables and its output in a folder of its own."""
    chosen = {"T": "", "SCENARIO": "", "V": "", "TEST_OUTPUT": str(folder), **variables}
    command = [sys.executable, str(ROOT / "tools" / "test.py")]
    return processes.run(command, BOUND_SECONDS, env={**os.environ, **chosen})


def test_one_suite(tmp_path: Path) -> None:
    done = run(tmp_path, T="ring")
    content = json.loads((tmp_path / "results.json").read_text())
    names = [result["name"] for result in content["results"]]
    assert done.returncode == 0, done.stdout
    assert done.stdout.splitlines()[-1] == f"{len(names)} passed, 0 failed"
    assert names and all(name.startswith("ring.") for name in names)
    assert (content["passed"], content["failed"]) == (len(names), 0)
    junit = ElementTree.parse(tmp_path / "junit.xml").getroot()
    assert [case.get("classname") for case in junit.iter("testcase")] == ["suite.ring"] * len(names)


def test_one_test(tmp_path: Path) -> None:
    run(tmp_path, T="ring")
    name = json.loads((tmp_path / "results.json").read_text())["results"][0]["name"]
    done = run(tmp_path, T=name, V="1")
    assert done.returncode == 0, done.stdout
    assert done.stdout.splitlines()[-1] == "1 passed, 0 failed"
    assert f"ok    suite     {name}\n" in done.stdout


def test_one_scenario(tmp_path: Path) -> None:
    done = run(tmp_path, SCENARIO="should_panic")
    assert done.returncode == 0, done.stdout
    assert done.stdout.splitlines()[-1] == "1 passed, 0 failed"


def test_bad_end_is_explained_in_the_source(tmp_path: Path) -> None:
    """Another death than the expected one: its backtrace is in the result."""
    done = run(tmp_path, SCENARIO="should_panic", CMDLINE="scenario=null_pointer")
    assert done.returncode == 1
    (result,) = json.loads((tmp_path / "results.json").read_text())["results"]
    assert re.search(r"#0 null_pointer +tests/kernel/scenarios\.c:\d+\n", result["detail"])


@pytest.mark.parametrize(
    "variables",
    [{"T": "nosuch"}, {"T": "ring.nosuch"}, {"T": "no such"}, {"SCENARIO": "nosuch"}],
    ids=str,
)
def test_what_matches_nothing_fails(tmp_path: Path, variables: dict[str, str]) -> None:
    done = run(tmp_path, **variables)
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == "0 passed, 1 failed"
    junit = ElementTree.parse(tmp_path / "junit.xml").getroot()
    assert junit.get("failures") == "1"


def test_missing_image_fails(tmp_path: Path) -> None:
    done = run(tmp_path, SCENARIO="should_panic", BUILD=str(tmp_path / "nothing"))
    assert done.returncode == 1
    assert "odyssey-test.iso is not there" in done.stdout
    assert done.stdout.splitlines()[-1] == "0 passed, 1 failed"
