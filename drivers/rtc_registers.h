/* SPDX-License-Identifier: MIT */
/*
 * The real-time clock of a PC: the MC146818's registers behind an index port.
 * Source: Motorola MC146818 datasheet, "Registers".
 */
#pragma once

#include "lib/bits.h"

/*
 * Bit 7 of the index port is not the clock's: on a PC it gates the NMI, 1 off.
 * The port cannot be read back, so each access decides it anew: ours leave it
 * 0, NMI on.
 */
#define RTC_INDEX         0x70
#define RTC_INDEX_NMI_OFF BIT(7)
#define RTC_DATA          0x71

#define RTC_SECONDS 0x00
#define RTC_MINUTES 0x02
#define RTC_HOURS   0x04
#define RTC_DAY     0x07 /* of the month */
#define RTC_MONTH   0x08
#define RTC_YEAR    0x09
#define RTC_CENTURY 0x32 /* no register of the chip, but RAM that a PC's firmware keeps it in */

#define RTC_REG_A              0x0a
#define RTC_REG_A_UIP          BIT(7) /* update in progress, or within 244 us: do not read the time */
#define RTC_REG_A_DIVIDER_MASK (BIT(6) | BIT(5) | BIT(4))
#define RTC_REG_A_DIVIDER_32K  BIT(5) /* crystal of 32,768 Hz, divider running */
#define RTC_REG_A_RATE_MASK    0x0f /* periodic rate: 32,768 Hz >> (rate - 1), from rate 3 on */

#define RTC_REG_B        0x0b
#define RTC_REG_B_PIE    BIT(6) /* periodic interrupt enable */
#define RTC_REG_B_BINARY BIT(2) /* time in binary; 0: in BCD */
#define RTC_REG_B_24H    BIT(1) /* hours 0 to 23; 0: 1 to 12, and bit 7 after noon */

#define RTC_REG_C      0x0c /* reading clears it, and so the interrupt */
#define RTC_REG_C_IRQF BIT(7) /* an enabled cause is pending: the line is held */
#define RTC_REG_C_PF   BIT(6) /* a period ended */
