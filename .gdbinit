# SPDX-License-Identifier: MIT
# For a GDB that is started in this folder; GDB asks once to be allowed to read it.
source tools/gdb/odyssey.gdb
