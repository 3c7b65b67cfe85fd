/* SPDX-License-Identifier: MIT */
/*
 * crash: break the kernel, each kind for real, and see what it says. The
 * functions that do it are kept out of line, so that the backtrace names them.
 */
#include <stddef.h>
#include <stdint.h>

#include "kernel/channel.h"
#include "kernel/clock.h"
#include "kernel/console.h"
#include "kernel/kernel_heap.h"
#include "kernel/panic.h"
#include "kernel/shell/command.h"
#include "kernel/shell/shell.h"
#include "kernel/task.h"
#include "lib/assert.h"
#include "lib/bits.h"
#include "lib/string.h"
#include "lib/x86/cpu.h"
#include "mm/kmalloc.h"

#define NULL_OFFSET           0x18UL /* of a member, read through a null pointer */
#define UNMAPPED_ADDRESS      0xffffec0000000000UL
#define NON_CANONICAL_ADDRESS 0x8000000000000000UL

#define BLOCK_SIZE 40U

/* --- Memory ------------------------------------------------------------------- */

NOINLINE static void read_null(void)
{
    /* Volatile twice: the compiler may neither know the pointer nor leave the read out. */
    volatile uint8_t *volatile member = (uint8_t *)NULL_OFFSET;

    (void)*member;
}

NOINLINE static void call_null(void)
{
    void (*function)(void) = NULL;

    __asm__("" : "+r"(function)); /* neither compiler nor analyser may know */
    function();
    COMPILER_BARRIER(); /* a call, and not a jump that leaves no return address */
}

NOINLINE static void read_unmapped(void)
{
    (void)*(volatile uint8_t *)UNMAPPED_ADDRESS;
}

NOINLINE static void write_rodata(void)
{
    static const uint8_t digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";

    *(volatile uint8_t *)(uint64_t)&digits[24] = 'X';
}

NOINLINE static void execute_data(void)
{
    static uint8_t code[] = {0xc3}; /* ret, where nothing may be executed */
    void (*volatile function)(void) = (void (*)(void))(uint64_t)code;

    function();
    COMPILER_BARRIER();
}

/* In the middle of printing, with half a line out. */
NOINLINE static void print_bad_string(void)
{
    kprintf("crash: a string from nowhere: %s\n", (const char *)UNMAPPED_ADDRESS);
    COMPILER_BARRIER();
}

/* --- Exceptions ---------------------------------------------------------------- */

NOINLINE static void divide_by_zero(void)
{
    volatile unsigned zero = 0;

    __asm__ volatile("divl %0" : : "m"(zero), "a"(1), "d"(0));
}

NOINLINE static void invalid_opcode(void)
{
    __asm__ volatile("ud2");
}

NOINLINE static void general_protection(void)
{
    (void)*(volatile uint8_t *)NON_CANONICAL_ADDRESS;
}

NOINLINE static void breakpoint(void)
{
    __asm__ volatile("int3");
    kprintf("crash: a breakpoint is noted in the log, and the kernel goes on\n");
}

static uint64_t recurse(uint64_t depth);

/* A pointer, and what is used after the call: so the frames really pile up. */
static uint64_t (*volatile again)(uint64_t depth) = recurse;

NOINLINE static uint64_t recurse(uint64_t depth)
{
    volatile uint64_t kept[16] = {depth};

    return again(depth + 1) + kept[0];
}

NOINLINE static void overflow_stack(void)
{
    recurse(0);
}

/* Through a pointer that the compiler does not see through, over whatever lies above. */
NOINLINE static void smash_stack(void)
{
    uint8_t array[16];
    uint8_t *volatile first = array;

    memset(first, 'A', 4 * sizeof(array));
}

/* The frame for the exception cannot be pushed: that is the second fault. */
NOINLINE static void double_fault(void)
{
    __asm__ volatile("xorl %%esp, %%esp; ud2" : : : "memory");
}

/* --- The kernel's own checks ----------------------------------------------------- */

NOINLINE static void fail_assertion(void)
{
    volatile unsigned one = 1;

    ASSERT_CMP(one + one, ==, 3);
}

NOINLINE static void plain_panic(void)
{
    panic("crash: panic: got what was asked for");
}

/* The same pointer, but neither compiler nor analyser knows that it is. */
static uint8_t *alias_of(uint8_t *block)
{
    __asm__("" : "+r"(block));
    return block;
}

/* The barriers keep calls from becoming jumps, which leave no return address. */
NOINLINE static uint8_t *allocate_block(void)
{
    uint8_t *block = kmalloc(BLOCK_SIZE);

    COMPILER_BARRIER();
    return block;
}

NOINLINE static void free_block(uint8_t *block)
{
    kfree(block);
    COMPILER_BARRIER();
}

/*
 * The checked heap ends most misuses where they happen. The other does not
 * look, so it is asked: what a misuse broke of its own it finds.
 */
static void look_for_damage(void)
{
    struct heap_evidence evidence;

    if (kmalloc_check(&evidence) != HEAP_SOUND) {
        kernel_heap_report(&evidence);
    }
    kprintf("crash: not noticed: this kernel's heap is not checked (make CHECKED=1)\n");
}

