/* SPDX-License-Identifier: MIT */
/* Finding a UART and setting it up, on COM1 and where there is none. */
#include "drivers/uart16550.h"
#include "drivers/uart16550_registers.h"
#include "lib/bits.h"
#include "lib/x86/cpu.h"
#include "lib/x86/port.h"
#include "tests/kernel/com1_loan.h"
#include "tests/ktest.h"

static struct uart uart; /* not the kernel's */

KTEST(uart16550, init_sets_up_the_line_and_leaves_scratch_alone)
{
    if (!com1_borrow()) {
        SKIP("no UART at COM1");
    }
    com1_write(UART_SCR, 0x3c);
    com1_write(UART_IER, UART_IER_RECEIVED);
    com1_write(UART_MCR, 0);

    enum status status = uart_init(&uart, UART_COM1, COM1_BAUD);
    struct com1_registers now = com1_registers_read();
    uint8_t identification = com1_read(UART_IIR);
    uint8_t line_status = com1_read(UART_LSR);

    com1_give_back();
    CHECK_OK(status);
    CHECK_EQ(now.ier, 0);
    CHECK_EQ(now.lcr, UART_LCR_8_BITS);
    CHECK_EQ(now.mcr, UART_MCR_DTR | UART_MCR_RTS | UART_MCR_OUT2);
    CHECK_EQ(now.dll, 1);
    CHECK_EQ(now.dlm, 0);
    CHECK_EQ(now.scr, 0x3c);
    CHECK_EQ(uart.fifo_size,
             (identification & UART_IIR_FIFO_MASK) == UART_IIR_FIFO_MASK ? UART_FIFO_SIZE : 1);
    CHECK_EQ(line_status & (UART_LSR_DATA_READY | UART_LSR_ERRORS), 0);
    CHECK(ring_is_empty(&uart.received));
}

KTEST(uart16550, init_sets_the_divisor_of_other_rates)
{
    if (!com1_borrow()) {
        SKIP("no UART at COM1");
    }
    enum status status = uart_init(&uart, UART_COM1, 300);
    struct com1_registers now = com1_registers_read();

    com1_give_back();
    CHECK_OK(status);
    CHECK_EQ(now.dll, 0x80);
    CHECK_EQ(now.dlm, 0x01);
}

KTEST(uart16550, init_refuses_rates_that_the_divisor_cannot_make)
{
    static const uint32_t rates[] = {0, 1, 7, 115199, 115201, 230400};

    uart.base = 0x1234;
    for (size_t i = 0; i < ARRAY_SIZE(rates); i++) {
        CHECK_STATUS(uart_init(&uart, UART_COM1, rates[i]), ERR_BAD_ARG);
        CHECK_EQ(uart.base, 0x1234);
    }
}

KTEST(uart16550, init_finds_nothing_at_unused_ports)
{
    static const uint16_t bases[] = {0x2e8, 0x3e8, 0x2f8};

    for (size_t i = 0; i < ARRAY_SIZE(bases); i++) {
        if (port_read8(bases[i] + UART_LSR) == 0xff && port_read8(bases[i] + UART_SCR) == 0xff) {
            uart.base = 0x1234;
            CHECK_STATUS(uart_init(&uart, bases[i], COM1_BAUD), ERR_NO_DEVICE);
            CHECK_EQ(uart.base, 0x1234);
            return;
        }
    }
    SKIP("a device at each port tried");
}

/*
 * The DMA page registers stand in for a device that is no UART: the eighth
 * port holds a byte as a scratch register does, and nothing loops. Nobody uses
 * DMA here.
 */
KTEST(uart16550, init_rejects_and_leaves_what_does_not_loop)
{
    enum { BASE = 0x80, STATUS = BASE + UART_LSR, PAGE_2 = 0x81, PAGE_1 = 0x83, PAGE_0 = 0x87 };
    uint64_t flags = irq_save();
    const uint8_t old[] = {port_read8(PAGE_2), port_read8(PAGE_1), port_read8(PAGE_0)};

    port_write8(STATUS, 0);
    port_write8(PAGE_2, 0x12);
    port_write8(PAGE_1, 0x34);
    port_write8(PAGE_0, 0x56);

    enum status status = uart_init(&uart, BASE, COM1_BAUD);
    const uint8_t now[] = {port_read8(PAGE_2), port_read8(PAGE_1), port_read8(PAGE_0)};

    port_write8(PAGE_2, old[0]);
    port_write8(PAGE_1, old[1]);
    port_write8(PAGE_0, old[2]);
    irq_restore(flags);
    CHECK_STATUS(status, ERR_NO_DEVICE);
    CHECK_EQ(now[0], 0x12);
    CHECK_EQ(now[1], 0x34);
    CHECK_EQ(now[2], 0x56);
}

KTEST(uart16550, registers_are_given_back_as_they_were)
{
    struct com1_registers before;
    struct com1_registers after;

    if (!com1_borrow()) {
        SKIP("no UART at COM1");
    }
    before = com1_registers_read();
    com1_give_back();
    if (com1_borrow_loop() == NULL) {
        SKIP("no UART at COM1");
    }
    com1_write(UART_SCR, before.scr ^ 0xff);
    com1_give_back();
    if (!com1_borrow()) {
        SKIP("no UART at COM1");
    }
    after = com1_registers_read();
    com1_give_back();
    CHECK_MEM_EQ(&after, &before, sizeof(before));
}
