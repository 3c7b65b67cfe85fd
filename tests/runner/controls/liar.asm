; SPDX-License-Identifier: MIT
; One test fails, and the exit status claims success.
%include "control.inc"

begin
    say "KTAP version 1", 13, 10, "1..1", 13, 10
    say "# run control.first", 13, 10, "not ok 1 control.first", 13, 10
    leave_with SUCCESS
    sleep_forever
