/* SPDX-License-Identifier: MIT */
/* Lends COM1 to tests. */
#include "tests/kernel/com1_loan.h"

#include "drivers/uart16550_registers.h"
#include "lib/x86/cpu.h"
#include "lib/x86/port.h"

#define STAND_IN_SHIFT 2

static struct {
    uint64_t flags;
    struct com1_registers registers;
    struct uart loop; /* not the kernel's, which stays as it is */
    struct uart stand_in;
} loan;

uint8_t com1_read(uint16_t reg)
{
    return port_read8(UART_COM1 + reg);
}

void com1_write(uint16_t reg, unsigned value)
{
    port_write8(UART_COM1 + reg, (uint8_t)value);
}

struct com1_registers com1_registers_read(void)
{
    struct com1_registers now = {.lcr = com1_read(UART_LCR)};

    com1_write(UART_LCR, now.lcr | UART_LCR_DLAB);
    now.dll = com1_read(UART_DLL);
    now.dlm = com1_read(UART_DLM);
    com1_write(UART_LCR, now.lcr & (uint8_t)~UART_LCR_DLAB);
    now.ier = com1_read(UART_IER);
    now.mcr = com1_read(UART_MCR);
    now.scr = com1_read(UART_SCR);
    com1_write(UART_LCR, now.lcr);
    return now;
}

static void registers_restore(const struct com1_registers *old)
{
    com1_write(UART_LCR, old->lcr | UART_LCR_DLAB);
    com1_write(UART_DLL, old->dll);
    com1_write(UART_DLM, old->dlm);
    com1_write(UART_LCR, old->lcr & (uint8_t)~UART_LCR_DLAB);
    com1_write(UART_IER, old->ier);
    com1_write(UART_MCR, old->mcr);
    com1_write(UART_SCR, old->scr);
    com1_write(UART_LCR, old->lcr);
}

static bool wait_until_sent(void)
{
    for (int look = 0; look < COM1_LOOKS_MAX; look++) {
        if ((com1_read(UART_LSR) & UART_LSR_TX_EMPTY) != 0) {
            return true;
        }
    }
    return false;
}

bool com1_borrow(void)
{
    uint64_t flags = irq_save();

    if (com1_read(UART_LSR) == 0xff || !wait_until_sent()) {
        irq_restore(flags);
        return false;
    }
    loan.flags = flags;
    loan.registers = com1_registers_read();
    return true;
}

void com1_give_back(void)
{
    (void)wait_until_sent();
    registers_restore(&loan.registers);
    irq_restore(loan.flags);
}

struct uart *com1_borrow_loop(void)
{
    if (!com1_borrow()) {
        return NULL;
    }
    if (uart_init(&loan.loop, UART_COM1, COM1_BAUD) != OK) {
        com1_give_back();
        return NULL;
    }
    com1_write(UART_MCR, UART_MCR_LOOP);
    return &loan.loop;
}

struct uart *com1_borrow_fifo(void)
{
    struct uart *uart = com1_borrow_loop();

    if (uart != NULL && uart->fifo_size < UART_FIFO_SIZE) {
        com1_give_back();
        return NULL;
    }
    return uart;
}

struct uart *com1_borrow_stand_in(unsigned line_status)
{
    const struct uart *loop = com1_borrow_loop();

    if (loop == NULL) {
        return NULL;
    }
    loan.stand_in = *loop;
    loan.stand_in.base = UART_COM1 + STAND_IN_SHIFT;
    loan.stand_in.received.bytes = loan.stand_in.received_bytes;
    com1_write(UART_SCR, line_status);
    return &loan.stand_in;
}

size_t com1_read_all(struct uart *uart, uint8_t *bytes, size_t size)
{
    size_t count = 0;

    while (count < size && uart_read(uart, &bytes[count])) {
        count++;
    }
    return count;
}

void com1_poll_until(struct uart *uart, uint64_t bytes)
{
    for (int look = 0; look < COM1_LOOKS_MAX; look++) {
        if (uart->received.head + uart->received.dropped >= bytes) {
            break;
        }
        uart_poll(uart);
    }
    (void)uart_drain(uart);
    uart_poll(uart);
}

void com1_count_call(void *context)
{
    ++*(size_t *)context;
}
