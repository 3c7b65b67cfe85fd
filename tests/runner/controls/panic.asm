; SPDX-License-Identifier: MIT
; Panics in a test, and the exit status claims success.
%include "control.inc"

begin
    say "KTAP version 1", 13, 10, "1..2", 13, 10
    say "# run control.first", 13, 10
    say "KERNEL PANIC: control: out of patience", 13, 10, "System halted.", 13, 10
    leave_with SUCCESS
    sleep_forever
