# SPDX-License-Identifier: MIT
"""The judge over canned transcripts: each outcome, and each rule of a consistent KTAP."""
from __future__ import annotations

from typing import Optional

import pytest
from odyssey.judge import BY_DEBUGCON, Observation, Outcome, Verdict, judge_scenario, judge_tests
from odyssey.scenarios import SCENARIOS, Scenario

GOOD = """\
KTAP version 1
1..3
# run heap.grows
#
# grew by 4096 bytes
ok 1 heap.grows
# run heap.shrinks
# 12 bytes were left
ok 2 heap.shrinks
# run pit.rate
ok 3 pit.rate # SKIP no PIT
# done
"""
PASSED, FAILED, RESET, TIMED_OUT = 33, 35, 0, None


def as_sent(text: str) -> bytes:
    """As a kernel puts it on the serial line."""
    return text.replace("\n", "\r\n").encode()


def judged(
    text: str, status: Optional[int] = PASSED, pattern: str = "", debugcon: str = ""
) -> Verdict:
    return judge_tests(Observation(as_sent(text), as_sent(debugcon), status), pattern)


def test_good_transcript_passes() -> None:
    verdict = judged(GOOD, debugcon=GOOD)
    assert verdict.outcome is Outcome.PASS
    assert verdict.notes == ()
    assert [(test.name, test.status) for test in verdict.results] == [
        ("heap.grows", "passed"),
        ("heap.shrinks", "passed"),
        ("pit.rate", "skipped"),
    ]
    assert verdict.results[0].detail == "\ngrew by 4096 bytes"
    assert verdict.results[1].detail == "12 bytes were left"
    assert verdict.results[2].detail == "no PIT"


def test_firmware_text_and_escapes_before_the_version_are_ignored() -> None:
    noise = "\x1b[2J\x1b[01;01HBdsDxe: starting Boot0001\nok 1 not.a_test\n\x1b[0m"
    assert judged(noise + GOOD).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "status, outcome",
    [
        (FAILED, Outcome.ASSERTION),
        (RESET, Outcome.RESET),
        (TIMED_OUT, Outcome.HANG),
        (1, Outcome.CRASH),
        (37, Outcome.CRASH),
        (-11, Outcome.CRASH),
    ],
)
def test_only_status_33_passes(status: Optional[int], outcome: Outcome) -> None:
    assert judged(GOOD, status).outcome is outcome


# Each is GOOD with one thing changed: what, into what, and what it then is.
BROKEN = {
    "no plan": ("1..3\n", "", Outcome.GARBAGE),
    "second plan": ("1..3\n", "1..3\n1..3\n", Outcome.GARBAGE),
    "plan after results": (GOOD, GOOD.replace("1..3\n", "") + "1..3\n", Outcome.GARBAGE),
    "plan too small": ("1..3", "1..2", Outcome.GARBAGE),
    "plan too large": ("1..3", "1..4", Outcome.EARLY_EXIT),
    "plan of nothing": (GOOD, "KTAP version 1\n1..0\n", Outcome.EARLY_EXIT),
    "no version": ("KTAP version 1\n", "", Outcome.GARBAGE),
    "other version": ("version 1", "version 2", Outcome.GARBAGE),
    "second version": ("# done", "KTAP version 1", Outcome.GARBAGE),
    "result missing in the middle": ("ok 2 heap.shrinks\n", "", Outcome.GARBAGE),
    "test missing in the middle": (
        "# run heap.shrinks\n# 12 bytes were left\nok 2 heap.shrinks\n",
        "",
        Outcome.GARBAGE,
    ),
    "result missing at the end": ("ok 3 pit.rate # SKIP no PIT\n", "", Outcome.EARLY_EXIT),
    "begun but not planned": ("# done", "# run late.one", Outcome.EARLY_EXIT),
    "test begun and never ended": (
        "# run heap.grows\n",
        "# run heap.lost\n# run heap.grows\n",
        Outcome.GARBAGE,
    ),
    "number repeated": ("ok 2", "ok 1", Outcome.GARBAGE),
    "number skipped": ("ok 2", "ok 3", Outcome.GARBAGE),
    "result twice": ("# done", "ok 3 pit.rate", Outcome.GARBAGE),
    "name twice": ("heap.shrinks", "heap.grows", Outcome.GARBAGE),
    "name differs from the run line": ("ok 2 heap.shrinks", "ok 2 heap.other", Outcome.GARBAGE),
    "no run line": ("# run heap.shrinks\n", "", Outcome.GARBAGE),
    "not ok": ("ok 2", "not ok 2", Outcome.ASSERTION),
    "not ok and skipped": ("ok 3", "not ok 3", Outcome.GARBAGE),
    "skipped without a reason": (" # SKIP no PIT", " # SKIP", Outcome.GARBAGE),
    "text between": ("# 12 bytes", "12 bytes", Outcome.GARBAGE),
    "text after": ("# done", "Welcome", Outcome.GARBAGE),
    "cut in the last line": (" # SKIP no PIT\n# done\n", "", Outcome.EARLY_EXIT),
    "panic": ("# done", "KERNEL PANIC: heap: gone", Outcome.PANIC),
    "panic as a comment": ("# done", "# KERNEL PANIC: heap: gone", Outcome.PANIC),
}


