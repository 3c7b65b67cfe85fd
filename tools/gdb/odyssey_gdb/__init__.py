# SPDX-License-Identifier: MIT
"""GDB commands for Odyssey in QEMU. What the kernel knows is read from its debug information."""
from . import boot_info, entry, heap_blocks, page_walk, tasks, trap_frame

entry.Odyssey()
entry.Enter()
trap_frame.TrapFrame()
page_walk.PageWalk()
boot_info.BootInfo()
tasks.Tasks()
heap_blocks.HeapBlocks()
