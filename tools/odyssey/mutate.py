# SPDX-License-Identifier: MIT
"""Small changes to C sources, of the kinds that slips of the pen are.

Conditions are turned round, comparisons moved by one, operators exchanged,
constants changed, calls left out. Only bodies of functions are touched: a
wrong row in a table is another kind of slip.
"""
from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Iterator

_TOKEN = re.compile(
    r"""(?P<skip>\s+|/\*.*?\*/|//[^\n]*|(?<![^\n])[ \t]*\#(?:\\\n|[^\n])*)
      | (?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
      | (?P<number>(?:0[xX][0-9a-fA-F']+|0[bB][01]+|[0-9]+)[uUlL]*)
      | (?P<name>[A-Za-z_]\w*)
      | (?P<mark><<=|>>=|\.\.\.|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|.)""",
    re.VERBOSE | re.DOTALL,
)

_EXCHANGED = {
    "==": "!=", "!=": "==", "<": "<=", "<=": "<", ">": ">=", ">=": ">", "&&": "||", "||": "&&",
    "+": "-", "-": "+", "&": "|", "|": "&", "<<": ">>", ">>": "<<",
    "+=": "-=", "-=": "+=", "|=": "&=", "&=": "|=", "++": "--", "--": "++",
    "true": "false", "false": "true",
}  # fmt: skip
_KINDS = {
    **dict.fromkeys(("==", "!=", "&&", "||", "true", "false"), "condition"),
    **dict.fromkeys(("<", "<=", ">", ">="), "boundary"),
}
# These mean something else without a value before them.
_BINARY_ONLY = {"+", "-", "&"}
_NOT_CALLS = {"if", "while", "for", "switch", "return", "sizeof", "do", "else", "goto", "case"}


@dataclass(frozen=True)
class Token:
    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True)
class Mutant:
    """One change of one file."""

    file: str
    line: int
    kind: str
    start: int  # characters from the file's beginning
    before: str
    after: str
    source_line: str

    @property
    def change(self) -> str:
        return f"{self.before} -> {self.after or 'nothing'}"

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.change}: {self.source_line}"

    def applied(self, source: str) -> str:
        assert source[self.start :].startswith(self.before)
        return source[: self.start] + self.after + source[self.start + len(self.before) :]


def mutants_of(file: str, source: str) -> list[Mutant]:
    """Every mutant of one source file, in the order of the text."""
    lines = source.splitlines()
    found = []
    for kind, start, before, after in _changes(source):
        line = source.count("\n", 0, start) + 1
        found.append(Mutant(file, line, kind, start, before, after, lines[line - 1].strip()))
    return found


def _changes(source: str) -> Iterator[tuple[str, int, str, str]]:
    tokens = [token for token in _tokens(source) if token.kind != "skip"]
    for index in _inside_functions(tokens):
        token, before = tokens[index], tokens[index - 1]
        text = token.text
        if text in ("if", "while"):
            inside = tokens[index + 2 : _matching(tokens, index + 1)]
            if not _is_one_comparison(inside):
                condition = source[inside[0].start : inside[-1].end]
                yield "condition", inside[0].start, condition, f"!({condition})"
        elif token.kind == "number":
            yield "constant", token.start, text, _other_number(text)
        elif text in _EXCHANGED and not (text in _BINARY_ONLY and not _ends_value(before)):
            yield _KINDS.get(text, "operator"), token.start, text, _EXCHANGED[text]
        elif _starts_call_statement(tokens, index):
            end = tokens[_matching(tokens, index + 1) + 1]
            if end.text == ";":
                yield "call", token.start, source[token.start : end.start], ""


def _tokens(source: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(source):
        assert match.lastgroup is not None
        yield Token(match.lastgroup, match[0], match.start())


def _inside_functions(tokens: list[Token]) -> Iterator[int]:
    """Indices of tokens in bodies of functions: braces behind a parameter list."""
    depth = 0
    is_body = False
    for index, token in enumerate(tokens):
        if token.text == "{":
            if depth == 0:
                is_body = index > 0 and tokens[index - 1].text == ")"
            depth += 1
        elif token.text == "}":
            depth -= 1
        elif depth > 0 and is_body:
            yield index


def _matching(tokens: list[Token], opening: int) -> int:
    depth = 0
    for index in range(opening, len(tokens)):
        depth += {"(": 1, ")": -1}.get(tokens[index].text, 0)
        if depth == 0:
            return index
    raise ValueError("a parenthesis is never closed")


def _is_one_comparison(condition: list[Token]) -> bool:
    """Whether exchanging its operator already turns the whole condition round."""
    texts = [token.text for token in condition]
    return ("==" in texts or "!=" in texts) and not ("&&" in texts or "||" in texts)


def _ends_value(token: Token) -> bool:
    return token.kind in ("name", "number") and token.text != "return" or token.text in (")", "]")


def _starts_call_statement(tokens: list[Token], index: int) -> bool:
    token = tokens[index]
    if token.kind != "name" or token.text in _NOT_CALLS or token.text.isupper():
        return False
    return tokens[index - 1].text in (";", "{", "}") and tokens[index + 1].text == "("


def _other_number(text: str) -> str:
    """One more; hexadecimal ones, which are often masks, lose or gain their lowest bit."""
    digits = text.rstrip("uUlL")
    suffix = text[len(digits) :]
    if digits[:2].lower() in ("0x", "0b"):
        return f"{hex(int(digits, 0) ^ 1)}{suffix}"
    return f"{int(digits, 8 if digits.startswith('0') else 10) + 1}{suffix}"
