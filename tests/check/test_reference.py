# SPDX-License-Identifier: MIT
"""The reference that `make docs` makes of headers, and where the names in documents lead."""
from __future__ import annotations

from pathlib import Path

from docs import api
from docs.names import Names, Place
from made_up_tree import write
from odyssey.settings import ROOT

HEADER = """/* SPDX-License-Identifier: MIT */
/*
 * What it is for, below <things>.
 * Source: a datasheet.
 */
#pragma once

#include "lib/bits.h"

#define THING_MAX 3 /* of them */

/*
 * Take a thing.
 *
 * thing  out: untouched on failure
 */
MUST_CHECK enum status thing_take(struct thing *thing);

/* Say it. */
void thing_say(const char *format, ...) PRINTF_LIKE(1, 2);

/* Whether there is one. */
static inline bool thing_is_there(const struct thing *thing)
{
    return thing != NULL;

    /* not reached */
}

struct thing {
    int count;

    int more;
};
"""


def test_header_becomes_a_page() -> None:
    about, items = api.items(HEADER)
    assert about == "What it is for, below <things>.\nSource: a datasheet."
    assert [item.name for item in items] == ["", "thing_take", "thing_say", "thing_is_there", ""]
    assert items[1].comment == "Take a thing.\n\nthing  out: untouched on failure"
    assert items[3].code == "static inline bool thing_is_there(const struct thing *thing);"
    assert items[4].code.endswith("int more;\n};")
    page = api.page("lib/thing.h", HEADER)
    assert "&lt;things>" in page and "## thing_take\n" in page and "not reached" not in page


def test_every_header_says_what_it_is_for() -> None:
    headers = api.headers(ROOT)
    assert len(headers) > 100
    for header in headers:
        about, items = api.items((ROOT / header).read_text())
        assert about, f"{header} does not say what it is for"
        assert items, f"{header} declares nothing"


def test_names_lead_to_bodies_before_declarations(tmp_path: Path) -> None:
    files = {
        "a/thing.h": "/* x */\nvoid thing_say(void);\n#define THING 1\n",
        "z/thing.c": "\n\nvoid thing_say(void)\n{\n    thing_do();\n}\nKTEST(thing, works)\n",
        "z/entry.asm": "\nthing_start:\n",
    }
    names = Names(tmp_path, write(tmp_path, files))
    assert names.defined["thing_say"] == Place("z/thing.c", 3)
    assert names.defined["THING"] == Place("a/thing.h", 3)
    assert names.defined["thing_start"] == Place("z/entry.asm", 2)
    assert names.tests["thing.works"] == Place("z/thing.c", 7)
    assert "thing_do" not in names.defined
