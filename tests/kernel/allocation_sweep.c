/* SPDX-License-Identifier: MIT */
/* Failing allocations in the running kernel. */
#include "tests/kernel/allocation_sweep.h"

#include "mm/kmalloc.h"
#include "tests/kernel/tasks_settle.h"
#include "tests/ktest.h"
#include "tests/unit/failure_sweep.h"

/* What the linker has everybody call instead. */
enum status __wrap_frame_alloc(enum frame_kind kind, paddr_t *frame);
enum status __wrap_frame_alloc_run(size_t count, uint64_t alignment, paddr_t limit,
                                   enum frame_kind kind, paddr_t *first);

static struct failures frame_failures;
static bool (*swept)(void);

enum status __wrap_frame_alloc(enum frame_kind kind, paddr_t *frame)
{
    return failures_is_due(&frame_failures) ? ERR_NO_MEMORY : __real_frame_alloc(kind, frame);
}

enum status __wrap_frame_alloc_run(size_t count, uint64_t alignment, paddr_t limit,
                                   enum frame_kind kind, paddr_t *first)
{
    return failures_is_due(&frame_failures)
               ? ERR_NO_MEMORY
               : __real_frame_alloc_run(count, alignment, limit, kind, first);
}

static bool plan_frame_failure(size_t k, bool last)
{
    return failures_plan(&frame_failures, k, last);
}

/* The operation between two looks at what there is. */
static bool run_watched(void)
{
    struct heap_evidence evidence;

    tasks_settle();
    kmalloc_trim();
    uint64_t free_frames = frame_free_count();
    size_t live_blocks = kmalloc_statistics().live_blocks;
    bool succeeded = swept();

    CHECK_STR_EQ(heap_fault_sentence(kmalloc_check(&evidence)), heap_fault_sentence(HEAP_SOUND));
    tasks_settle();
    kmalloc_trim();
    CHECK_EQ(frame_free_count(), free_frames);
    CHECK_EQ(kmalloc_statistics().live_blocks, live_blocks);
    return succeeded;
}

struct allocations allocation_sweep(bool (*operation)(void))
{
    struct allocations found;

    swept = operation;
    found.frames = failure_sweep(plan_frame_failure, run_watched);
    found.blocks = failure_sweep(kmalloc_fail_at, run_watched);
    return found;
}
