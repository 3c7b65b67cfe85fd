; SPDX-License-Identifier: MIT
; Does everything right: the one control that must pass.
%include "control.inc"

begin
    say "KTAP version 1", 13, 10, "1..3", 13, 10
    say "# run control.first", 13, 10, "ok 1 control.first", 13, 10
    say "# run control.second", 13, 10, "# said by the test", 13, 10, "ok 2 control.second", 13, 10
    say "# run control.third", 13, 10, "ok 3 control.third # SKIP no such device", 13, 10
    leave_with SUCCESS
    sleep_forever
