/* SPDX-License-Identifier: MIT */
/*
 * The probe, sending and receiving. Reading LSR clears its error bits, and
 * both halves read it: the sending half keeps what it saw for the receiving
 * one, which alone counts.
 */
#include "drivers/uart16550.h"

#include "drivers/uart16550_registers.h"
#include "lib/bits.h"
#include "lib/x86/cpu.h"
#include "lib/x86/port.h"

/*
 * Waits are counted in looks at LSR. One takes about a microsecond on the LPC
 * bus, and no less than a tenth of that on any machine: the bound is a second
 * or so, and always longer than a FIFO needs to empty at 115200 (1.4 ms).
 */
#define SEND_LOOKS_MAX  4000000
#define PROBE_LOOKS_MAX 100000

/* More than a FIFO holds, so only a chip that is broken or gone reaches them. */
#define RECEIVE_BYTES_MAX 64
#define CAUSES_MAX        16

#define LINE_FORMAT    UART_LCR_8_BITS
#define MODEM_LINES    (UART_MCR_DTR | UART_MCR_RTS | UART_MCR_OUT2)
#define FIFO_SETTINGS  (UART_FCR_ENABLE | UART_FCR_TRIGGER_8)
#define RECEIVE_CAUSES (UART_IER_RECEIVED | UART_IER_LINE_STATUS)

#define FASTEST_DIVISOR 1

/* What the probe changes, to be put back where nothing is found. */
struct settings {
    uint8_t interrupt_enable;
    uint8_t line_control;
    uint8_t modem_control;
    uint8_t divisor_low;
    uint8_t divisor_high;
};

static uint8_t reg_read(uint16_t base, uint16_t reg)
{
    return port_read8(base + reg);
}

static void reg_write(uint16_t base, uint16_t reg, unsigned value)
{
    port_write8(base + reg, (uint8_t)value);
}

/* Wait until LSR shows a bit, for so many looks at the most. Returns whether it did. */
static bool wait_for(uint16_t base, unsigned bit, unsigned looks)
{
    while ((reg_read(base, UART_LSR) & bit) == 0) {
        if (--looks == 0) {
            return false;
        }
        cpu_relax();
    }
    return true;
}

static bool scratch_holds(uint16_t base, uint8_t value)
{
    reg_write(base, UART_SCR, value);
    /* Something else on the bus, so that no echo of the value is read. */
    port_delay();
    return reg_read(base, UART_SCR) == value;
}

static bool has_scratch_register(uint16_t base)
{
    uint8_t old = reg_read(base, UART_SCR);
    bool found = scratch_holds(base, 0x5a) && scratch_holds(base, 0xa5);

    reg_write(base, UART_SCR, old);
    return found;
}

static void set_divisor(uint16_t base, unsigned low, unsigned high)
{
    reg_write(base, UART_LCR, LINE_FORMAT | UART_LCR_DLAB);
    reg_write(base, UART_DLL, low);
    reg_write(base, UART_DLM, high);
    reg_write(base, UART_LCR, LINE_FORMAT);
}

static struct settings settings_save(uint16_t base)
{
    struct settings old;

    old.line_control = reg_read(base, UART_LCR);
    old.modem_control = reg_read(base, UART_MCR);
    reg_write(base, UART_LCR, LINE_FORMAT | UART_LCR_DLAB);
    old.divisor_low = reg_read(base, UART_DLL);
    old.divisor_high = reg_read(base, UART_DLM);
    reg_write(base, UART_LCR, LINE_FORMAT);
    old.interrupt_enable = reg_read(base, UART_IER);
    return old;
}

static void settings_restore(uint16_t base, const struct settings *old)
{
    set_divisor(base, old->divisor_low, old->divisor_high);
    reg_write(base, UART_IER, old->interrupt_enable);
    reg_write(base, UART_MCR, old->modem_control);
    reg_write(base, UART_LCR, old->line_control);
}

/* Throw away what the receiver holds. */
static void discard_received(uint16_t base)
{
    for (int i = 0; i < RECEIVE_BYTES_MAX; i++) {
        if ((reg_read(base, UART_LSR) & UART_LSR_DATA_READY) == 0) {
            return;
        }
        (void)reg_read(base, UART_RBR);
    }
}

/* Whether a byte comes back in the chip's own loop; leaves the loop on. */
static bool loops_back(uint16_t base, uint8_t byte)
{
    reg_write(base, UART_MCR, UART_MCR_LOOP);
    discard_received(base);
    reg_write(base, UART_THR, byte);
    return wait_for(base, UART_LSR_DATA_READY, PROBE_LOOKS_MAX) && reg_read(base, UART_RBR) == byte;
}

/* Turn the FIFOs on. Returns how many bytes may be sent at once. */
static uint8_t fifo_enable(uint16_t base)
{
    reg_write(base, UART_FCR, FIFO_SETTINGS | UART_FCR_CLEAR_RECEIVE | UART_FCR_CLEAR_TRANSMIT);
    if ((reg_read(base, UART_IIR) & UART_IIR_FIFO_MASK) == UART_IIR_FIFO_MASK) {
        return UART_FIFO_SIZE;
    }
    /* A 16450 has no FIFOs, those of the first 16550 lose bytes: it shows bit 7 alone. */
    reg_write(base, UART_FCR, 0);
    return 1;
}

enum status uart_init(struct uart *uart, uint16_t base, uint32_t baud)
{
    if (baud < 2 || UART_BASE_BAUD % baud != 0) {
        return ERR_BAD_ARG;
    }
    if (!has_scratch_register(base)) {
        return ERR_NO_DEVICE;
    }

    uint32_t divisor = UART_BASE_BAUD / baud;
    struct settings old = settings_save(base);

    reg_write(base, UART_IER, 0);
    (void)wait_for(base, UART_LSR_TX_EMPTY, PROBE_LOOKS_MAX);
    set_divisor(base, FASTEST_DIVISOR, 0); /* so that the probe's wait fits every rate */
    if (!loops_back(base, 0x5a) || !loops_back(base, 0xa5)) {
        settings_restore(base, &old);
        return ERR_NO_DEVICE;
    }
    *uart = (struct uart){.base = base, .fifo_size = fifo_enable(base)};
    uart->received = (struct ring){.bytes = uart->received_bytes, .size = UART_RECEIVE_SIZE};
    set_divisor(base, divisor & 0xff, divisor >> 8);
    reg_write(base, UART_MCR, MODEM_LINES);
    discard_received(base);
    return OK;
}

static uint8_t line_status(struct uart *uart)
{
    uint8_t status = reg_read(uart->base, UART_LSR);

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
    reg_write(uart->base, UART_IER, RECEIVE_CAUSES);
}

void uart_disable_receive_interrupt(struct uart *uart)
{
    reg_write(uart->base, UART_IER, 0);
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

        uint8_t byte = reg_read(uart->base, UART_RBR);
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
    uint8_t causes = reg_read(uart->base, UART_IER);

    reg_write(uart->base, UART_IER, 0);
    reg_write(uart->base, UART_IER, causes);
}

bool uart_interrupt(struct uart *uart)
{
    bool received = false;
    int served;

    for (served = 0; served < CAUSES_MAX; served++) {
        uint8_t identification = reg_read(uart->base, UART_IIR);

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
            (void)reg_read(uart->base, UART_MSR);
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
