; SPDX-License-Identifier: MIT
; Triple-faults in a test.
%include "control.inc"

begin
    say "KTAP version 1", 13, 10, "1..1", 13, 10
    say "# run control.first", 13, 10
    lidt [no_table]
    int3

section .rodata
no_table:
    dw 0
    dd 0
