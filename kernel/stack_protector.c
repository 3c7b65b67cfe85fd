/* SPDX-License-Identifier: MIT */
/*
 * What the compiler's stack protector asks for: the number that it puts
 * between a function's arrays and its return address, and what is called when
 * it is not there any more at the function's end. The entry code chooses the
 * number anew at each boot; its lowest byte, which an overrun reaches first, is
 * the one that no string contains. Both names are the compiler's.
 */
#include <stdint.h>

#include "kernel/panic.h"
#include "kernel/symbols.h"
#include "lib/compiler.h"

extern uint64_t __stack_chk_guard;
uint64_t __stack_chk_guard;

NORETURN void __stack_chk_fail(void);

/* Called by the function whose frame was overwritten: who called that is not known any more. */
NORETURN void __stack_chk_fail(void)
{
    uint64_t address = (uint64_t)__builtin_return_address(0);
    struct symbol symbol = {.name = "?"};

    symbol_find(address - 1, &symbol);
    panic("stack smashed: `%s` wrote past one of its arrays", symbol.name);
}
