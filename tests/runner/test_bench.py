# SPDX-License-Identifier: MIT
"""The gate on benchmarks: what it lets through, and what it must not."""
from __future__ import annotations

import json
from pathlib import Path

import pytest
from bench import __main__ as bench
from bench import document, figures, kernel, plots, profile
from bench.figures import Figure, Limit, compare, limit_of, read_limits, shown

OURS, OTHERS = "GCC 12.2.0", "Clang 14.0.6"
RECORDED = {"heap.alloc": 100.0, "tasks.yield@10": 50.0}


@pytest.fixture
def gate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Runs the gate on figures that a kernel by some compiler is made to have."""
    limits, record, text = tmp_path / "limits", tmp_path / "record", tmp_path / "performance.md"
    limits.write_text("heap.alloc | <= 120 | LK 258\ntasks.yield@* | <= 1.1 * heap.alloc |\n")
    record.write_text(json.dumps({OURS: RECORDED}))
    text.write_text("<!-- figures: heap.* -->\nold\n<!-- end -->\n")
    monkeypatch.setattr(figures, "RECORD", record)
    monkeypatch.setattr(figures, "LIMITS", limits)
    monkeypatch.setattr(figures.read_limits, "__defaults__", (limits,))
    monkeypatch.setattr(document, "DOCUMENTS", (text,))
    monkeypatch.setattr(bench, "FOLDER", tmp_path)
    for name in ("T", "RECORD"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PARTS", "kernel")

    def run(compiler: str = OURS, **changed: float) -> int:
        named = {name.replace("_", ".", 1): value for name, value in changed.items()}
        values = {**RECORDED, **named}
        counted = kernel.Counted(compiler, [Figure(name, value) for name, value in values.items()])
        monkeypatch.setattr(kernel, "measure", lambda pattern: counted)
        return bench.main(["measure"])

    run.folder = tmp_path
    run.record = record
    run.document = text
    return run


def test_what_is_as_recorded_passes(gate, capsys) -> None:
    assert gate() == 0
    assert capsys.readouterr().out.splitlines()[-1] == "2 passed, 0 failed"


def test_what_is_within_three_percent_passes_and_above_fails(gate, capsys) -> None:
    assert gate(heap_alloc=103.0) == 0
    assert gate(heap_alloc=103.1) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "1 passed, 1 failed"
    assert any(line.startswith("FAIL  worse than recorded: heap.alloc") for line in lines)


def test_what_is_worse_passes_once_the_record_is_renewed(gate, monkeypatch) -> None:
    assert gate(heap_alloc=110.0) == 1
    monkeypatch.setenv("RECORD", "yes")
    assert gate(heap_alloc=110.0) == 0
    monkeypatch.delenv("RECORD")
    assert gate(heap_alloc=110.0) == 0
    assert json.loads(gate.record.read_text())[OURS]["heap.alloc"] == 110.0
    assert "| `heap.alloc` | 110 | <= 120 | LK 258 |" in gate.document.read_text()


def test_what_is_over_its_limit_fails_renewed_or_not(gate, monkeypatch) -> None:
    monkeypatch.setenv("RECORD", "yes")
    assert gate(heap_alloc=121.0) == 1


def test_what_another_compiler_takes_is_only_reported(gate, capsys) -> None:
    assert gate(OTHERS, heap_alloc=130.0) == 0
    out = capsys.readouterr().out
    assert f"by {OTHERS}, of which nothing is recorded" in out
    assert f"100 by {OURS}" in out


def test_what_was_not_recorded_fails(gate, capsys) -> None:
    assert gate(heap_free=1.0) == 1
    assert "FAIL  not recorded: heap.free" in capsys.readouterr().out


def test_what_is_measured_no_more_fails(gate, capsys) -> None:
    content = json.loads(gate.record.read_text())
    content[OURS]["heap.lost"] = 3.0
    content[OURS]["host_heap.of_another_part"] = 3.0
    gate.record.write_text(json.dumps(content))
    assert gate() == 1
    out = capsys.readouterr().out
    assert "FAIL  gone: heap.lost" in out
    assert out.splitlines()[-1] == "2 passed, 1 failed"


def test_a_renewed_record_forgets_what_is_measured_no_more(gate, monkeypatch) -> None:
    content = json.loads(gate.record.read_text())
    content[OURS].update({"heap.lost": 3.0, "host_heap.of_another_part": 3.0})
    gate.record.write_text(json.dumps(content))
    monkeypatch.setenv("RECORD", "yes")
    assert gate() == 0
    left = json.loads(gate.record.read_text())[OURS]
    assert set(left) == {*RECORDED, "host_heap.of_another_part"}


def test_a_renewed_part_of_a_suite_leaves_the_rest(gate, monkeypatch) -> None:
    monkeypatch.setenv("RECORD", "yes")
    monkeypatch.setenv("T", "heap.free")
    monkeypatch.setattr(kernel, "measure", lambda _: kernel.Counted(OURS, [Figure("heap.free", 1)]))
    assert bench.main(["measure"]) == 0
    assert json.loads(gate.record.read_text())[OURS] == {**RECORDED, "heap.free": 1}


def test_results_are_left_for_machines(gate) -> None:
    gate(heap_alloc=130.0)
    content = json.loads((gate.folder / "results.json").read_text())
    assert content["compiler"] == OURS
    assert content["figures"]["heap.alloc"] == {
        "value": 130.0, "limit": "<= 120", "bound": 120.0, "peers": "LK 258", "recorded": 100.0,
        "complaint": "over its limit",
    }  # fmt: skip


def test_a_part_that_does_not_exist_is_refused(gate, monkeypatch) -> None:
    monkeypatch.setenv("PARTS", "kernel moon")
    with pytest.raises(kernel.BenchError, match="got moon"):
        gate()


def test_a_limit_may_be_a_multiple_of_another_figure() -> None:
    limits, record = [Limit("host.*", number=1.5, times="libc.*")], {OURS: {"host.copy": 150.0}}
    pair = [Figure("host.copy", 150), Figure("libc.copy", 100, is_judged=False)]
    assert compare(pair, limits, record, OURS)[0].complaint == ""
    assert compare([Figure("host.copy", 151), pair[1]], limits, record, OURS)[0].complaint != ""
    assert compare(pair[:1], limits, record, OURS)[0].bound is None


def test_what_has_to_be_large_is_worse_when_it_is_smaller() -> None:
    limits, record = [Limit("used", True, 0.9)], {OURS: {"used": 0.95}}
    complaints = [compare([Figure("used", value)], limits, record, OURS)[0].complaint
                  for value in (0.99, 0.93, 0.91, 0.89)]  # fmt: skip
    assert complaints == ["", "", "worse than recorded", "over its limit"]


def test_what_repeats_nowhere_is_not_compared() -> None:
    slower, record = Figure("libc.copy", 20.0, is_judged=False), {OURS: {"libc.copy": 10.0}}
    assert compare([slower], [], record, OURS)[0].complaint == ""


def test_a_time_is_shown_and_not_judged() -> None:
    slow = Figure("time", 20.0, is_judged=False, is_counted=False)
    row = compare([slow], [Limit("time", number=10.0)], {OURS: {"time": 5.0}}, OURS)[0]
    assert (row.complaint, row.bound) == ("", 10.0)


@pytest.mark.parametrize("line", ["name <= 3", "name | < 3 |", "name | <= three |", "a | <= 1"])
def test_a_limit_that_cannot_be_read_is_refused(tmp_path: Path, line: str) -> None:
    (tmp_path / "limits").write_text(f"# a comment\n\n{line}\n")
    with pytest.raises(ValueError, match="limits:3"):
        read_limits(tmp_path / "limits")


def test_each_limit_belongs_to_a_figure_and_each_record_to_one_limit_at_most() -> None:
    names = figures.read_record()[OURS]
    limits = read_limits()
    unused = [limit.pattern for limit in limits
              if not any(limit_of(name, limits) is limit for name in names)]  # fmt: skip
    assert unused == []


@pytest.mark.parametrize("path", document.DOCUMENTS, ids=lambda path: path.name)
def test_the_documents_tables_are_what_is_recorded(path: Path) -> None:
    assert path.read_text() == document.current(path), "make bench RECORD=yes renews them"


def test_tables_over_scales_and_beside_the_c_library() -> None:
    values = {"s.copy@8": 19.0, "s.copy@64K": 1.0, "f@128M": 2.0, "f@1G": 3.5, "f@64M": 2.0,
              "host_x.a": 50.0, "libc_x.a": 100.0}  # fmt: skip
    assert document.by_scales("f@*", values, []).splitlines() == [
        "|  | 64M | 128M | 1G |", "|---|---|---|---|", "| `f` | 2 | 2 | 3.5 |",
    ]  # fmt: skip
    assert document.beside_libc("x", values, []).splitlines()[-1] == "| `a` | 50 | 100 | 0.50 |"
    assert document.named("a = f@1G; b=gone", values, []).splitlines()[2:] == [
        "| a | 3.5 |  |", "| b |  |  |",
    ]  # fmt: skip


def test_counts_of_a_profile_are_summed_by_function() -> None:
    class Names:
        def function(self, address: int) -> str:
            return "low" if address < 0x20 else "high"

    counts = profile.counts_of("10 5\nmark 10 77\n1f 2\n20 4\n")
    assert profile.by_function(counts, Names()) == {"low": 7, "high": 4}


def test_a_plot_without_points_is_refused(tmp_path: Path) -> None:
    with pytest.raises(kernel.BenchError, match="tasks.yield"):
        plots.script(plots.PLOTS[1], [Figure("tasks.spawn@10", 1)], tmp_path / "x.svg")


def test_a_plot_that_was_not_drawn_is_named_wherever_the_build_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plots, "FOLDER", tmp_path)
    with pytest.raises(kernel.BenchError, match="frame.svg is not there"):
        plots.keep()


def test_a_plot_that_is_flat_begins_at_zero(tmp_path: Path) -> None:
    flat = [Figure("tasks.yield@2", 52), Figure("tasks.yield@10000", 53)]
    text = plots.script(plots.PLOTS[1], flat, tmp_path / "x.svg")
    assert "set yrange [0:" in text and "2 52\n10000 53\n" in text


@pytest.mark.parametrize("value, text", [(1.5, "1.5"), (0.911, "0.911"), (28.0, "28"),
                                         (1234.56, "1,234.6"), (57654.3, "57,654")])
def test_figures_are_shown_with_the_digits_that_matter(value: float, text: str) -> None:
    assert shown(value) == text
