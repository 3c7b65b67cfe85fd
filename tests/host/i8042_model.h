/* SPDX-License-Identifier: MIT */
/*
 * A keyboard controller and a keyboard made of variables, with the faults that
 * no emulator has. The drivers' port accesses arrive here, and take their time:
 * a microsecond each, counted.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MODEL_QUEUE_SIZE 8192

struct model_queue {
    struct {
        uint8_t byte;
        uint64_t ready_us; /* not before this time */
    } entries[MODEL_QUEUE_SIZE];
    size_t first;
    size_t count;
};

struct i8042_model {
    /* What is wrong with it, or special. All zero: all is well. */
    bool is_absent;
    bool takes_nothing; /* its input buffer is never empty */
    bool answers_nothing; /* the controller; the keyboard does */
    bool is_stuck; /* its output buffer is never empty */
    bool test_resets; /* the self-test puts the configuration back to power-on */
    bool has_no_keyboard;
    bool sends_refuse_instead; /* without a keyboard: the controller says RESEND for it */
    unsigned refusals; /* bytes for which the keyboard asks again, from now on */
    unsigned silences; /* bytes that it does not answer, after those */
    uint8_t interjected_key; /* it sends this key before each answer; 0 for none */
    uint8_t interjected_aux; /* the same, from the mouse */
    uint8_t self_test_flaw; /* added to the right answer */
    uint8_t port_test_flaw;
    uint64_t self_test_us; /* how long these take to answer; see model_power_on() */
    uint64_t keyboard_us;
    uint64_t cable_us; /* for a byte from the keyboard */
    unsigned refusals_each; /* times that the keyboard asks again for every byte */
    bool is_worn_out; /* takes nothing any more once writes_left is 0 */
    unsigned writes_left;

    /* Its state. */
    uint64_t us;
    uint64_t busy_until_us; /* input buffer full */
    uint8_t config;
    uint8_t command; /* that waits for its data byte, or 0 */
    uint8_t buffer; /* the output buffer */
    bool buffer_full;
    bool buffer_is_aux;
    struct model_queue answers; /* the controller's */
    struct model_queue aux;
    struct model_queue replies; /* the keyboard's to commands: while one is due it sends no keys */
    struct model_queue keys;
    uint64_t cable_free_us;
    unsigned asked_again; /* for the byte at hand */
    uint8_t config_at_self_test;

    /* What the keyboard was told. */
    uint8_t keyboard_command; /* that waits for its argument, or 0 */
    bool is_scanning;
    uint8_t lights;
    uint8_t scancode_set;
    uint8_t heard[64];
    size_t heard_count;
    bool was_reset; /* the CPU's line was pulsed */
    bool was_overwritten; /* a byte came before the last had been taken: a driver's mistake */
};

extern struct i8042_model model;

/* A PC that has just come from its firmware: interrupts on, translating, mouse on, all well. */
void model_power_on(void);

/* A key byte that the keyboard sends, a mouse byte; now, or when their port is enabled. */
void model_strike(uint8_t byte);
void model_move_mouse(uint8_t byte);

/* What the driver has handed up. */
struct i8042_model_received {
    uint8_t bytes[64];
    size_t count;
    size_t calls;
};

extern struct i8042_model_received model_received;

/* Become the driver's receiver, with nothing received yet. */
void model_listen(void);