@pytest.mark.parametrize("case", BROKEN)
@pytest.mark.parametrize("status", [PASSED, FAILED])
def test_broken_transcript_fails(case: str, status: int) -> None:
    old, new, outcome = BROKEN[case]
    assert GOOD.count(old) >= 1
    verdict = judged(GOOD.replace(old, new), status)
    assert verdict.outcome is outcome, verdict
    assert not (outcome is Outcome.GARBAGE and verdict.results)


def test_assertion_names_the_tests_and_keeps_their_words() -> None:
    text = GOOD.replace("ok 2", "not ok 2")
    verdict = judged(text, FAILED, debugcon=text)
    assert verdict.outcome is Outcome.ASSERTION
    assert verdict.detail == "failed: heap.shrinks"
    assert [test.name for test in verdict.results if test.status == "failed"] == ["heap.shrinks"]
    assert verdict.results[1].detail == "12 bytes were left"


def test_failure_status_with_nothing_failed_is_an_assertion() -> None:
    assert judged(GOOD, FAILED).outcome is Outcome.ASSERTION


CUT = GOOD[: GOOD.index("ok 2")]


@pytest.mark.parametrize("status", [PASSED, FAILED, RESET, TIMED_OUT])
def test_panic_is_the_verdict_whatever_the_status(status: Optional[int]) -> None:
    text = CUT + "KERNEL PANIC: page fault at 0x10\n#0 0xffffffff80100000 f+0x0\nSystem halted.\n"
    verdict = judged(text, status)
    assert verdict.outcome is Outcome.PANIC
    assert verdict.detail == "in heap.shrinks: page fault at 0x10"
    assert verdict.culprit == "heap.shrinks"
    assert [test.name for test in verdict.results] == ["heap.grows"]


def test_panic_before_the_tests_and_on_one_stream_only() -> None:
    assert judged("KERNEL PANIC: boot: no memory\n").outcome is Outcome.PANIC
    assert judged(GOOD, debugcon="KERNEL PANIC: boot: no memory\n").outcome is Outcome.PANIC


def test_hang_names_the_culprit() -> None:
    verdict = judged(CUT, TIMED_OUT)
    assert verdict.outcome is Outcome.HANG
    assert verdict.culprit == "heap.shrinks"
    assert "heap.shrinks" in verdict.detail


def test_hang_before_the_tests() -> None:
    verdict = judged("Hello from ODYSSEY OS!\nmemory: ", TIMED_OUT)
    assert verdict.outcome is Outcome.HANG
    assert "memory:" in verdict.detail


@pytest.mark.parametrize("text", ["", "\n", " \n\x1b[2J\x1b[01;01H\n"])
def test_silence(text: str) -> None:
    assert judged(text, TIMED_OUT).outcome is Outcome.SILENCE
    assert judged(text, PASSED).outcome is Outcome.SILENCE
    assert judged(text, FAILED).outcome is Outcome.SILENCE


