# SPDX-License-Identifier: MIT
"""Steps that look at the sources: layout, static analysis, layering, rules, syntax."""
from __future__ import annotations

import importlib.util
import json
import os
import time
from functools import partial
from pathlib import Path
from typing import Iterable

from check import docs_excerpts, docs_names, layering, source_rules
from check.build_plan import Plan
from check.step import OUTPUT, finished, judged, missing, place, run, skipped
from check.tree import shell_of
from odyssey import pytest_run
from odyssey.jobs import Done
from odyssey.report import PASS, Result
from odyssey.settings import ROOT

# Read by the build, not linked; or images of their own, which tests/runner/ makes.
NOT_LINKED = ("boot/asm_offsets.c", "tests/runner/controls/")
CONTROLS = "tests/runner/controls/"


def c_sources(files: Iterable[str]) -> list[str]:
    return [file for file in files if file.endswith((".c", ".h"))]


def layout(files: list[str]) -> Done:
    """clang-format would change nothing."""
    command = ["clang-format", "--dry-run", "-Werror"]
    return Done([tool("clang-format", command, c_sources(files))])


def write_compile_commands(plan: Plan, folder: Path = OUTPUT) -> None:
    """For clang-tidy."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(plan.compile_commands(), indent=2)
    (folder / "compile_commands.json").write_text(text + "\n")


def tidy(folder: str, plan: Plan) -> Done:
    """clang-tidy finds nothing in a folder's files and the headers they include."""
    return tidy_files(folder, [file for file in _compiled(plan) if _folder(file) == folder])


def tidy_files(name: str, files: list[str], commands: Path = OUTPUT) -> Done:
    """The same for some files, compiled as the compile_commands.json in a folder says."""
    command = ["clang-tidy", "--quiet", "-p", str(commands)]
    return Done([tool(f"clang-tidy {name}", command, files)])


def tidy_folders(plan: Plan) -> list[str]:
    """The folders with C sources, those with the most first; one to be skipped without a tool."""
    if missing("clang-tidy"):
        return ["all"]
    folders = list(map(_folder, _compiled(plan)))
    return sorted(set(folders), key=lambda folder: (-folders.count(folder), folder))


def _folder(file: str) -> str:
    return os.path.dirname(file)


def _compiled(plan: Plan) -> list[str]:
    return sorted({source for source, _, _ in plan.compiles if source.endswith(".c")})


def rules(files: list[str]) -> Done:
    """Layering, and the rules that a line can break."""
    checks = {"layering": partial(layering.problems, ROOT, c_sources(files))}
    checks["docs"] = partial(docs_names.problems, ROOT, files)
    checks["docs excerpts"] = partial(docs_excerpts.problems, ROOT, files)
    for rule in source_rules.RULES:
        checks[rule.__name__] = partial(source_rules.problems, rule, ROOT, files)
    return Done([judged("lint", name, find, "broken") for name, find in checks.items()])


def linked(files: list[str], plan: Plan) -> Done:
    """Everything is built into something."""
    return Done([judged("lint", "linked", partial(unlinked, files, plan), "broken")])


def unlinked(files: Iterable[str], plan: Plan) -> list[str]:
    """Sources that no kernel and no host program has in it."""
    return [
        f"{file}: linked into no kernel and no host test"
        for file in files
        if file.endswith((".c", ".asm"))
        and file not in plan.linked
        and not file.startswith(NOT_LINKED)
    ]


def syntax(files: list[str]) -> Done:
    """Python compiles, shells and NASM take their scripts, shellcheck finds nothing."""
    python = [file for file in files if file.endswith(".py")]
    results = [judged("lint", "python syntax", partial(_python_problems, python), "broken")]
    scripts = [file for file in files if shell_of(ROOT / file)]
    if scripts:
        results.append(_each("bash syntax", ["bash", "-n"], scripts))
        results.append(tool("shellcheck", ["shellcheck", "-x", "-f", "gcc"], scripts))
    images = [file for file in files if file.startswith(CONTROLS) and file.endswith(".asm")]
    command = ["nasm", "-f", "elf32", "-w+all", "-w+error", f"-I{CONTROLS}", "-o", "/dev/null"]
    results.append(_each("nasm syntax", command, images))
    return Done(results)


def _python_problems(files: Iterable[str]) -> Iterable[str]:
    for file in files:
        try:
            compile((ROOT / file).read_bytes(), file, "exec", dont_inherit=True)
        except SyntaxError as error:
            yield f"{file}:{error.lineno}: {error.msg}"


def tool(name: str, command: list[str], files: list[str]) -> Result:
    """A program that has to end with status 0 and says in lines what is wrong."""
    reason = missing(command[0])
    if reason:
        return skipped("lint", name, reason)
    started = time.monotonic()
    log = name.replace(" ", "-").replace("/", "-")
    output = run([*command, *files], log)
    found = dict.fromkeys(line for line in output.text.splitlines() if _is_finding(line))
    detail = "\n".join(found) or output.text[-2000:]
    if output.status == 0:
        return finished("lint", name, PASS, (), started, place(log))
    return finished("lint", name, "found", [detail], started, place(log))


def _each(name: str, command: list[str], files: list[str]) -> Result:
    """A program that takes one file at a time."""
    reason = missing(command[0])
    if reason:
        return skipped("lint", name, reason)

    def find() -> Iterable[str]:
        for file in files:
            output = run([*command, file], f"{name}-{Path(file).name}".replace(" ", "-"))
            if output.status != 0 or output.text:
                yield f"{file}: {output.text or f'status {output.status}'}"

    return judged("lint", name, find, "broken")


def _is_finding(line: str) -> bool:
    """A line of a compiler, or of shellcheck, whose notes count too."""
    return ": error: " in line or ": warning: " in line or line.endswith("]") and " [SC" in line


def controls() -> Done:
    """tests/check/: what each gate and rule must refuse, and does."""
    xml = OUTPUT / "pytest.xml"
    xml.unlink(missing_ok=True)
    if importlib.util.find_spec("pytest") is None:
        reason = "tool pytest missing (package python3-pytest)"
        return Done([skipped("suite", "controls.all", reason)])
    output = run(pytest_run.command("tests/check", xml), "controls", **pytest_run.VARIABLES)
    log = place("controls")
    results = [
        Result("suite", f"controls.{case.name}", case.outcome, case.detail, case.seconds, log)
        for case in pytest_run.cases(xml)
    ]
    failed = any(result.mark == "FAIL" for result in results)
    if output.status != (1 if failed else 0):
        detail = f"pytest ended with status {output.status}\n{output.text[-2000:]}"
        results.append(Result("suite", "controls.run", "crash", detail, log=log))
    return Done(results)
