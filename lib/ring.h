/* SPDX-License-Identifier: MIT */
/*
 * A byte ring between one producer and one consumer, an interrupt handler and
 * the code it feeds. Invariant: only the producer writes `head`, only the
 * consumer writes `tail`; both count bytes for ever and wrap at 2^32, so a
 * full ring (head - tail == size) and an empty one (head == tail) differ and
 * no interrupt masking is needed.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct ring {
    uint8_t *bytes;
    uint32_t size; /* bytes, a power of two */
    uint32_t head; /* bytes ever put in */
    uint32_t tail; /* bytes ever taken out */
    uint64_t dropped; /* bytes refused because the ring was full */
};

/* A ring over a static array whose size is a power of two. */
#define RING_INIT(array)                        \
    {                                           \
        .bytes = (array), .size = sizeof(array) \
    }

/* Put a byte in. Returns false, and counts the loss, when the ring is full. Producer only. */
static inline bool ring_put(struct ring *ring, uint8_t byte)
{
    uint32_t head = ring->head;
    uint32_t tail = __atomic_load_n(&ring->tail, __ATOMIC_ACQUIRE);

    if (head - tail == ring->size) {
        ring->dropped++;
        return false;
    }
    ring->bytes[head & (ring->size - 1)] = byte;
    __atomic_store_n(&ring->head, head + 1, __ATOMIC_RELEASE);
    return true;
}

/* Take the oldest byte out. Returns false when the ring is empty. Consumer only. */
static inline bool ring_get(struct ring *ring, uint8_t *byte)
{
    uint32_t tail = ring->tail;

    if (__atomic_load_n(&ring->head, __ATOMIC_ACQUIRE) == tail) {
        return false;
    }
    *byte = ring->bytes[tail & (ring->size - 1)];
    __atomic_store_n(&ring->tail, tail + 1, __ATOMIC_RELEASE);
    return true;
}

/* Whether nothing waits in the ring. Either side. */
static inline bool ring_is_empty(const struct ring *ring)
{
    return __atomic_load_n(&ring->head, __ATOMIC_ACQUIRE) ==
           __atomic_load_n(&ring->tail, __ATOMIC_ACQUIRE);
}
