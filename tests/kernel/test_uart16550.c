/* SPDX-License-Identifier: MIT */
/* Sending and receiving with the UART, on COM1 in the chip's own loop. */
#include "drivers/uart16550.h"
#include "drivers/uart16550_registers.h"
#include "lib/ring.h"
#include "tests/kernel/com1_loan.h"
#include "tests/ktest.h"

#define NO_UART "no UART at COM1"
#define NO_FIFO "no UART at COM1 with a FIFO"

KTEST(uart16550, every_byte_comes_back_without_errors)
{
    static uint8_t got[256];
    size_t count = 0;
    struct uart *uart = com1_borrow_loop();

    if (uart == NULL) {
        SKIP(NO_UART);
    }
    for (unsigned value = 0; value < 256; value++) {
        const char byte = (char)value;

        uart_write_raw(uart, &byte, 1);
        com1_poll_until(uart, value + 1);
        count += com1_read_all(uart, got + count, sizeof(got) - count);
    }
    com1_give_back();
    REQUIRE_EQ(count, 256);
    for (unsigned value = 0; value < 256; value++) {
        CHECK_EQ(got[value], value);
    }
    CHECK_EQ(uart->counts.not_sent, 0);
    CHECK_EQ(uart->counts.overruns, 0);
    CHECK_EQ(uart->counts.parity_errors, 0);
    CHECK_EQ(uart->counts.framing_errors, 0);
    CHECK_EQ(uart->counts.breaks, 0);
}

KTEST(uart16550, line_feed_is_sent_as_carriage_return_and_line_feed)
{
    static const char text[] = "\na\nb\n\n\rc";
    static const char want[] = "\r\na\r\nb\r\n\r\n\rc";
    uint8_t got[2 * UART_FIFO_SIZE];
    uint8_t raw[2 * UART_FIFO_SIZE];
    struct uart *uart = com1_borrow_fifo();

    if (uart == NULL) {
        SKIP(NO_FIFO);
    }
    uart_write(uart, text, sizeof(text) - 1);
    com1_poll_until(uart, sizeof(want) - 1);
    size_t count = com1_read_all(uart, got, sizeof(got));

    uart_write_raw(uart, text, sizeof(text) - 1);
    com1_poll_until(uart, count + sizeof(text) - 1);
    size_t raw_count = com1_read_all(uart, raw, sizeof(raw));

    com1_give_back();
    REQUIRE_EQ(count, sizeof(want) - 1);
    CHECK_MEM_EQ(got, want, sizeof(want) - 1);
    REQUIRE_EQ(raw_count, sizeof(text) - 1);
    CHECK_MEM_EQ(raw, text, sizeof(text) - 1);
}

KTEST(uart16550, fifo_holds_sixteen_bytes_in_order)
{
    static const char text[] = "0123456789abcdef";
    uint8_t got[2 * UART_FIFO_SIZE];
    struct uart *uart = com1_borrow_fifo();

    if (uart == NULL) {
        SKIP(NO_FIFO);
    }
    uart_write_raw(uart, text, UART_FIFO_SIZE);
    com1_poll_until(uart, UART_FIFO_SIZE);
    size_t count = com1_read_all(uart, got, sizeof(got));

    com1_give_back();
    REQUIRE_EQ(count, UART_FIFO_SIZE);
    CHECK_MEM_EQ(got, text, UART_FIFO_SIZE);
    CHECK_EQ(uart->counts.overruns, 0);
}

/* What the chip names as its cause right after so many bytes arrived in its empty FIFO. */
static uint8_t cause_after(struct uart *uart, size_t count)
{
    uint8_t discarded[UART_FIFO_SIZE];

    uart_poll(uart);
    (void)com1_read_all(uart, discarded, sizeof(discarded));
    uart_write_raw(uart, "0123456789abcdef", count);
    (void)uart_drain(uart);
    return com1_read(UART_IIR) & (UART_IIR_ID_MASK | UART_IIR_NOT_PENDING);
}

KTEST(uart16550, fifo_interrupts_at_eight_bytes)
{
    uint8_t at_seven;
    uint8_t at_eight = 0;
    struct uart *uart = com1_borrow_fifo();

    if (uart == NULL) {
        SKIP(NO_FIFO);
    }
    uart_enable_receive_interrupt(uart);
    at_seven = cause_after(uart, 7);
    /* Whoever is kept from looking at once finds the timeout instead. */
    for (int attempt = 0; attempt < 10 && at_eight != UART_IIR_ID_RECEIVED; attempt++) {
        at_eight = cause_after(uart, 8);
    }
    com1_give_back();
    CHECK_NE(at_seven, UART_IIR_ID_RECEIVED);
    CHECK_EQ(at_eight, UART_IIR_ID_RECEIVED);
}

