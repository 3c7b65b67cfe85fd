/* SPDX-License-Identifier: MIT */
/*
 * Judging pointers and blocks of a checked heap. Nothing is changed, and
 * nothing outside the window is read, whatever the pointer.
 */
#include "lib/string.h"
#include "mm/checked/heap_record.h"

/* The first byte from `start` up to `end` that is not `fill`; `end` if all are. */
static const uint8_t *first_unlike(const uint8_t *start, const uint8_t *end, uint8_t fill)
{
    if (start < end && *start == fill && memcmp(start, start + 1, (size_t)(end - start) - 1) == 0) {
        return end;
    }
    while (start < end && *start == fill) {
        start++;
    }
    return start;
}

static void describe_record(struct heap_evidence *evidence, const struct heap_record *record)
{
    evidence->block = (uintptr_t)record->payload;
    evidence->size = record->size;
    evidence->allocated_by = record->allocated_by;
    evidence->freed_by = record->freed_by;
}

/* Note what was found at a byte. */
static enum heap_fault damage(struct heap_evidence *evidence, const void *place,
                              enum heap_fault fault)
{
    const uint8_t *byte = place;

    evidence->fault = fault;
    evidence->pointer = (uintptr_t)byte;
    evidence->found = *byte;
    return fault;
}

enum heap_fault heap_record_inspect(const struct heap_checked *checked,
                                    const struct heap_record *record,
                                    struct heap_evidence *evidence)
{
    const uint8_t *zone_end = record->zone + sizeof(record->zone);
    const uint8_t *byte = first_unlike(record->zone, zone_end, HEAP_FILL_ZONE);
    size_t room = heap_usable_size(record);

    describe_record(evidence, record);
    if (byte < zone_end) {
        return damage(evidence, byte, HEAP_UNDERRUN);
    }
    /* The tag in front of the record says where the block ends, so it comes first. */
    if (room > (uintptr_t)checked->heap.top - (uintptr_t)record ||
        room < HEAP_RECORD_SIZE + HEAP_TAIL_ZONE_MIN ||
        record->size > room - HEAP_RECORD_SIZE - HEAP_TAIL_ZONE_MIN) {
        return damage(evidence, heap_block_of(record), HEAP_BAD_BLOCK);
    }
    const uint8_t *end = (const uint8_t *)record + room;

    if (heap_record_has_mark(record, HEAP_MARK_FREED)) {
        byte = first_unlike(record->payload, end, HEAP_FILL_FREED);
        return byte < end ? damage(evidence, byte, HEAP_USE_AFTER_FREE) : HEAP_SOUND;
    }
    byte = first_unlike(record->payload + record->size, end, HEAP_FILL_ZONE);
    return byte < end ? damage(evidence, byte, HEAP_OVERRUN) : HEAP_SOUND;
}

/* Judge a pointer in front of which there is no mark. */
static enum heap_fault inspect_stray(const struct heap_checked *checked, uintptr_t address,
                                     struct heap_evidence *evidence)
{
    const struct heap_block *block = heap_block_around(&checked->heap, address);

    evidence->fault = HEAP_WRONG_POINTER;
    if (block == NULL || (block->tag & (HEAP_FREE | HEAP_QUICK)) != 0) {
        return HEAP_WRONG_POINTER;
    }
    const struct heap_record *record = (const struct heap_record *)&block->links;

    if (heap_record_has_mark(record, HEAP_MARK_LIVE) ||
        heap_record_has_mark(record, HEAP_MARK_FREED)) {
        describe_record(evidence, record);
        return HEAP_WRONG_POINTER;
    }
    if (address != (uintptr_t)record->payload) {
        return HEAP_WRONG_POINTER;
    }
    evidence->block = address; /* its record is gone: nothing else is known */
    return damage(evidence, &record->mark, HEAP_UNDERRUN);
}

enum heap_fault heap_checked_inspect(const struct heap_checked *checked, const void *payload,
                                     struct heap_evidence *evidence)
{
    const struct heap *heap = &checked->heap;
    const struct heap_record *record = heap_record_of(payload);
    uintptr_t address = (uintptr_t)payload;

    *evidence = (struct heap_evidence){.fault = HEAP_SOUND, .pointer = address};
    if (address < heap->base || address >= (uintptr_t)heap->top) {
        return evidence->fault = HEAP_WRONG_POINTER;
    }
    if (!IS_ALIGNED(address, HEAP_ALIGNMENT) || (uintptr_t)record < heap->base + HEAP_UNIT) {
        return inspect_stray(checked, address, evidence);
    }
    if (heap_record_has_mark(record, HEAP_MARK_LIVE)) {
        return heap_record_inspect(checked, record, evidence);
    }
    if (heap_record_has_mark(record, HEAP_MARK_FREED)) {
        describe_record(evidence, record);
        return evidence->fault = HEAP_DOUBLE_FREE;
    }
    return inspect_stray(checked, address, evidence);
}

enum heap_fault heap_checked_check(const struct heap_checked *checked,
                                   struct heap_evidence *evidence)
{
    const struct heap *heap = &checked->heap;

    *evidence = (struct heap_evidence){.fault = HEAP_SOUND};
    evidence->fault = heap_check(heap, &evidence->pointer);
    for (const struct heap_block *block = heap_first_block(heap);
         evidence->fault == HEAP_SOUND && block < heap->top;
         block = heap_block_at(block, heap_block_size(block->tag))) {
        const struct heap_record *record = (const struct heap_record *)&block->links;

        if ((block->tag & (HEAP_FREE | HEAP_QUICK)) != 0) {
            continue;
        }
        if (heap_record_has_mark(record, HEAP_MARK_LIVE) ||
            heap_record_has_mark(record, HEAP_MARK_FREED)) {
            heap_record_inspect(checked, record, evidence);
        } else {
            inspect_stray(checked, (uintptr_t)record->payload, evidence);
        }
    }
    return evidence->fault;
}

/* What is known of a block that is not merely free. */
static void place_of_record(struct heap_place *place, const struct heap_record *record)
{
    if (heap_record_has_mark(record, HEAP_MARK_LIVE)) {
        place->state = HEAP_PLACE_LIVE;
    } else if (heap_record_has_mark(record, HEAP_MARK_FREED)) {
        place->state = HEAP_PLACE_FREED;
        place->freed_by = record->freed_by;
    } else {
        return;
    }
    place->block = (uintptr_t)record->payload;
    place->size = record->size;
    place->allocated_by = record->allocated_by;
}

struct heap_place heap_checked_find(const struct heap_checked *checked, uintptr_t address)
{
    struct heap_place place = heap_find(&checked->heap, address);

    if (place.state == HEAP_PLACE_FREED) { /* it was in quarantine long enough */
        return (struct heap_place){.state = HEAP_PLACE_FREE};
    }
    if (place.state == HEAP_PLACE_LIVE) {
        place.state = HEAP_PLACE_UNKNOWN;
        place_of_record(&place, (const struct heap_record *)place.block);
    }
    return place;
}
