/* SPDX-License-Identifier: MIT */
/*
 * Finding a UART and setting it up. Nothing is written to a port range that
 * has no scratch register but that one byte, and what fails the loop after
 * that gets its registers back.
 */
#include "drivers/uart16550.h"
#include "drivers/uart16550_registers.h"
#include "lib/x86/cpu.h"

/* A byte at 115200 takes 87 us, and a look at LSR no less than 0.1 us on any machine. */
#define LOOKS_MAX 100000

/* More than a FIFO holds. */
#define DISCARD_MAX 64

#define FASTEST_DIVISOR 1

#define LINE_FORMAT   UART_LCR_8_BITS
#define MODEM_LINES   (UART_MCR_DTR | UART_MCR_RTS | UART_MCR_OUT2)
#define FIFO_SETTINGS (UART_FCR_ENABLE | UART_FCR_TRIGGER_8)

/* What the probe changes, to be put back where nothing is found. */
struct settings {
    uint8_t interrupt_enable;
    uint8_t line_control;
    uint8_t modem_control;
    uint8_t divisor_low;
    uint8_t divisor_high;
};

/* Wait until LSR shows a bit. Returns whether it did in time. */
static bool wait_for(uint16_t base, unsigned bit)
{
    int looks = LOOKS_MAX;

    while ((uart_reg_read(base, UART_LSR) & bit) == 0) {
        if (--looks == 0) {
            return false;
        }
        cpu_relax();
    }
    return true;
}

static bool scratch_holds(uint16_t base, uint8_t value)
{
    uart_reg_write(base, UART_SCR, value);
    /* Something else on the bus, so that no echo of the value is read. */
    port_delay();
    return uart_reg_read(base, UART_SCR) == value;
}

static bool has_scratch_register(uint16_t base)
{
    uint8_t old = uart_reg_read(base, UART_SCR);
    bool found = scratch_holds(base, 0x5a) && scratch_holds(base, 0xa5);

    uart_reg_write(base, UART_SCR, old);
    return found;
}

static void set_divisor(uint16_t base, unsigned low, unsigned high)
{
    uart_reg_write(base, UART_LCR, LINE_FORMAT | UART_LCR_DLAB);
    uart_reg_write(base, UART_DLL, low);
    uart_reg_write(base, UART_DLM, high);
    uart_reg_write(base, UART_LCR, LINE_FORMAT);
}

static struct settings settings_save(uint16_t base)
{
    struct settings old;

    old.line_control = uart_reg_read(base, UART_LCR);
    old.modem_control = uart_reg_read(base, UART_MCR);
    uart_reg_write(base, UART_LCR, LINE_FORMAT | UART_LCR_DLAB);
    old.divisor_low = uart_reg_read(base, UART_DLL);
    old.divisor_high = uart_reg_read(base, UART_DLM);
    uart_reg_write(base, UART_LCR, LINE_FORMAT);
    old.interrupt_enable = uart_reg_read(base, UART_IER);
    return old;
}

static void settings_restore(uint16_t base, const struct settings *old)
{
    set_divisor(base, old->divisor_low, old->divisor_high);
    uart_reg_write(base, UART_IER, old->interrupt_enable);
    uart_reg_write(base, UART_MCR, old->modem_control);
    uart_reg_write(base, UART_LCR, old->line_control);
}

/* Throw away what the receiver holds. */
static void discard_received(uint16_t base)
{
    for (int i = 0; i < DISCARD_MAX; i++) {
        if ((uart_reg_read(base, UART_LSR) & UART_LSR_DATA_READY) == 0) {
            return;
        }
        (void)uart_reg_read(base, UART_RBR);
    }
}

/* Whether a byte comes back in the chip's own loop; leaves the loop on. */
static bool loops_back(uint16_t base, uint8_t byte)
{
    uart_reg_write(base, UART_MCR, UART_MCR_LOOP);
    discard_received(base);
    uart_reg_write(base, UART_THR, byte);
    return wait_for(base, UART_LSR_DATA_READY) && uart_reg_read(base, UART_RBR) == byte;
}

/* Turn the FIFOs on. Returns how many bytes may be sent at once. */
static uint8_t fifo_enable(uint16_t base)
{
    uart_reg_write(base, UART_FCR,
                   FIFO_SETTINGS | UART_FCR_CLEAR_RECEIVE | UART_FCR_CLEAR_TRANSMIT);
    if ((uart_reg_read(base, UART_IIR) & UART_IIR_FIFO_MASK) == UART_IIR_FIFO_MASK) {
        return UART_FIFO_SIZE;
    }
    /* A 16450 has no FIFOs, those of the first 16550 lose bytes: it shows bit 7 alone. */
    uart_reg_write(base, UART_FCR, 0);
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

    uart_reg_write(base, UART_IER, 0);
    (void)wait_for(base, UART_LSR_TX_EMPTY);
    set_divisor(base, FASTEST_DIVISOR, 0); /* so that the probe's wait fits every rate */
    if (!loops_back(base, 0x5a) || !loops_back(base, 0xa5)) {
        settings_restore(base, &old);
        return ERR_NO_DEVICE;
    }
    *uart = (struct uart){.base = base, .fifo_size = fifo_enable(base)};
    uart->received = (struct ring){.bytes = uart->received_bytes, .size = UART_RECEIVE_SIZE};
    set_divisor(base, divisor & 0xff, divisor >> 8);
    uart_reg_write(base, UART_MCR, MODEM_LINES);
    discard_received(base);
    return OK;
}