KTEST(uart16550, overrun_of_the_chip_is_counted_when_the_sender_saw_it)
{
    static const char text[] = "0123456789abcdefghij";
    uint8_t got[sizeof(text)];
    struct uart *uart = com1_borrow_loop();

    if (uart == NULL) {
        SKIP(NO_UART);
    }
    for (size_t i = 0; i < sizeof(text) - 1; i++) {
        uart_write_raw(uart, text + i, 1);
    }
    (void)uart_drain(uart); /* looks at LSR, which clears the bit */
    com1_poll_until(uart, uart->fifo_size);
    size_t count = com1_read_all(uart, got, sizeof(got));

    com1_give_back();
    CHECK_EQ(count, uart->fifo_size);
    CHECK_GE(uart->counts.overruns, 1);
    CHECK_EQ(uart->received.dropped, 0);
}

KTEST(uart16550, full_ring_keeps_the_oldest_and_counts_the_rest)
{
    enum { EXTRA = 5 };
    static uint8_t got[UART_RECEIVE_SIZE + EXTRA];
    struct uart *uart = com1_borrow_loop();

    if (uart == NULL) {
        SKIP(NO_UART);
    }
    for (size_t i = 0; i < UART_RECEIVE_SIZE + EXTRA; i++) {
        const char byte = (char)(i % 251);

        uart_write_raw(uart, &byte, 1);
        com1_poll_until(uart, i + 1);
    }
    size_t count = com1_read_all(uart, got, sizeof(got));

    com1_give_back();
    REQUIRE_EQ(count, UART_RECEIVE_SIZE);
    for (size_t i = 0; i < UART_RECEIVE_SIZE; i++) {
        CHECK_EQ(got[i], i % 251);
    }
    CHECK_EQ(uart->received.dropped, EXTRA);
}

KTEST(uart16550, interrupt_fetches_bytes_and_calls_the_listener_once)
{
    uint8_t got[UART_FIFO_SIZE];
    size_t calls[3] = {0};
    struct uart *uart = com1_borrow_loop();

    if (uart == NULL) {
        SKIP(NO_UART);
    }
    uart_set_listener(uart, com1_count_call, &calls[0]);
    uart_enable_receive_interrupt(uart);
    uint8_t enabled = com1_read(UART_IER);
    bool before = uart_interrupt(uart);

    calls[1] = calls[0];
    uart_write_raw(uart, "x", 1);
    /* A byte below the trigger level interrupts after four characters' time. */
    for (int look = 0; look < COM1_LOOKS_MAX && (com1_read(UART_IIR) & UART_IIR_NOT_PENDING);
         look++) {
    }
    bool served = uart_interrupt(uart);

    calls[2] = calls[0];
    bool after = uart_interrupt(uart);
    size_t count = com1_read_all(uart, got, sizeof(got));

    uart_disable_receive_interrupt(uart);
    uint8_t disabled = com1_read(UART_IER);

    com1_give_back();
    CHECK_EQ(enabled, UART_IER_RECEIVED | UART_IER_LINE_STATUS);
    CHECK_EQ(disabled, 0);
    CHECK(!before);
    CHECK(served);
    CHECK(!after);
    CHECK_EQ(calls[1], 0);
    CHECK_EQ(calls[2], 1);
    CHECK_EQ(calls[0], 1);
    REQUIRE_EQ(count, 1);
    CHECK_EQ(got[0], 'x');
}

KTEST(uart16550, poll_calls_the_listener_when_bytes_came)
{
    size_t calls = 0;
    size_t calls_before;
    uint8_t byte = 0;
    struct uart *uart = com1_borrow_loop();

    if (uart == NULL) {
        SKIP(NO_UART);
    }
    uart_set_listener(uart, com1_count_call, &calls);
    uart_poll(uart);
    calls_before = calls;
    uart_write_raw(uart, "p", 1);
    com1_poll_until(uart, 1);
    bool got = uart_read(uart, &byte);
    bool more = uart_read(uart, &byte);

    com1_give_back();
    CHECK_EQ(calls_before, 0);
    CHECK_EQ(calls, 1);
    CHECK(got);
    CHECK(!more);
    CHECK_EQ(byte, 'p');
}