def test_reset_names_the_culprit() -> None:
    verdict = judged(CUT, RESET)
    assert verdict.outcome is Outcome.RESET
    assert verdict.culprit == "heap.shrinks"


def test_silent_reset() -> None:
    assert judged("", RESET).outcome is Outcome.RESET


def test_early_exit_counts() -> None:
    verdict = judged(GOOD[: GOOD.index("# run heap.shrinks")])
    assert verdict.outcome is Outcome.EARLY_EXIT
    assert "1 of 3" in verdict.detail


def test_garbage() -> None:
    verdict = judge_tests(Observation(b"\xde\xad\xbe\xef ok\r\n", b"", PASSED))
    assert verdict.outcome is Outcome.GARBAGE
    assert verdict.results == ()


def test_crash_says_the_signal_or_qemus_words() -> None:
    assert judged(GOOD, -11).outcome is Outcome.CRASH
    assert "SIGSEGV" in judged(GOOD, -11).detail
    refused = judge_tests(Observation(b"", b"", 1, "qemu: no such file\n"))
    assert refused.outcome is Outcome.CRASH
    assert "no such file" in refused.detail


@pytest.mark.parametrize(
    "serial",
    ["", "\n", GOOD.replace("ok 2", "k 2"), GOOD.replace("# 12", "12"), CUT, "\x80\x81\n"],
    ids=repr,
)
def test_verdict_comes_from_port_0xe9_when_the_serial_line_is_bad(serial: str) -> None:
    verdict = judged(serial, debugcon=GOOD)
    assert verdict.outcome is Outcome.PASS
    assert verdict.notes == (BY_DEBUGCON,)
    failing = judged(serial, FAILED, debugcon=GOOD.replace("ok 2", "not ok 2"))
    assert failing.outcome is Outcome.ASSERTION


def test_bad_port_0xe9_does_not_excuse_a_bad_serial_line() -> None:
    bad = GOOD.replace("# 12", "12")
    assert judged(bad, debugcon=bad).outcome is Outcome.GARBAGE
    assert judged(CUT, debugcon=CUT).outcome is Outcome.EARLY_EXIT


def test_culprit_comes_from_port_0xe9_when_the_serial_line_is_silent() -> None:
    verdict = judged("", TIMED_OUT, debugcon=CUT)
    assert verdict.outcome is Outcome.HANG
    assert verdict.culprit == "heap.shrinks"


def test_bad_port_0xe9_does_not_matter_when_the_serial_line_is_good() -> None:
    assert judged(GOOD, debugcon=CUT).outcome is Outcome.PASS


def test_streams_that_contradict_each_other_are_garbage() -> None:
    other = GOOD.replace("ok 2", "not ok 2")
    assert judged(GOOD, debugcon=other).outcome is Outcome.GARBAGE
    assert judged(other, debugcon=GOOD).outcome is Outcome.GARBAGE


def test_pattern_selects_what_may_have_run() -> None:
    heap = "KTAP version 1\n1..1\n# run heap.grows\nok 1 heap.grows\n"
    assert judged(heap, pattern="heap").is_pass
    assert judged(heap, pattern="heap.grows").is_pass
    assert judged(heap, pattern="heap.shrinks").outcome is Outcome.GARBAGE
    assert judged(heap, pattern="hea").outcome is Outcome.GARBAGE
    assert judged(GOOD, pattern="heap").outcome is Outcome.GARBAGE


def test_pattern_that_matches_nothing_fails() -> None:
    for status in (PASSED, FAILED):
        verdict = judged("KTAP version 1\n1..0\n", status, "nosuch")
        assert verdict.outcome is Outcome.EARLY_EXIT
        assert "nosuch" in verdict.detail


# --- Scenarios

