# SPDX-License-Identifier: MIT
"""The documents: their names looked up in the sources, their site, their drawings.

    names      where each function, macro, structure and test is defined
    fences     what stands between ``` and ```
    api        a page for each header, from its contracts
    drawings   docs/images/*.dot drawn as SVG
    site       everything made into build/docs/site
"""
