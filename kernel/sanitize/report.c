/* SPDX-License-Identifier: MIT */
/* One report at a time: what runs to tell of it is not looked at. */
#include "kernel/sanitize/report.h"

#include <stdarg.h>

#include "kernel/panic.h"
#include "lib/format.h"
#include "lib/x86/cpu.h"

static bool is_reporting;

void sanitizer_report(struct sanitizer_caller caller, enum sanitizer_end end, const char *detail,
                      const char *format, ...)
{
    char sentence[288];
    va_list arguments;

    if (!is_reporting && !panic_has_begun()) {
        uint64_t flags = irq_save();

        is_reporting = true;
        va_start(arguments, format);
        kvsnprintf(sentence, sizeof(sentence), format, arguments);
        va_end(arguments);
        sanitizer_found(caller, sentence, detail);
        is_reporting = false;
        irq_restore(flags);
    }
    if (end == SANITIZER_ENDS_HERE) {
        __builtin_trap();
    }
}
