/* SPDX-License-Identifier: MIT */
/*
 * Sending and receiving. Reading LSR clears its error bits, and both halves
 * read it: the sending half keeps what it saw for the receiving one, which
 * alone counts, when it takes the byte the bits belong to.
 */
#include "drivers/uart16550.h"

#include "drivers/uart16550_registers.h"
#include "lib/bits.h"
#include "lib/x86/cpu.h"

/*
 * How often to look at LSR before giving up. A look takes about 1 us on a PC's
 * bus, 0.2 us in an emulator without acceleration: a second, or a few. That is
 * long for a FIFO, which empties in 1.4 ms, but not for a host that reads
 * what its guest sends when it gets round to it.
 */
#define SEND_LOOKS_MAX 4000000

/* More than a FIFO holds, so only a chip that is broken or gone reaches them. */
#define RECEIVE_BYTES_MAX 64
#define CAUSES_MAX        16

#define RECEIVE_CAUSES (UART_IER_RECEIVED | UART_IER_LINE_STATUS)

static uint8_t line_status(struct uart *uart)
{
    uint8_t status = uart_reg_read(uart->base, UART_LSR);

    if (UNLIKELY((status & UART_LSR_ERRORS) != 0)) {
        __atomic_fetch_or(&uart->errors_seen, status & UART_LSR_ERRORS, __ATOMIC_RELAXED);
    }
    return status;
}

/* Fill the transmitter if it is empty. Returns how many bytes it took. */
static size_t fill(struct uart *uart, const char *bytes, size_t length)
{
    uint16_t port = uart->base + UART_THR;
    size_t count = 0;
    uint64_t flags = irq_save(); /* nobody else may see the same room */

    if ((line_status(uart) & UART_LSR_THR_EMPTY) != 0) {
        size_t left = count = MIN(length, (size_t)uart->fifo_size);

        __asm__ volatile("rep outsb" : "+S"(bytes), "+c"(left) : "d"(port) : "memory");
    }
    irq_restore(flags);
    return count;
}

/* Send bytes as long as the line takes them. Returns how many it took. */
static size_t send(struct uart *uart, const char *bytes, size_t length)
{
    unsigned looks = uart->is_stalled ? 1 : SEND_LOOKS_MAX;
    size_t sent = 0;

    while (sent < length) {
        size_t count = fill(uart, bytes + sent, length - sent);

        if (count > 0) {
            sent += count;
            looks = SEND_LOOKS_MAX;
            uart->is_stalled = false;
        } else if (--looks == 0) {
            uart->is_stalled = true;
            break;
        } else {
            cpu_relax();
        }
    }
    return sent;
}

void uart_write_raw(struct uart *uart, const char *bytes, size_t length)
{
    uart->counts.not_sent += length - send(uart, bytes, length);
}

static size_t length_to_line_feed(const char *text, size_t length)
{
    size_t i = 0;

    while (i < length && text[i] != '\n') {
        i++;
    }
    return i;
}

void uart_write(struct uart *uart, const char *text, size_t length)
{
    const char *end = text + length;

    while (text < end) {
        size_t run = length_to_line_feed(text, (size_t)(end - text));
        size_t sent = send(uart, text, run);

        text += sent;
        if (sent < run) {
            break;
        }
        if (text < end) {
            if (send(uart, "\r\n", 2) < 2) {
                break;
            }
            text++;
        }
    }
    uart->counts.not_sent += (size_t)(end - text);
}

bool uart_drain(struct uart *uart)
{
    unsigned looks = uart->is_stalled ? 1 : SEND_LOOKS_MAX;

    while ((line_status(uart) & UART_LSR_TX_EMPTY) == 0) {
        if (--looks == 0) {
            return false;
        }
        cpu_relax();
    }
    return true;
}

void uart_set_listener(struct uart *uart, uart_listener *listener, void *context)
{
    uart->listener = listener;
    uart->listener_context = context;
}

void uart_enable_receive_interrupt(struct uart *uart)
{
    uart_reg_write(uart->base, UART_IER, RECEIVE_CAUSES);
}

void uart_disable_receive_interrupt(struct uart *uart)
{
    uart_reg_write(uart->base, UART_IER, 0);
}

static void count_errors(struct uart *uart, uint8_t errors)
{
    uart->counts.overruns += (errors & UART_LSR_OVERRUN) != 0;
    uart->counts.parity_errors += (errors & UART_LSR_PARITY) != 0;
    /* A break looks like a byte without a stop bit and sets both bits. */
    if ((errors & UART_LSR_BREAK) != 0) {
        uart->counts.breaks++;
    } else {
        uart->counts.framing_errors += (errors & UART_LSR_FRAMING) != 0;
    }
}

/* Put what the receiver holds into the ring, but no damaged byte. Returns whether there was any. */
static bool receive(struct uart *uart)
{
    int i;

    for (i = 0; i < RECEIVE_BYTES_MAX; i++) {
        if ((line_status(uart) & UART_LSR_DATA_READY) == 0) {
            break;
        }

        uint8_t byte = uart_reg_read(uart->base, UART_RBR);
        uint8_t errors = __atomic_exchange_n(&uart->errors_seen, 0, __ATOMIC_RELAXED);

        count_errors(uart, errors);
        if ((errors & UART_LSR_DAMAGE) == 0) {
            (void)ring_put(&uart->received, byte);
        }
    }
    return i > 0;
}

static void tell_listener(const struct uart *uart)
{
    if (uart->listener != NULL) {
        uart->listener(uart->listener_context);
    }
}

/* Drop the interrupt line and raise it: an edge-triggered 8259 misses a cause left pending. */
static void interrupt_again(struct uart *uart)
{
    uint8_t causes = uart_reg_read(uart->base, UART_IER);

    uart_reg_write(uart->base, UART_IER, 0);
    uart_reg_write(uart->base, UART_IER, causes);
}

bool uart_interrupt(struct uart *uart)
{
    bool received = false;
    int served;

    for (served = 0; served < CAUSES_MAX; served++) {
        uint8_t identification = uart_reg_read(uart->base, UART_IIR);

        if ((identification & UART_IIR_NOT_PENDING) != 0) {
            break;
        }
        switch (identification & UART_IIR_ID_MASK) {
        case UART_IIR_ID_RECEIVED:
        case UART_IIR_ID_TIMEOUT:
            received |= receive(uart);
            break;
        case UART_IIR_ID_LINE_STATUS:
            (void)line_status(uart);
            break;
        case UART_IIR_ID_MODEM_STATUS:
            (void)uart_reg_read(uart->base, UART_MSR);
            break;
        }
    }
    if (served == CAUSES_MAX) {
        interrupt_again(uart);
    }
    if (received) {
        tell_listener(uart);
    }
    return served > 0;
}

void uart_poll(struct uart *uart)
{
    if (receive(uart)) {
        tell_listener(uart);
    }
}

bool uart_read(struct uart *uart, uint8_t *byte)
{
    return ring_get(&uart->received, byte);
}
