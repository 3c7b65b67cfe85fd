# SPDX-License-Identifier: MIT
# What a GDB needs to know about Odyssey. Run from the top of the tree; `make
# debug` and .gdbinit load it. `help odyssey` says what it adds.

set confirm off
set pagination off
set print pretty on
set disassembly-flavor intel

# Before paging is on nothing can be read at the kernel's addresses: its code
# and constants are taken from the file.
set trust-readonly-sections on

python
import sys
sys.dont_write_bytecode = True
sys.path.insert(0, "tools/gdb")
import odyssey_gdb
end
