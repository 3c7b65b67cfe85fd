# SPDX-License-Identifier: MIT
"""The machine as a command line, and what is typed at and read from it."""
from __future__ import annotations

import os
from pathlib import Path

import pytest
from odyssey import qemu
from odyssey.machine import key_of, rendered
from odyssey.settings import SetupError

VARIABLES = ("FIRMWARE", "MEM", "CPUS", "QEMU_EXTRA", "OVMF")


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.setenv(name, "")  # as make passes what nobody set


def test_plain_machine() -> None:
    assert qemu.Hardware.from_environment().arguments() == ["-m", "128", "-smp", "1"]


def test_chosen_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("MEM", "2G"), ("CPUS", "4"), ("QEMU_EXTRA", "-cpu max -name 'a b'")):
        monkeypatch.setenv(name, value)
    arguments = qemu.Hardware.from_environment().arguments()
    assert arguments == ["-m", "2G", "-smp", "4", "-cpu", "max", "-name", "a b"]


def test_quotes_that_nobody_closed_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QEMU_EXTRA", "-name 'a b")
    with pytest.raises(SetupError, match='QEMU_EXTRA: got "-name \'a b", want words'):
        qemu.Hardware.from_environment()


@pytest.mark.parametrize(
    "image, expected",
    [
        ("/f/OVMF.fd", ["-bios", "/f/OVMF.fd"]),
        ("/f/OVMF_CODE.fd", ["-drive", "if=pflash,format=raw,readonly=on,file=/f/OVMF_CODE.fd"]),
        ("/a,b/code.fd", ["-drive", "if=pflash,format=raw,readonly=on,file=/a,,b/code.fd"]),
    ],
)
def test_uefi_firmware(monkeypatch: pytest.MonkeyPatch, image: str, expected: list[str]) -> None:
    monkeypatch.setenv("OVMF", image)
    assert qemu.Hardware(firmware="uefi").arguments()[4:] == expected


def test_uefi_firmware_is_found_beside_qemu(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools" / "ovmf.list").write_text("# where\n/nowhere/OVMF.fd\nshare/OVMF.fd\n")
    program, firmware = tmp_path / "bin" / qemu.PROGRAM, tmp_path / "share" / "OVMF.fd"
    for file in (program, firmware):
        file.parent.mkdir()
        file.touch()
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent))
    monkeypatch.setattr(qemu, "ROOT", tmp_path)
    assert qemu.find_ovmf() == firmware
    firmware.unlink()
    with pytest.raises(SetupError, match="OVMF"):
        qemu.Hardware(firmware="uefi").arguments()


def test_unknown_firmware() -> None:
    with pytest.raises(SetupError, match="coreboot"):
        qemu.Hardware(firmware="coreboot").arguments()


def test_missing_qemu(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SetupError, match=qemu.PROGRAM):
        qemu.headless(qemu.Hardware())


@pytest.mark.parametrize(
    "line, name, known",
    [
        ("  pic=<OnOffAuto>        - Enable i8259 PIC", "pic", True),
        ("pc-i440fx-5.2.pic=bool", "pic", True),
        ("  epic=<bool>", "pic", False),
        ("  topics=<bool> - not pic=", "pic", False),
    ],
)
def test_properties_that_qemu_knows(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, line: str, name: str, known: bool
) -> None:
    program = tmp_path / qemu.PROGRAM
    program.write_text(f"#!/bin/sh\necho options:\necho '{line}'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert qemu.has_property("-M", "pc", name) is known


@pytest.mark.parametrize(
    "output, lines",
    [
        (b"one\r\ntwo", ["one", "two"]),
        (b"one\ntwo", ["one", "   two"]),
        (b"abc\rX", ["Xbc"]),
        (b"abx\b \bc", ["abc"]),
        (b"\b\bq", ["q"]),
        (b"ab\b\b\r\n", ["ab", ""]),
    ],
    ids=repr,
)
def test_rendered(output: bytes, lines: list[str]) -> None:
    assert rendered(output) == lines


@pytest.mark.parametrize(
    "character, key",
    [("a", ("a", False)), ("A", ("a", True)), ("7", ("7", False)), ("&", ("7", True)),
     ("_", ("minus", True)), ("\n", ("ret", False))],
)  # fmt: skip
def test_key_of(character: str, key: tuple[str, bool]) -> None:
    assert key_of(character) == key
