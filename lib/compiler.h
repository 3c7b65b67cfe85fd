/* SPDX-License-Identifier: MIT */
/*
 * Names for the compiler attributes this kernel uses, so that a declaration
 * says what it promises and not how GCC spells it. GCC and Clang both.
 */
#pragma once

#define MUST_CHECK            __attribute__((warn_unused_result))
#define NORETURN              __attribute__((noreturn))
#define COLD                  __attribute__((cold))
#define NOINLINE              __attribute__((noinline))
#define ALWAYS_INLINE         inline __attribute__((always_inline))
#define PACKED                __attribute__((packed))
#define ALIGNED(bytes)        __attribute__((aligned(bytes)))
#define SECTION(name)         __attribute__((section(name)))
#define MAYBE_UNUSED          __attribute__((unused))
#define PRINTF_LIKE(fmt, arg) __attribute__((format(printf, fmt, arg)))

/* For a hot function that has no array on its stack, only a structure whose address is taken. */
#if __has_attribute(no_stack_protector)
#define NO_STACK_PROTECTOR __attribute__((no_stack_protector))
#else
#define NO_STACK_PROTECTOR
#endif

/*
 * An element of an array that the linker gathers from many files: without the
 * alignment GCC spreads the elements, and Clang puts sanitizer redzones between.
 */
#ifdef __clang__
#define LINKED_ELEMENT(type, section_name) \
    __attribute__((used, section(section_name), aligned(_Alignof(type)), no_sanitize("address")))
#else
#define LINKED_ELEMENT(type, section_name) \
    __attribute__((used, section(section_name), aligned(_Alignof(type))))
#endif

#define LIKELY(x)   __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

/* The compiler may not move memory accesses across this line; the CPU may. */
#define COMPILER_BARRIER() __asm__ volatile("" ::: "memory")
