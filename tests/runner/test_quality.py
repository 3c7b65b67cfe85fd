# SPDX-License-Identifier: MIT
"""What `make coverage` and `make mutants` conclude, and what they record of it."""
from __future__ import annotations

from pathlib import Path

import mutants
import pytest
from bench import document
from mutants import Fate
from odyssey import lines_run, quality
from odyssey.lines_run import File, Reason, Shares
from odyssey.mutate import Mutant
from odyssey.settings import SetupError

TABLE = "<!-- figures of tests: coverage mutants -->\n<!-- end -->\n"


@pytest.fixture
def readme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A document with the table, and a record of its own."""
    monkeypatch.setattr(quality, "RECORD", tmp_path / "quality.json")
    monkeypatch.setattr(document, "DOCUMENTS", (tmp_path / "README.md",))
    (tmp_path / "README.md").write_text(TABLE)
    return tmp_path / "README.md"


def fates(file: str, *outcomes: str) -> list[Fate]:
    return [Fate(Mutant(file, 1, "", 0, "", "", ""), outcome) for outcome in outcomes]


# --- Reasons -------------------------------------------------------------------------

TESTED = {"mm/a.c": File({1: 1, 2: 0, 3: 0}, {1: "f", 3: "g"}, {2: 5})}


def test_line_that_the_host_alone_runs_is_not_missed() -> None:
    assert TESTED["mm/a.c"].missed() == {"g": [3]}
    assert Shares.of(TESTED.values()) == Shares(3, 1, 2)


def test_lines_of_the_host_that_the_kernel_lacks_do_not_count() -> None:
    assert Shares.of([File({1: 0}, {1: "f"}, {1: 0, 9: 4})]) == Shares(1, 0, 0)


@pytest.mark.parametrize(
    ("known", "unexplained", "idle"),
    [
        ([], 1, 0),
        ([Reason("mm/a.c", "g", "cannot be")], 0, 0),
        ([Reason("mm/*", "g", "cannot be")], 0, 0),
        ([Reason("mm/a.c", "f", "cannot be")], 1, 1),
        ([Reason("mm/a.c", "g", "cannot be"), Reason("mm/b.c", "g", "gone")], 0, 1),
        ([Reason("mm/a.c", "g", "cannot be"), Reason("mm/a.c", "f", "by chance: late")], 0, 0),
    ],
)
def test_each_gap_has_a_reason_and_each_reason_a_gap(
    known: list[Reason], unexplained: int, idle: int, capsys: pytest.CaptureFixture[str]
) -> None:
    missing, without = lines_run.print_missed(TESTED, known)
    assert (missing, len(without)) == (unexplained, idle)
    assert ("NO REASON GIVEN" in capsys.readouterr().out) == (unexplained != 0)


@pytest.mark.parametrize(
    ("lines", "is_enough"), [({1: 1, 2: 1}, True), ({n: n > 2 for n in range(1, 13)}, False)]
)
def test_what_machines_alone_run_has_to_be_enough(
    lines: dict[int, int], is_enough: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {f"{folder}/a.c": File(lines, {1: "f"}, {n: 1 for n in lines})
             for folder in lines_run.FOLDERS}  # fmt: skip
    assert lines_run.report(files, [])[1] == is_enough
    assert capsys.readouterr().out.count("100.0 %") >= 1


def test_idle_reason_fails_and_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    files = {f"{folder}/a.c": File({1: 1}, {1: "f"}) for folder in lines_run.FOLDERS}
    assert not lines_run.report(files, [Reason("mm/a.c", "f", "cannot be")])[1]
    assert "no such line is left: mm/a.c | f | cannot be" in capsys.readouterr().out


def test_a_reason_is_three_columns() -> None:
    assert lines_run.read_reasons("# x\n\nmm/a.c | f | a | b\n") == [Reason("mm/a.c", "f", "a | b")]
    for line in ("mm/a.c | f", "mm/a.c | f | "):
        with pytest.raises(SetupError, match="want FILE"):
            lines_run.read_reasons(line)


# --- Mutants -------------------------------------------------------------------------


def test_groups_may_stand_for_their_files() -> None:
    assert "kernel/executor.[ch]" in mutants.patterns_of("executor")
    assert mutants.patterns_of("mm/* lib") == ["mm/*", "lib/*"]


@pytest.mark.parametrize(
    ("files", "whole"),
    [
        ("*", ["lib", "mm", "executor"]),
        ("mm/*", ["mm"]),
        ("mm/heap*", []),
        ("executor lib", ["lib", "executor"]),
        ("kernel/*", ["executor"]),
        ("kernel/executor.c", []),
    ],
)
def test_group_is_whole_when_no_file_of_it_is_left_out(files: str, whole: list[str]) -> None:
    assert mutants.whole_groups(mutants.patterns_of(files)) == whole


def test_every_pattern_of_a_group_has_its_file() -> None:
    for patterns in mutants.GROUPS.values():
        for pattern in patterns:
            assert any(mutants.is_among(file, [pattern]) for file in mutants.sources()), pattern


# --- The record ----------------------------------------------------------------------


def test_runs_over_some_files_fill_in_their_own_row(readme: Path) -> None:
    mutants.keep(fates("mm/a.c", "noticed", "noticed", "survived", "invalid"), "1", ["mm"])
    mutants.keep(
        fates("lib/a.c", "noticed") + fates("mm/a.c", "survived"), "2", ["lib", "executor"]
    )
    assert quality.read()["mutants"] == {
        "mm": {"noticed": 2, "of": 3, "drawn": 4, "seed": "1"},
        "lib": {"noticed": 1, "of": 1, "drawn": 1, "seed": "2"},
    }
    assert readme.read_text().splitlines()[3:-1] == [
        "| mutants noticed, lib | 100.0 %: 1 of 1 (`SEED=2`, 1 drawn) | >= 85 % |",
        "| mutants noticed, mm | 66.7 %: 2 of 3 (`SEED=1`, 4 drawn) | >= 85 % |",
    ]
    mutants.keep(fates("mm/a.c", "noticed"), "3", ["mm"])
    assert "| mutants noticed, mm | 100.0 %: 1 of 1 (`SEED=3`, 1 drawn)" in readme.read_text()
    assert "| mutants noticed, lib | 100.0 %: 1 of 1 (`SEED=2`" in readme.read_text()


def test_coverage_and_mutants_leave_each_other_alone(readme: Path) -> None:
    mutants.keep(fates("mm/a.c", "noticed"), "1", ["mm"])
    quality.keep("coverage", {"lines": 1000, "by_machines": 951, "by_all": 1000})
    document.write()
    assert set(quality.read()) == {"mutants", "coverage"}
    rows = readme.read_text().splitlines()
    assert rows[3] == "| lines of the kernel that machines run in tests | 95.1 % of 1,000 | >= 90 % |"
    assert rows[4].startswith("| the same, with the suites on the host | 100.0 %")
    assert rows[5].startswith("| mutants noticed, mm |")


def test_table_that_says_something_else_than_the_record_is_seen(readme: Path) -> None:
    quality.keep("coverage", {"lines": 1000, "by_machines": 951, "by_all": 1000})
    document.write()
    assert readme.read_text() == document.current(readme)
    quality.keep("coverage", {"by_machines": 950})
    assert readme.read_text() != document.current(readme)
