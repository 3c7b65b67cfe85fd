/* SPDX-License-Identifier: MIT */
/* COM1, with its interrupt. */
#include "kernel/serial.h"

#include <stddef.h>

#include "kernel/irq.h"
#include "kernel/log.h"

static struct {
    struct uart uart;
    bool present;
    bool polled;
} com1;

enum status serial_init(void)
{
    enum status status = uart_init(&com1.uart, UART_COM1, SERIAL_BAUD);

    com1.present = status == OK;
    return status;
}

bool serial_is_present(void)
{
    return com1.present;
}

unsigned serial_fifo_size(void)
{
    return com1.uart.fifo_size;
}

void serial_write(const char *text, size_t length)
{
    if (com1.present) {
        uart_write(&com1.uart, text, length);
    }
}

void serial_drain(void)
{
    if (com1.present) {
        uart_drain(&com1.uart);
    }
}

bool serial_read(uint8_t *byte)
{
    return com1.present && uart_read(&com1.uart, byte);
}

static void serial_interrupt(void)
{
    uart_interrupt(&com1.uart);
}

void serial_start_input(uart_listener *listener)
{
    if (!com1.present) {
        log_warn("uart16550", "no serial port at 0x%x", UART_COM1);
        return;
    }
    uart_set_listener(&com1.uart, listener, NULL);
    com1.polled = irq_attach(IRQ_COM1, serial_interrupt) != OK;
    if (!com1.polled) {
        uart_enable_receive_interrupt(&com1.uart);
    }
    log_info("uart16550", "COM1 at %u 8N1, FIFO of %u, input %s", SERIAL_BAUD, com1.uart.fifo_size,
             com1.polled ? "polled" : "by interrupt");
}

bool serial_is_polled(void)
{
    return com1.present && com1.polled;
}

uint64_t serial_lost_count(void)
{
    return com1.uart.received.dropped + com1.uart.counts.overruns;
}

void serial_poll(void)
{
    if (com1.present && com1.polled) {
        uart_poll(&com1.uart);
    }
}
