; SPDX-License-Identifier: MIT
; Prints bytes that mean nothing, and claims success.
%include "control.inc"

begin
    say 0xde, 0xad, 0xbe, 0xef, "ok ok ok", 0, 0xff, 13, 10
    leave_with SUCCESS
    sleep_forever
