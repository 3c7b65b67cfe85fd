/* SPDX-License-Identifier: MIT */
/*
 * Deadlines in the order in which they come, to the nanosecond: a radix heap
 * whose nodes lie in what waits, so that nothing is ever allocated. Setting and
 * cancelling take the same few steps whatever is pending; a timer is moved at
 * most once for each bit of its distance until it is due. Timers of the same
 * deadline come in the order in which they were set. Pure.
 *
 * Context: one at a time; the executor's queue is touched by tasks alone.
 * Source: Ahuja, Mehlhorn, Orlin, Tarjan, "Faster Algorithms for the Shortest
 * Path Problem".
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct timer_link {
    struct timer_link *next;
    struct timer_link *previous;
};

/* One deadline, in what waits for it. All zeros: not pending. */
struct timer {
    struct timer_link link; /* first; next is NULL when not pending */
    uint64_t deadline_ns;
};

/* A deadline's bucket says which is the highest bit in that it differs from the base. */
#define TIMER_BUCKETS 64

struct timer_queue {
    uint64_t base_ns; /* the deadline taken last: no pending one is earlier */
    uint64_t not_before_ns; /* nothing comes due earlier */
    uint64_t occupied; /* bit n: bucket n may hold something */
    size_t count;
    struct timer_link buckets[TIMER_BUCKETS]; /* rings, in the order of setting */
};

/* Later than any deadline that can be set. */
#define TIMER_NEVER (UINT64_MAX >> 1)

/* Make a queue with nothing in it. */
void timer_queue_init(struct timer_queue *queue);

/* Whether it waits in a queue. */
static inline bool timer_is_pending(const struct timer *timer)
{
    return timer->link.next != NULL;
}

/*
 * Set a timer that is not pending.
 *
 * deadline_ns  below TIMER_NEVER; one that is earlier than the last that was
 *              taken counts as the same
 */
void timer_set(struct timer_queue *queue, struct timer *timer, uint64_t deadline_ns);

/* Take a pending timer out before it comes due. */
void timer_cancel(struct timer_queue *queue, struct timer *timer);

/*
 * Take out the earliest timer if it is due.
 *
 * now_ns  it is due when its deadline is not later
 *
 * Returns it, or NULL when none is due.
 */
struct timer *timer_take_due(struct timer_queue *queue, uint64_t now_ns);

/* The earliest deadline, TIMER_NEVER when nothing is pending. Looks at many, for tests. */
uint64_t timer_next_deadline(const struct timer_queue *queue);
