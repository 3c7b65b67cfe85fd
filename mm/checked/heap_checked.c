/* SPDX-License-Identifier: MIT */
/* Records and zones around payloads, and the quarantine. */
#include "mm/checked/heap_checked.h"

#include "lib/string.h"
#include "mm/checked/heap_record.h"

/* Judge what a caller handed in; report it if it is wrong. */
static bool is_acceptable(const struct heap_checked *checked, const void *payload, uintptr_t caller)
{
    struct heap_evidence evidence;

    if (heap_checked_inspect(checked, payload, &evidence) == HEAP_SOUND) {
        return true;
    }
    evidence.now_by = caller;
    checked->report(&evidence);
    return false;
}

/* Let the longest freed block go; not one that was written to, since somebody still holds it. */
static void quarantine_drop(struct heap_checked *checked)
{
    struct heap_record *record = checked->oldest;
    struct heap_evidence evidence = {.fault = HEAP_SOUND};

    if (heap_record_inspect(checked, record, &evidence) != HEAP_SOUND) {
        checked->report(&evidence);
    }
    checked->oldest = record->next;
    checked->quarantine_blocks--;
    checked->quarantine_bytes -= heap_live_size(heap_block_of(record)->tag);
    if (checked->oldest == NULL) {
        checked->quarantine_bytes = 0; /* whatever a tag said that was overwritten */
    }
    if (evidence.fault != HEAP_SOUND) {
        return;
    }
    record->mark = 0;
    heap_free(&checked->heap, record);
}

static void quarantine_drain(struct heap_checked *checked)
{
    while (checked->oldest != NULL) {
        quarantine_drop(checked);
    }
}

static void quarantine_add(struct heap_checked *checked, struct heap_record *record)
{
    record->next = NULL;
    if (checked->oldest == NULL) {
        checked->oldest = record;
    } else {
        checked->newest->next = record;
    }
    checked->newest = record;
    checked->quarantine_blocks++;
    checked->quarantine_bytes += heap_live_size(heap_block_of(record)->tag);
    while (checked->quarantine_bytes > HEAP_QUARANTINE_BYTES_MAX) {
        quarantine_drop(checked);
    }
}

/* Fill a payload from an offset on, and all that is behind it in its block. */
static void fill_from(struct heap_record *record, size_t offset, int byte)
{
    size_t room = heap_usable_size(record) - HEAP_RECORD_SIZE;

    memset(record->payload + offset, byte, room - offset);
}

enum status heap_checked_init(struct heap_checked *checked, uintptr_t base, uintptr_t limit,
                              const struct heap_window *window,
                              void (*report)(const struct heap_evidence *evidence))
{
    memset(checked, 0, sizeof(*checked));
    checked->report = report;
    return heap_init(&checked->heap, base, limit, window);
}

/* Whether this allocation is one that shall fail. */
static bool is_to_fail(struct heap_checked *checked)
{
    if (checked->fail_countdown == 0 || --checked->fail_countdown > 0) {
        return false;
    }
    checked->fail_begun = true;
    checked->fail_countdown = checked->fail_last ? 1 : 0;
    return true;
}

void *heap_checked_alloc(struct heap_checked *checked, size_t size, size_t alignment,
                         uintptr_t caller)
{
    size_t whole = HEAP_RECORD_SIZE + size + HEAP_TAIL_ZONE_MIN;
    struct heap_record *record;

    if (is_to_fail(checked) || size > HEAP_PAYLOAD_MAX) {
        return NULL;
    }
    record = heap_alloc_aligned(&checked->heap, whole, alignment, HEAP_RECORD_SIZE);
    if (record == NULL) {
        quarantine_drain(checked);
        record = heap_alloc_aligned(&checked->heap, whole, alignment, HEAP_RECORD_SIZE);
    }
    if (record == NULL) {
        return NULL;
    }
    heap_record_set_mark(record, HEAP_MARK_LIVE);
    record->size = size;
    record->allocated_by = caller;
    record->freed_by = 0;
    memset(record->zone, HEAP_FILL_ZONE, sizeof(record->zone));
    memset(record->payload, HEAP_FILL_FRESH, size);
    fill_from(record, size, HEAP_FILL_ZONE);
    return record->payload;
}

void heap_checked_free(struct heap_checked *checked, void *payload, uintptr_t caller)
{
    struct heap_record *record = heap_record_of(payload);

    if (payload == NULL || !is_acceptable(checked, payload, caller)) {
        return;
    }
    heap_record_set_mark(record, HEAP_MARK_FREED);
    record->freed_by = caller;
    fill_from(record, 0, HEAP_FILL_FREED);
    quarantine_add(checked, record);
}

void *heap_checked_realloc(struct heap_checked *checked, void *payload, size_t size,
                           uintptr_t caller)
{
    struct heap_record *record = heap_record_of(payload);
    void *moved;

    if (payload == NULL) {
        return heap_checked_alloc(checked, size, HEAP_ALIGNMENT, caller);
    }
    if (!is_acceptable(checked, payload, caller)) {
        return NULL;
    }
    if (size <= record->size) {
        /* Shrinks in place, so the record stays where it is. */
        record = heap_realloc(&checked->heap, record, HEAP_RECORD_SIZE + size + HEAP_TAIL_ZONE_MIN);
        record->size = size;
        record->allocated_by = caller;
        fill_from(record, size, HEAP_FILL_ZONE);
        return payload;
    }
    moved = heap_checked_alloc(checked, size, HEAP_ALIGNMENT, caller);
    if (moved != NULL) {
        memcpy(moved, payload, record->size);
        heap_checked_free(checked, payload, caller);
    }
    return moved;
}

void heap_checked_trim(struct heap_checked *checked)
{
    quarantine_drain(checked);
    heap_trim(&checked->heap);
}

struct heap_statistics heap_checked_statistics(const struct heap_checked *checked)
{
    struct heap_statistics statistics = heap_statistics(&checked->heap);

    statistics.live_blocks -= checked->quarantine_blocks;
    statistics.live_bytes -= checked->quarantine_bytes;
    statistics.quick_blocks += checked->quarantine_blocks;
    statistics.quick_bytes += checked->quarantine_bytes;
    return statistics;
}

bool heap_checked_fail_at(struct heap_checked *checked, size_t k, bool last)
{
    bool is_waiting = checked->fail_countdown > 0 && !checked->fail_begun;

    checked->fail_countdown = k;
    checked->fail_last = last;
    checked->fail_begun = false;
    return is_waiting;
}