NOINLINE static void free_twice(void)
{
    uint8_t *block = allocate_block();
    uint8_t *alias = alias_of(block);

    free_block(block);
    free_block(alias);
    look_for_damage();
}

NOINLINE static void free_middle(void)
{
    uint8_t *block = allocate_block();

    free_block(alias_of(block) + HEAP_ALIGNMENT);
    look_for_damage();
}

NOINLINE static void overrun_block(void)
{
    uint8_t *block = allocate_block();

    memset(alias_of(block) + BLOCK_SIZE, 'A', sizeof(uint64_t));
    free_block(block);
    look_for_damage();
}

NOINLINE static void use_after_free(void)
{
    uint8_t *block = allocate_block();
    uint8_t *alias = alias_of(block);

    free_block(block);
    memset(alias, 'B', sizeof(uint64_t));
    look_for_damage();
}

/* --- Tasks ----------------------------------------------------------------------- */

static uint8_t left_items[1];
static uint8_t right_items[1];
static struct channel left = CHANNEL_INIT("left", left_items);
static struct channel right = CHANNEL_INIT("right", right_items);

/* Each wants to hear from the other before it says something itself. */
static intptr_t hear_then_say(struct channel *heard, struct channel *said)
{
    uint8_t item;
    enum status status = channel_receive(heard, &item, DEADLINE_NEVER);

    return status == OK ? channel_send(said, &item, DEADLINE_NEVER) : status;
}

static intptr_t left_task(void *argument)
{
    (void)argument;
    return hear_then_say(&right, &left);
}

static intptr_t right_task(void *argument)
{
    (void)argument;
    return hear_then_say(&left, &right);
}

/* Nobody may be left who could be woken from outside: the shell gives up the keyboard. */
NOINLINE static void deadlock(void)
{
    struct task *other;

    if (!shell_take_input()) {
        kprintf("crash: deadlock: run it in the foreground\n");
        return;
    }
    if (task_spawn("left", left_task, NULL, TASK_STACK_DEFAULT, NULL) != OK ||
        task_spawn("right", right_task, NULL, TASK_STACK_DEFAULT, &other) != OK) {
        panic("crash: deadlock: no memory for two tasks");
    }
    kprintf("crash: two tasks wait for each other, and the shell for them\n");
    if (task_join(other, DEADLINE_NEVER, NULL) == OK) {
        kprintf("crash: they went on\n");
    }
    task_release(other);
}

NOINLINE static void lock_up(void)
{
    kprintf("crash: this task gives way no more; the watchdog looks after 2 seconds\n");
    for (;;) {
        cpu_relax();
    }
}

/* --- The command ------------------------------------------------------------------ */

static const struct crash_kind {
    const char *name;
    const char *what;
    void (*run)(void);
} kinds[] = {
    {"null", "read a member through a null pointer", read_null},
    {"null-call", "call a function through a null pointer", call_null},
    {"read-unmapped", "read where nothing is mapped", read_unmapped},
    {"write-rodata", "write to read-only data", write_rodata},
    {"exec-data", "call into data", execute_data},
    {"bad-string", "print a string that is not there", print_bad_string},
    {"divide", "divide by zero", divide_by_zero},
    {"invalid-opcode", "run ud2", invalid_opcode},
    {"general-protection", "read an address that is not canonical", general_protection},
    {"breakpoint", "run int3, which is survived", breakpoint},
    {"stack-overflow", "recurse without end", overflow_stack},
    {"stack-smash", "write past an array on the stack", smash_stack},
    {"double-fault", "fault without a stack to report it on", double_fault},
    {"assert", "fail an assertion", fail_assertion},
    {"panic", "panic, plainly", plain_panic},
    {"double-free", "free a block twice", free_twice},
    {"wrong-free", "free an address in the middle of a block", free_middle},
    {"overrun", "write past the end of a block", overrun_block},
    {"use-after-free", "write to a block that was freed", use_after_free},
    {"deadlock", "have all tasks wait for each other", deadlock},
    {"lockup", "loop without giving way", lock_up},
};

static const char *kind_name(size_t index)
{
    return index < ARRAY_SIZE(kinds) ? kinds[index].name : NULL;
}

static void kinds_list(void)
{
    for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
        kprintf("  %-18s  %s\n", kinds[i].name, kinds[i].what);
    }
}

SHELL_COMMAND(crash, .arguments = "[KIND]", .most = 1, .value = kind_name,
              .summary = "break the kernel on purpose",
              .help =
                  "Without a kind, lists them. What the heap's kinds do is noticed where it\n"
                  "happens in a kernel built with CHECKED=1, in others when it is looked for.\n")
{
    if (words->count == 1) {
        kinds_list();
        return OK;
    }
    for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
        if (strcmp(words->at[1], kinds[i].name) == 0) {
            kinds[i].run();
            return OK;
        }
    }
    return ERR_BAD_ARG;
}
