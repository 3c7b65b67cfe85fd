/* SPDX-License-Identifier: MIT */
/*
 * Local variables. The compiler keeps a red zone in front of a frame's first
 * one and behind each, and at the frame's lowest address a note that says what
 * is where: a number, a text, the function.
 */
#include "kernel/sanitize/kasan.h"

#include "kernel/stacks.h"
#include "kernel/symbols.h"
#include "kernel/task_stack.h"
#include "lib/bits.h"
#include "lib/format.h"
#include "lib/status.h"

#define NOTE_MAGIC 0x41b58ab3UL

struct note {
    uint64_t magic;
    const char *variables; /* "2 32 16 6 buffer 96 4 5 count:7": how many; place, size, name */
    uint64_t function;
};

struct variable {
    size_t offset; /* from the note */
    size_t size;
    const char *name;
    int name_length;
};

enum status __real_task_stack_alloc(size_t bytes, const char *name, struct task_stack **stack);
enum status __wrap_task_stack_alloc(size_t bytes, const char *name, struct task_stack **stack);

/* A stack that had another task: what that one left behind does not count. */
enum status __wrap_task_stack_alloc(size_t bytes, const char *name, struct task_stack **stack)
{
    enum status status = __real_task_stack_alloc(bytes, name, stack);

    if (status == OK) {
        kasan_unpoison((*stack)->range.bottom, (*stack)->range.top - (*stack)->range.bottom);
    }
    return status;
}

/* The note of the frame that a poisoned byte is in, or NULL. */
static const struct note *note_of(uintptr_t poisoned)
{
    const struct stack *stack = stack_containing(poisoned);
    uintptr_t place = ALIGN_DOWN(poisoned, KASAN_GRANULE);

    while (stack != NULL && place >= stack->bottom) {
        const struct note *note = (const struct note *)place;

        if (*kasan_shadow(place) == KASAN_STACK_LEFT && (uint32_t)note->magic == NOTE_MAGIC) {
            return note;
        }
        place -= KASAN_GRANULE;
    }
    return NULL;
}

static size_t number_read(const char **text)
{
    size_t number = 0;

    while (**text >= '0' && **text <= '9') {
        number = number * 10 + (size_t)(*(*text)++ - '0');
    }
    if (**text == ' ') {
        ++*text;
    }
    return number;
}

/* The variable that is nearest to a place in a frame. */
static struct variable variable_at(const char *variables, size_t place)
{
    struct variable nearest = {.size = 0};
    size_t least = SIZE_MAX;

    for (size_t count = number_read(&variables); count > 0; count--) {
        struct variable variable = {.offset = number_read(&variables)};
        size_t distance;

        variable.size = number_read(&variables);
        variable.name_length = (int)number_read(&variables);
        variable.name = variables;
        variables += variable.name_length;
        number_read(&variables);
        distance = place < variable.offset ? variable.offset - place
                   : place >= variable.offset + variable.size
                       ? place - variable.offset - variable.size
                       : 0;
        if (distance < least) {
            least = distance;
            nearest = variable;
        }
    }
    for (int i = 0; i < nearest.name_length; i++) {
        if (nearest.name[i] == ':') {
            nearest.name_length = i; /* the line of its declaration follows */
        }
    }
    return nearest;
}

size_t kasan_describe_stack(char *buffer, size_t size, uintptr_t poisoned)
{
    const struct note *note = note_of(poisoned);
    struct symbol symbol = {.name = "?"};
    struct variable variable;
    size_t done;

    if (note == NULL) {
        return ksnprintf(buffer, size, "in no variable of a function that runs");
    }
    variable = variable_at(note->variables, poisoned - (uintptr_t)note);
    symbol_find(note->function, &symbol);
    done = kasan_describe_offset(buffer, size, poisoned, (uintptr_t)note + variable.offset,
                                 variable.size);
    return done + ksnprintf(buffer + MIN(done, size), size - MIN(done, size),
                            "the %zu-byte variable `%.*s` of %s", variable.size,
                            variable.name_length, variable.name, symbol.name);
}