BOOTED = "Hello from ODYSSEY OS!\nmemory: 3 KiB usable, 1 KiB reserved, 2 KiB free\nSystem initialized. Entering main loop...\n"
PANICKED = """\
Hello from ODYSSEY OS!
KERNEL PANIC: control: as ordered
#0 0xffffffff80101234 control_run+0x4c
System halted.
"""
LIVES = Scenario("lives", (r"Hello.*", r"System initialized\..*"), panics=False)
DIES = Scenario("dies", (r"KERNEL PANIC: .*ordered",))


def seen(
    text: str, scenario: Scenario, status: Optional[int] = PASSED, debugcon: str = ""
) -> Verdict:
    return judge_scenario(Observation(as_sent(text), as_sent(debugcon), status), scenario)


def test_scenarios_as_expected_pass() -> None:
    assert seen(BOOTED, LIVES).is_pass
    assert seen(PANICKED, DIES).is_pass


@pytest.mark.parametrize(
    "status, outcome",
    [
        (FAILED, Outcome.ASSERTION),
        (RESET, Outcome.RESET),
        (TIMED_OUT, Outcome.HANG),
        (-6, Outcome.CRASH),
        (1, Outcome.CRASH),
    ],
)
def test_scenario_status(status: Optional[int], outcome: Outcome) -> None:
    assert seen(BOOTED, LIVES, status).outcome is outcome
    assert seen(PANICKED, DIES, status).outcome is outcome


def test_silent_scenario() -> None:
    assert seen("", LIVES).outcome is Outcome.SILENCE
    assert seen("", DIES, TIMED_OUT).outcome is Outcome.SILENCE


def test_unexpected_panic() -> None:
    verdict = seen(BOOTED + PANICKED, LIVES)
    assert verdict.outcome is Outcome.PANIC
    assert verdict.detail == "control: as ordered"


@pytest.mark.parametrize(
    "old, new",
    [
        ("Hello from", "Goodbye from"),
        ("OS!\n", "OS! "),
        ("free\n", "free "),
        ("reserved, ", ""),
        ("System", "noise System"),
        ("Hello from ODYSSEY OS!\n", ""),
    ],
)
def test_scenario_lines_stand_alone(old: str, new: str) -> None:
    strict = SCENARIOS["basic_boot"]
    assert seen(BOOTED, strict).is_pass
    assert seen(BOOTED.replace(old, new), strict).outcome is Outcome.GARBAGE


def test_scenario_lines_come_in_order() -> None:
    lines = BOOTED.splitlines(keepends=True)
    assert seen("".join(reversed(lines)), SCENARIOS["basic_boot"]).outcome is Outcome.GARBAGE


@pytest.mark.parametrize(
    "old, new",
    [
        ("ordered", "asked"),
        ("KERNEL PANIC: ", "PANIC: "),
        ("KERNEL PANIC: ", "[0.1] KERNEL PANIC: "),
        ("#0 0x", "KERNEL PANIC: again as ordered\n#0 0x"),
        ("#0 0xffffffff80101234 control_run+0x4c\n", ""),
        ("#0 0xffffffff80101234 control_run", "#0 0x0000000080101234 control_run"),
        ("control_run+0x4c", "(not kernel code)"),
        ("System halted.\n", ""),
        ("System halted.\n", "System halted.\nSystem halted.\n"),
        ("System halted.\n", "System halted. Really.\n"),
        ("System halted.\n", "System halted.\nGood night.\n"),
    ],
)
def test_panic_format(old: str, new: str) -> None:
    assert seen(PANICKED.replace(old, new), DIES).outcome is Outcome.GARBAGE


def test_scenario_is_judged_by_port_0xe9_when_the_serial_line_is_bad() -> None:
    verdict = seen("\x80\x81\n", DIES, debugcon=PANICKED)
    assert verdict.is_pass
    assert verdict.notes


def test_every_scenario_of_the_interface_has_expectations() -> None:
    promised = (
        "basic_boot should_panic stack_overflow breakpoint invalid_opcode divide_error "
        "general_protection page_fault_read page_fault_write page_fault_exec page_fault_reserved"
    )
    assert set(promised.split()) <= set(SCENARIOS)
