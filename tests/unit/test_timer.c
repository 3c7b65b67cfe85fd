/* SPDX-License-Identifier: MIT */
/* Timers: their order, cancelling, and the heap's shape against a plain model. */
#include "kernel/timer.h"

#include "lib/bits.h"
#include "tests/ktest.h"
#include "tests/unit/pseudo_random.h"

#define MODEL_TIMERS 200
#define MODEL_STEPS  20000

KTEST(timer, empty_queue_has_nothing_due)
{
    static struct timer_queue queue;

    timer_queue_init(&queue);
    CHECK_EQ(timer_next_deadline(&queue), TIMER_NEVER);
    CHECK_EQ(timer_take_due(&queue, UINT64_MAX), NULL);
}

KTEST(timer, is_due_at_its_deadline_and_not_before)
{
    static struct timer_queue queue;
    struct timer timer = {0};

    timer_queue_init(&queue);
    timer_set(&queue, &timer, 1000);
    CHECK(timer_is_pending(&timer));
    CHECK_EQ(timer_next_deadline(&queue), 1000);
    CHECK_EQ(timer_take_due(&queue, 999), NULL);
    CHECK(timer_is_pending(&timer));
    CHECK_EQ(timer_take_due(&queue, 1000), &timer);
    CHECK(!timer_is_pending(&timer));
    CHECK_EQ(timer_take_due(&queue, UINT64_MAX), NULL);
}

KTEST(timer, come_in_the_order_of_their_deadlines_to_the_nanosecond)
{
    static const uint64_t deadlines[] = {5, 3, 9, 4, 8, 1, 7, 2, 6};
    static struct timer_queue queue;
    static struct timer timers[ARRAY_SIZE(deadlines)];

    timer_queue_init(&queue);
    for (size_t i = 0; i < ARRAY_SIZE(deadlines); i++) {
        timer_set(&queue, &timers[i], 1000000000000 + deadlines[i]);
    }
    for (uint64_t want = 1; want <= ARRAY_SIZE(deadlines); want++) {
        struct timer *timer = timer_take_due(&queue, UINT64_MAX);

        REQUIRE(timer != NULL);
        CHECK_EQ(timer->deadline_ns, 1000000000000 + want);
    }
}

KTEST(timer, equal_deadlines_come_in_the_order_of_insertion)
{
    static struct timer_queue queue;
    static struct timer timers[33];

    timer_queue_init(&queue);
    for (size_t i = 0; i < ARRAY_SIZE(timers); i++) {
        timer_set(&queue, &timers[i], 77);
    }
    for (size_t i = 0; i < ARRAY_SIZE(timers); i++) {
        CHECK_EQ(timer_take_due(&queue, 77), &timers[i]);
    }
}

KTEST(timer, cancelled_timer_never_comes_wherever_it_was)
{
    enum { COUNT = 15 };

    for (size_t victim = 0; victim < COUNT; victim++) {
        static struct timer_queue queue;
        static struct timer timers[COUNT];

        timer_queue_init(&queue);
        for (size_t i = 0; i < COUNT; i++) {
            timers[i] = (struct timer){0};
            timer_set(&queue, &timers[i], (i * 7) % COUNT);
        }
        timer_cancel(&queue, &timers[victim]);
        CHECK(!timer_is_pending(&timers[victim]));
        for (uint64_t now = 0; now < COUNT; now++) {
            struct timer *timer = timer_take_due(&queue, now);

            if (now == (victim * 7) % COUNT) {
                CHECK_EQ(timer, NULL);
            } else {
                REQUIRE(timer != NULL);
                CHECK_EQ(timer->deadline_ns, now);
            }
        }
    }
}

static struct {
    struct timer timers[MODEL_TIMERS];
    bool pending[MODEL_TIMERS];
    uint64_t deadlines[MODEL_TIMERS];
    uint64_t now;
} model;

/* The pending timer with the earliest deadline, by looking at all. */
static uint64_t model_earliest(void)
{
    uint64_t earliest = UINT64_MAX;

    for (size_t i = 0; i < MODEL_TIMERS; i++) {
        if (model.pending[i]) {
            earliest = MIN(earliest, model.deadlines[i]);
        }
    }
    return earliest;
}

static void model_step(struct timer_queue *queue, uint64_t *random)
{
    size_t i = pseudo_random_below(random, MODEL_TIMERS);

    if (!model.pending[i]) {
        /* Near and far ones, all later than what was taken: time goes on. */
        uint64_t ahead = pseudo_random(random) >> (20 + pseudo_random_below(random, 44));

        model.deadlines[i] = model.now + ahead;
        timer_set(queue, &model.timers[i], model.deadlines[i]);
        model.pending[i] = true;
    } else if (pseudo_random_below(random, 2) == 0) {
        timer_cancel(queue, &model.timers[i]);
        model.pending[i] = false;
    } else {
        uint64_t earliest = model_earliest();

        CHECK_EQ(timer_next_deadline(queue), earliest);
        CHECK_EQ(timer_take_due(queue, earliest - 1), NULL);
        model.now = earliest;
        struct timer *taken = timer_take_due(queue, model.now);

        REQUIRE(taken != NULL);
        CHECK_EQ(taken->deadline_ns, earliest);
        CHECK(model.pending[taken - model.timers]);
        model.pending[taken - model.timers] = false;
    }
}

KTEST(timer, queue_agrees_with_a_plain_model_in_twenty_thousand_random_steps)
{
    static struct timer_queue queue;
    uint64_t random = 0x5eed;

    timer_queue_init(&queue);
    model.now = 1000;
    for (size_t i = 0; i < MODEL_TIMERS; i++) {
        model.timers[i] = (struct timer){0};
        model.pending[i] = false;
    }
    for (unsigned step = 0; step < MODEL_STEPS; step++) {
        model_step(&queue, &random);
    }
    size_t pending = 0;

    for (size_t i = 0; i < MODEL_TIMERS; i++) {
        CHECK_EQ(timer_is_pending(&model.timers[i]), model.pending[i]);
        pending += model.pending[i];
    }
    CHECK_EQ(queue.count, pending);
}

KTEST(timer, deadline_already_past_comes_behind_those_that_are_due)
{
    static struct timer_queue queue;
    struct timer timers[3] = {0};

    timer_queue_init(&queue);
    timer_set(&queue, &timers[0], 100);
    timer_set(&queue, &timers[1], 100);
    CHECK_EQ(timer_take_due(&queue, 500), &timers[0]);
    timer_set(&queue, &timers[2], 7);
    CHECK_EQ(timer_take_due(&queue, 500), &timers[1]);
    CHECK_EQ(timer_take_due(&queue, 500), &timers[2]);
}

KTEST(timer, earlier_timer_set_after_a_look_is_seen)
{
    static struct timer_queue queue;
    struct timer timers[2] = {0};

    timer_queue_init(&queue);
    timer_set(&queue, &timers[0], 1000);
    CHECK_EQ(timer_take_due(&queue, 900),
             NULL); /* it is known now that nothing comes before 1000 */
    timer_set(&queue, &timers[1], 950);
    CHECK_EQ(timer_take_due(&queue, 949), NULL);
    CHECK_EQ(timer_take_due(&queue, 960), &timers[1]);
    CHECK_EQ(timer_take_due(&queue, 999), NULL);
    CHECK_EQ(timer_take_due(&queue, 1000), &timers[0]);
}
