; SPDX-License-Identifier: MIT
; Passes on port 0xe9 while its serial line garbles every byte.
%include "control.inc"

begin
    say_garbled "KTAP version 1", 13, 10, "1..1", 13, 10
    say_garbled "# run control.first", 13, 10, "ok 1 control.first", 13, 10
    leave_with SUCCESS
    sleep_forever
