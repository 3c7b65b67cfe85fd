; SPDX-License-Identifier: MIT
; One test fails, and the exit status says so.
%include "control.inc"

begin
    say "KTAP version 1", 13, 10, "1..2", 13, 10
    say "# run control.first", 13, 10, "# control.c:1: got 1, want 2", 13, 10
    say "not ok 1 control.first", 13, 10
    say "# run control.second", 13, 10, "ok 2 control.second", 13, 10
    leave_with FAILURE
    sleep_forever
