/* SPDX-License-Identifier: MIT */
/* The normal kernel's answer to a sanitizer's report: it is a bug, so the machine stops. */
#include "kernel/sanitize/report.h"

#include <stddef.h>

#include "kernel/console.h"
#include "lib/panic.h"

void sanitizer_found(struct sanitizer_caller caller, const char *sentence, const char *detail)
{
    (void)caller; /* the panic's backtrace leads there */
    if (detail != NULL) {
        kprintf("%s\n", detail);
    }
    panic("%s", sentence);
}
