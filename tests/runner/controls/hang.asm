; SPDX-License-Identifier: MIT
; Stops in its second test.
%include "control.inc"

begin
    say "KTAP version 1", 13, 10, "1..2", 13, 10
    say "# run control.first", 13, 10, "ok 1 control.first", 13, 10
    say "# run control.second", 13, 10
    sleep_forever
