# SPDX-License-Identifier: MIT
"""The mutants of `make mutants`: which changes a source offers, and what each makes of it."""
from __future__ import annotations

import pytest
from odyssey.mutate import mutants_of


def changes(body: str) -> list[str]:
    source = f"int f(int a, int b)\n{{\n{body}\n}}\n"
    return [mutant.applied(source).split("\n", 2)[2].rsplit("\n}", 1)[0] for mutant in
            mutants_of("f.c", source)]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("return a < b;", ["return a <= b;"]),
        ("return a >= b;", ["return a > b;"]),
        ("return a << b;", ["return a >> b;"]),
        ("a += b;", ["a -= b;"]),
        ("return a + 7;", ["return a - 7;", "return a + 8;"]),
        ("return 0x10UL;", ["return 0x11UL;"]),
        ("return 07;", ["return 8;"]),
        ("return true;", ["return false;"]),
        ("g(a);", [";"]),
        ("if (a == b) { }", ["if (a != b) { }"]),
        ("if (a) { }", ["if (!(a)) { }"]),
        ("while (a && b) { }", ["while (!(a && b)) { }", "while (a || b) { }"]),
        ("return a->b;", []),
        ("return -a;", []),
        ("return &a;", []),
        ("return *a;", []),
        ("ASSERT(a);", []),
        ("a = g(b);", []),
        ('return "1 < 2";', []),
        ("return '1';", []),
        ("/* 1 < 2 */ // 3", []),
        ("#define X 1 \\\n 2", []),
    ],
)
def test_each_slip_and_nothing_else(body: str, wanted: list[str]) -> None:
    assert changes(body) == wanted


def test_only_bodies_of_functions_are_changed() -> None:
    assert not mutants_of("t.c", "static const int table[2] = {1, 2};\nenum { A = 1 + 1 };\n")


def test_mutant_says_where_it_is() -> None:
    (mutant,) = mutants_of("f.c", "int f(void)\n{\n    return a != b;\n}\n")
    assert str(mutant) == "f.c:3: != -> ==: return a != b;"


def test_same_change_twice_in_a_line_is_two_mutants() -> None:
    assert changes("return a < b | b < a;") == [
        "return a <= b | b < a;",
        "return a < b & b < a;",
        "return a < b | b <= a;",
    ]
