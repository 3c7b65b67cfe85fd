/* SPDX-License-Identifier: MIT */
/*
 * Global variables: the compiler puts a red zone behind each, and a function in
 * .init_array for each file that tells of them here. Before anything else runs.
 */
#include "kernel/sanitize/kasan.h"

#include "lib/assert.h"
#include "lib/bits.h"
#include "lib/format.h"

/* The compiler's own structure. */
struct global {
    uintptr_t address;
    size_t size;
    size_t size_with_zone;
    const char *name;
    const char *file;
    uintptr_t has_constructor;
    uintptr_t location;
    uintptr_t one_definition;
};

/* More files than a kernel has. */
#define FILES_MAX 1024

static struct {
    const struct global *globals;
    size_t count;
} files[FILES_MAX];

static size_t file_count;

typedef void constructor(void);
extern constructor *const __init_array_start[], *const __init_array_end[];

void __asan_register_globals(const struct global *globals, size_t count);
void __asan_unregister_globals(const struct global *globals, size_t count);
void __real_kmain(uint32_t boot_protocol, uint32_t boot_information);
void __wrap_kmain(uint32_t boot_protocol, uint32_t boot_information);

/* The kernel's first C function, in front of the real one. */
void __wrap_kmain(uint32_t boot_protocol, uint32_t boot_information)
{
    kasan_map_image_shadow();
    for (constructor *const *each = __init_array_start; each < __init_array_end; each++) {
        (*each)();
    }
    __real_kmain(boot_protocol, boot_information);
}

void __asan_register_globals(const struct global *globals, size_t count)
{
    ASSERT_CMP(file_count, <, FILES_MAX);
    files[file_count].globals = globals;
    files[file_count++].count = count;
    for (const struct global *global = globals; global < globals + count; global++) {
        kasan_poison(global->address, global->size_with_zone, KASAN_GLOBAL);
        kasan_unpoison(global->address, global->size);
    }
}

/* What a program's end would call: a kernel has none. */
void __asan_unregister_globals(const struct global *globals, size_t count)
{
    (void)globals;
    (void)count;
}

size_t kasan_describe_global(char *buffer, size_t size, uintptr_t poisoned)
{
    for (size_t file = 0; file < file_count; file++) {
        const struct global *end = files[file].globals + files[file].count;

        for (const struct global *global = files[file].globals; global < end; global++) {
            if (poisoned - global->address < global->size_with_zone) {
                size_t done =
                    kasan_describe_offset(buffer, size, poisoned, global->address, global->size);

                return done + ksnprintf(buffer + MIN(done, size), size - MIN(done, size),
                                        "the %zu-byte variable `%s` of %s", global->size,
                                        global->name, global->file);
            }
        }
    }
    return ksnprintf(buffer, size, "beside a global variable");
}
