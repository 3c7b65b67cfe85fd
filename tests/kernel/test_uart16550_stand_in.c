/* SPDX-License-Identifier: MIT */
/*
 * What the UART driver does when the line or the chip misbehaves, with a
 * stand-in whose line status the test writes (com1_loan.h).
 */
#include "drivers/uart16550.h"
#include "drivers/uart16550_registers.h"
#include "lib/bits.h"
#include "lib/x86/cpu.h"
#include "tests/kernel/com1_loan.h"
#include "tests/ktest.h"

/* Write text. Returns how long that took. */
static uint64_t cycles_to_write(struct uart *uart, const char *text, size_t length)
{
    uint64_t start = tsc_read();

    uart_write(uart, text, length);
    return tsc_read() - start;
}

KTEST(uart16550, stalled_line_costs_one_wait_and_drops_are_counted)
{
    enum { LATER_WRITES = 4 };
    static const char text[] = {'\n', COM1_STAND_IN_HARMLESS, COM1_STAND_IN_HARMLESS, '\n'};
    struct uart *stand_in = com1_borrow_stand_in(0);

    if (stand_in == NULL) {
        SKIP("no UART at COM1");
    }
    uint64_t first = cycles_to_write(stand_in, text, sizeof(text));
    uint64_t not_sent = stand_in->counts.not_sent;
    bool stalled = stand_in->is_stalled;
    uint64_t later = UINT64_MAX;

    /* The quickest counts: an emulator may be kept from running in the middle of one. */
    for (int i = 0; i < LATER_WRITES; i++) {
        later = MIN(later, cycles_to_write(stand_in, text, sizeof(text)));
    }
    uint64_t not_sent_later = stand_in->counts.not_sent;
    bool drained = uart_drain(stand_in);

    com1_give_back();
    CHECK(stalled);
    CHECK_EQ(not_sent, sizeof(text));
    CHECK_LT(later, first / 100);
    CHECK_EQ(not_sent_later, (1 + LATER_WRITES) * sizeof(text));
    CHECK(!drained);
}

KTEST(uart16550, stalled_line_is_used_again_when_it_takes_bytes)
{
    static const char text[] = {COM1_STAND_IN_HARMLESS, COM1_STAND_IN_HARMLESS};
    struct uart *stand_in = com1_borrow_stand_in(UART_LSR_THR_EMPTY | UART_LSR_TX_EMPTY);

    if (stand_in == NULL) {
        SKIP("no UART at COM1");
    }
    stand_in->is_stalled = true;
    uart_write(stand_in, text, sizeof(text));
    bool stalled = stand_in->is_stalled;
    bool drained = uart_drain(stand_in);

    com1_give_back();
    CHECK(!stalled);
    CHECK(drained);
    CHECK_EQ(stand_in->counts.not_sent, 0);
}

KTEST(uart16550, damaged_bytes_are_counted_and_dropped)
{
    static const struct {
        unsigned errors;
        bool kept;
        struct uart_counts want; /* a unit each for the bytes of one poll */
    } cases[] = {
        {0, true, {0}},
        {UART_LSR_OVERRUN, true, {.overruns = 1}},
        {UART_LSR_PARITY, false, {.parity_errors = 1}},
        {UART_LSR_FRAMING, false, {.framing_errors = 1}},
        {UART_LSR_FRAMING | UART_LSR_BREAK, false, {.breaks = 1}},
    };
    static struct uart results[ARRAY_SIZE(cases)];

    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct uart *stand_in = com1_borrow_stand_in(UART_LSR_DATA_READY | cases[i].errors);

        if (stand_in == NULL) {
            SKIP("no UART at COM1");
        }
        uart_poll(stand_in);
        com1_give_back();
        results[i] = *stand_in;
    }
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        const struct uart *got = &results[i];
        uint64_t bytes = results[0].received.head;

        CHECK_GE(bytes, UART_FIFO_SIZE);
        CHECK_LT(bytes, UART_RECEIVE_SIZE);
        CHECK_EQ(got->received.head, cases[i].kept ? bytes : 0);
        CHECK_EQ(got->counts.overruns, cases[i].want.overruns * bytes);
        CHECK_EQ(got->counts.parity_errors, cases[i].want.parity_errors * bytes);
        CHECK_EQ(got->counts.framing_errors, cases[i].want.framing_errors * bytes);
        CHECK_EQ(got->counts.breaks, cases[i].want.breaks * bytes);
    }
}

KTEST(uart16550, interrupt_ends_when_its_cause_does_not)
{
    size_t calls = 0;
    struct uart *stand_in = com1_borrow_stand_in(UART_LSR_DATA_READY);

    if (stand_in == NULL) {
        SKIP("no UART at COM1");
    }
    uart_set_listener(stand_in, com1_count_call, &calls);
    com1_write(UART_MCR, UART_IIR_ID_RECEIVED);
    bool served = uart_interrupt(stand_in);
    uint8_t line_control = com1_read(UART_LCR);

    com1_give_back();
    CHECK(served);
    CHECK_EQ(calls, 1);
    CHECK_GE(stand_in->received.head, UART_FIFO_SIZE);
    /* The stand-in's IER: it was changed and put back. */
    CHECK_EQ(line_control, UART_LCR_8_BITS);
}

KTEST(uart16550, errors_are_kept_until_the_byte_they_came_with)
{
    struct uart *stand_in = com1_borrow_stand_in(UART_LSR_OVERRUN | UART_LSR_DATA_READY);

    if (stand_in == NULL) {
        SKIP("no UART at COM1");
    }
    com1_write(UART_MCR, UART_IIR_ID_LINE_STATUS);
    bool served = uart_interrupt(stand_in);
    uint64_t before = stand_in->counts.overruns;

    com1_write(UART_SCR, UART_LSR_PARITY | UART_LSR_DATA_READY);
    uart_poll(stand_in);
    com1_give_back();
    CHECK(served);
    CHECK_EQ(before, 0);
    CHECK_EQ(stand_in->counts.overruns, 1);
    CHECK_GE(stand_in->counts.parity_errors, 1);
}

KTEST(uart16550, draining_waits_for_a_line_that_is_not_known_to_be_stalled)
{
    struct uart *stand_in = com1_borrow_stand_in(0);

    if (stand_in == NULL) {
        SKIP("no UART at COM1");
    }
    stand_in->is_stalled = true;
    uint64_t start = tsc_read();
    bool drained_stalled = uart_drain(stand_in);
    uint64_t one_look = tsc_read() - start;

    stand_in->is_stalled = false;
    start = tsc_read();
    bool drained = uart_drain(stand_in);
    uint64_t whole_wait = tsc_read() - start;

    com1_give_back();
    CHECK(!drained_stalled);
    CHECK(!drained);
    CHECK_GT(whole_wait, 100 * one_look);
}

KTEST(uart16550, change_of_the_modem_lines_is_taken_and_nothing_else)
{
    size_t calls = 0;
    struct uart *stand_in = com1_borrow_stand_in(UART_LSR_DATA_READY);

    if (stand_in == NULL) {
        SKIP("no UART at COM1");
    }
    uart_set_listener(stand_in, com1_count_call, &calls);
    com1_write(UART_MCR, UART_IIR_ID_MODEM_STATUS);
    bool served = uart_interrupt(stand_in);

    com1_give_back();
    CHECK(served);
    CHECK_EQ(calls, 0);
    CHECK_EQ(stand_in->received.head, 0);
}
