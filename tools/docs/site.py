# SPDX-License-Identifier: MIT
"""Makes the site of the documents: python3 -m docs.site FOLDER

FOLDER/pages is what mkdocs is given: docs/, README.md as its first page, and a
page for each header. FOLDER/site is what comes out: to be looked at as files,
without a network. Every function that a page names in backquotes leads to its
source, which the site has too, line by line.
"""
from __future__ import annotations

import html
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Optional

import yaml
from check import tree
from docs import api, drawings
from docs.names import Names, Place
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import TextLexer, get_lexer_for_filename
from pygments.util import ClassNotFound

ROOT = Path(__file__).resolve().parents[2]
SOURCE_STYLE = (
    "body { font-size: 14px; margin: 2em } .linenos a { color: #999; text-decoration: none }"
)
SHOWN = (".c", ".h", ".asm", ".py", ".sh", ".ld", ".mk", ".cfg")
# What leads out of docs/ is not part of the site: from the front page, from another.
OUT_OF_FRONT = re.compile(r"\[([^\]]*)\]\((?:LICENSE|\.github/[^)]*)\)")
OUT = re.compile(r"\[([^\]]*)\]\((?:\.\./)+(?:LICENSE|\.github/[^)]*)\)")
CODE = re.compile(r"(<a [^>]*>)?<code>([^<]+)</code>")
CALL = re.compile(r"(\w+)\([^()]*\)")


def assemble(pages: Path) -> dict[str, list[str]]:
    """The pages, as mkdocs wants them; the reference's, by folder."""
    shutil.rmtree(pages, ignore_errors=True)
    shutil.copytree(ROOT / "docs", pages, ignore=shutil.ignore_patterns("*.dot"))
    front = (ROOT / "README.md").read_text()
    (pages / "index.md").write_text(OUT_OF_FRONT.sub(r"\1", front.replace("](docs/", "](")))
    for page in pages.rglob("*.md"):
        page.write_text(OUT.sub(r"\1", page.read_text()))
    return api.write(ROOT, pages / "api")


def configure(folder: Path, reference: dict[str, list[str]]) -> Path:
    config = yaml.safe_load((ROOT / "tools" / "docs" / "mkdocs.yml").read_text())
    config["docs_dir"] = str(folder / "pages")
    config["site_dir"] = str(folder / "site")
    listed = [{place: [f"api/{name}.md" for name in names]} for place, names in reference.items()]
    config["nav"].append({"Reference": listed})
    path = folder / "mkdocs.yml"
    path.write_text(yaml.safe_dump(config, sort_keys=False))
    return path


def write_sources(site: Path, files: list[str]) -> set[str]:
    """Each source as a page whose lines can be linked to; which there are."""
    written = set()
    for file in files:
        if Path(file).suffix in SHOWN or Path(file).name == "Makefile":
            target = site / "source" / f"{file}.html"
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                lexer = get_lexer_for_filename(file)
            except ClassNotFound:
                lexer = TextLexer()
            form = HtmlFormatter(
                full=True, title=file, linenos="inline", lineanchors="L", anchorlinenos=True,
                cssstyles=SOURCE_STYLE,
            )  # fmt: skip
            target.write_text(highlight((ROOT / file).read_text(errors="replace"), lexer, form))
            written.add(file)
    return written


class Linker:
    """Makes links of the names in a page of the site."""

    def __init__(self, site: Path, names: Names, sources: set[str]) -> None:
        self.site = site
        self.names = names
        self.sources = sources

    def place_of(self, span: str) -> Optional[Place]:
        call = CALL.fullmatch(span)
        tagged = re.fullmatch(r"(?:struct|enum) (\w+)", span)
        if call or tagged:
            found = call or tagged
            assert found
            return self.names.defined.get(found[1])
        if span in self.sources:
            return Place(span, 1)
        if span in self.names.tests and "." in span:
            return self.names.tests[span]
        if re.fullmatch(r"[A-Z]\w*_\w+|\w+_\w+", span):
            return self.names.defined.get(span)
        return None

    def link(self, page: Path) -> int:
        """Link what a page names; how many links that made."""
        up = os.path.relpath(self.site / "source", page.parent)
        made = 0

        def linked(match: re.Match[str]) -> str:
            nonlocal made
            place = None if match[1] else self.place_of(html.unescape(match[2]))
            if place is None or place.file not in self.sources:
                return match[0]
            made += 1
            return f'<a href="{up}/{place.file}.html#L-{place.line}">{match[0]}</a>'

        page.write_text(CODE.sub(linked, page.read_text()))
        return made


def main() -> int:
    folder = Path(sys.argv[1]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    drawings.main()
    config = configure(folder, assemble(folder / "pages"))
    site = folder / "site"
    command = [sys.executable, "-m", "mkdocs", "build", "-q", "--strict", "-f", str(config)]
    done = subprocess.run(command)
    if done.returncode != 0:
        return done.returncode
    pages = sorted(site.rglob("*.html"))
    files = tree.sources(ROOT, folder.parent)
    sources = write_sources(site, files)
    linker = Linker(site, Names(ROOT, files), sources)
    links = sum(map(linker.link, pages))
    print(f"{site}/index.html: {len(pages)} pages, {len(sources)} sources, {links} names linked")
    print(f"To search in it: python3 -m http.server -d {site}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
