/* SPDX-License-Identifier: MIT */
/*
 * The radix heap. Bucket 0 holds deadlines equal to the base, bucket n those
 * whose highest bit that differs from it is bit n - 1; so everything in a
 * bucket comes before everything in the next. When the lowest bucket that holds
 * something is not bucket 0, its earliest deadline becomes the base and its
 * timers move to lower buckets, in their order. Higher buckets stay right: the
 * base has changed below their bit.
 */
#include "kernel/timer.h"

#include "lib/assert.h"
#include "lib/bits.h"

void timer_queue_init(struct timer_queue *queue)
{
    *queue = (struct timer_queue){.not_before_ns = TIMER_NEVER};
    for (size_t i = 0; i < TIMER_BUCKETS; i++) {
        queue->buckets[i] = (struct timer_link){&queue->buckets[i], &queue->buckets[i]};
    }
}

static bool is_empty(const struct timer_link *bucket)
{
    return bucket->next == bucket;
}

static inline void unlink(struct timer_link *link)
{
    link->previous->next = link->next;
    link->next->previous = link->previous;
}

/* Put a timer behind the others of its bucket. */
static inline void append(struct timer_queue *queue, struct timer *timer)
{
    uint64_t difference = timer->deadline_ns ^ queue->base_ns;
    unsigned index = difference == 0 ? 0 : 1 + (unsigned)highest_bit(difference);
    struct timer_link *bucket = &queue->buckets[index];

    timer->link.next = bucket;
    timer->link.previous = bucket->previous;
    bucket->previous->next = &timer->link;
    bucket->previous = &timer->link;
    queue->occupied |= BIT(index);
}

void timer_set(struct timer_queue *queue, struct timer *timer, uint64_t deadline_ns)
{
    ASSERT(!timer_is_pending(timer));
    ASSERT_CMP(deadline_ns, <, TIMER_NEVER);
    timer->deadline_ns = MAX(deadline_ns, queue->base_ns);
    queue->not_before_ns = MIN(queue->not_before_ns, timer->deadline_ns);
    queue->count++;
    append(queue, timer);
}

void timer_cancel(struct timer_queue *queue, struct timer *timer)
{
    ASSERT(timer_is_pending(timer));
    unlink(&timer->link);
    timer->link.next = NULL;
    queue->count--;
}

/* The first of the earliest timers of a bucket; NULL when it is empty. */
static struct timer *earliest_in(const struct timer_link *bucket)
{
    struct timer *earliest = NULL;
    uint64_t deadline_ns = TIMER_NEVER;

    for (struct timer_link *link = bucket->next; link != bucket; link = link->next) {
        struct timer *timer = (struct timer *)link;

        if (timer->deadline_ns < deadline_ns) {
            deadline_ns = timer->deadline_ns;
            earliest = timer;
        }
    }
    return earliest;
}

/* The first bucket that holds something, or NULL. Forgets those on the way that turn out empty. */
static struct timer_link *first_bucket(struct timer_queue *queue)
{
    while (queue->occupied != 0) {
        struct timer_link *bucket = &queue->buckets[__builtin_ctzl(queue->occupied)];

        if (!is_empty(bucket)) {
            return bucket;
        }
        queue->occupied &= queue->occupied - 1;
    }
    return NULL;
}

/* Move all timers of a bucket to those that belong to the present base. */
static void distribute(struct timer_queue *queue, struct timer_link *bucket)
{
    struct timer_link *link = bucket->next;

    bucket->next = bucket;
    bucket->previous = bucket;
    while (link != bucket) {
        struct timer_link *next = link->next;

        append(queue, (struct timer *)link);
        link = next;
    }
}

struct timer *timer_take_due(struct timer_queue *queue, uint64_t now_ns)
{
    struct timer_link *bucket;
    struct timer *timer;

    if (now_ns < queue->not_before_ns) {
        return NULL;
    }
    bucket = first_bucket(queue);
    if (bucket == NULL) {
        queue->not_before_ns = TIMER_NEVER;
        return NULL;
    }
    if (bucket == &queue->buckets[0]) {
        timer = (struct timer *)bucket->next;
        timer_cancel(queue, timer);
        return timer;
    }
    timer = earliest_in(bucket);
    queue->not_before_ns = timer->deadline_ns;
    if (now_ns < timer->deadline_ns) {
        return NULL;
    }
    queue->base_ns = timer->deadline_ns;
    timer_cancel(queue, timer);
    distribute(queue, bucket);
    return timer;
}

uint64_t timer_next_deadline(const struct timer_queue *queue)
{
    const struct timer *earliest = NULL;

    for (size_t i = 0; i < TIMER_BUCKETS && earliest == NULL; i++) {
        earliest = earliest_in(&queue->buckets[i]);
    }
    return earliest != NULL ? earliest->deadline_ns : TIMER_NEVER;
}
