/* SPDX-License-Identifier: MIT */
/* For the decoder's tests: bytes in, and the events that came of them to look at. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "drivers/scancode.h"
#include "tests/ktest.h"

#define FED_EVENTS_MAX 16

struct fed {
    struct scancode_decoder decoder;
    struct key_event events[FED_EVENTS_MAX]; /* of the last feed() */
    size_t count;
};

static inline void feed(struct fed *fed, const uint8_t *bytes, size_t count)
{
    fed->count = 0;
    for (size_t i = 0; i < count && fed->count < FED_EVENTS_MAX; i++) {
        fed->count += scancode_decode(&fed->decoder, bytes[i], &fed->events[fed->count]);
    }
}

#define FEED(fed, ...) \
    feed((fed), (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

/* The index-th event of the last feed. */
#define CHECK_EVENT(fed, index, key_, pressed_, modifiers_)               \
    do {                                                                  \
        CHECK_LT((size_t)(index), (fed)->count);                          \
        CHECK_EQ((fed)->events[index].key, key_);                         \
        CHECK_EQ((fed)->events[index].pressed, pressed_);                 \
        CHECK_EQ((fed)->events[index].modifiers, (uint64_t)(modifiers_)); \
    } while (0)

#define CHECK_PRESSED(fed, index, key, modifiers)  CHECK_EVENT(fed, index, key, true, modifiers)
#define CHECK_RELEASED(fed, index, key, modifiers) CHECK_EVENT(fed, index, key, false, modifiers)
