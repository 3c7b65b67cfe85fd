; SPDX-License-Identifier: MIT
; Prints nothing and never ends.
%include "control.inc"

begin
    sleep_forever
