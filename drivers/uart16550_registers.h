/* SPDX-License-Identifier: MIT */
/*
 * Registers of the 16550 UART family, as offsets from its first port. Source:
 * National Semiconductor PC16550D datasheet, "Registers".
 */
#pragma once

#include <stdint.h>

#include "lib/bits.h"
#include "lib/x86/port.h"

#define UART_RBR 0 /* receiver buffer: read */
#define UART_THR 0 /* transmitter holding: write */
#define UART_IER 1 /* interrupt enable */
#define UART_IIR 2 /* interrupt identification: read */
#define UART_FCR 2 /* FIFO control: write */
#define UART_LCR 3 /* line control */
#define UART_MCR 4 /* modem control */
#define UART_LSR 5 /* line status */
#define UART_MSR 6 /* modem status */
#define UART_SCR 7 /* scratch: holds a byte, does nothing */

/* With UART_LCR_DLAB set, the first two ports are the divisor latches. */
#define UART_DLL 0
#define UART_DLM 1

#define UART_IER_RECEIVED    BIT(0) /* a byte arrived, or the FIFO reached its trigger level */
#define UART_IER_THR_EMPTY   BIT(1)
#define UART_IER_LINE_STATUS BIT(2) /* an error or a break */

#define UART_IIR_NOT_PENDING BIT(0)
#define UART_IIR_ID_MASK     (BIT(1) | BIT(2) | BIT(3))
#define UART_IIR_FIFO_MASK   (BIT(6) | BIT(7)) /* both set: the FIFOs are on and work */

/* The causes, in UART_IIR_ID_MASK; each goes away by what is said here. */
#define UART_IIR_ID_MODEM_STATUS (0U << 1) /* MSR is read */
#define UART_IIR_ID_THR_EMPTY    (1U << 1) /* IIR is read */
#define UART_IIR_ID_RECEIVED     (2U << 1) /* RBR is read until below the trigger level */
#define UART_IIR_ID_LINE_STATUS  (3U << 1) /* LSR is read */
#define UART_IIR_ID_TIMEOUT      (6U << 1) /* RBR is read: bytes below the trigger level waited */

#define UART_FCR_ENABLE         BIT(0)
#define UART_FCR_CLEAR_RECEIVE  BIT(1)
#define UART_FCR_CLEAR_TRANSMIT BIT(2)
#define UART_FCR_TRIGGER_8      BIT(7) /* interrupt at 8 received bytes of 16 */

#define UART_LCR_8_BITS (BIT(0) | BIT(1)) /* bits 2-5 clear: one stop bit, no parity */
#define UART_LCR_DLAB   BIT(7) /* divisor latch access */

#define UART_MCR_DTR  BIT(0)
#define UART_MCR_RTS  BIT(1)
#define UART_MCR_OUT2 BIT(3) /* on a PC: lets the interrupt out to the bus */
#define UART_MCR_LOOP BIT(4) /* what is sent is received, and nothing leaves */

#define UART_LSR_DATA_READY BIT(0)
#define UART_LSR_OVERRUN    BIT(1) /* bytes were lost: the receiver was full */
#define UART_LSR_PARITY     BIT(2) /* this and the next two: of the byte that RBR gives next */
#define UART_LSR_FRAMING    BIT(3)
#define UART_LSR_BREAK      BIT(4)
#define UART_LSR_THR_EMPTY  BIT(5) /* room for a byte, or for a whole FIFO where that is on */
#define UART_LSR_TX_EMPTY   BIT(6) /* nothing left in the shift register either */

/* Reading LSR clears these. */
#define UART_LSR_DAMAGE (UART_LSR_PARITY | UART_LSR_FRAMING | UART_LSR_BREAK)
#define UART_LSR_ERRORS (UART_LSR_OVERRUN | UART_LSR_DAMAGE)

#define UART_FIFO_SIZE 16

/* The PC's 1.8432 MHz crystal over the chip's 16 clocks a bit: the rate at divisor 1. */
#define UART_BASE_BAUD 115200

static inline uint8_t uart_reg_read(uint16_t base, uint16_t reg)
{
    return port_read8(base + reg);
}

static inline void uart_reg_write(uint16_t base, uint16_t reg, unsigned value)
{
    port_write8(base + reg, (uint8_t)value);
}
