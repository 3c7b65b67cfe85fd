/* SPDX-License-Identifier: MIT */
/*
 * The keyboard controller of a PC: two ports, and a configuration byte behind
 * commands. What is sent to the data port goes to the keyboard unless the
 * command before it asked for it.
 * Source: IBM PS/2 Technical Reference, "Keyboard and Auxiliary Device
 * Controller"; Intel UPI-42 (8042) datasheet.
 */
#pragma once

#include "lib/bits.h"

#define I8042_DATA    0x60 /* read: output buffer, write: input buffer */
#define I8042_STATUS  0x64 /* read */
#define I8042_COMMAND 0x64 /* write */

#define I8042_STATUS_OUTPUT_FULL BIT(0) /* a byte waits to be read */
#define I8042_STATUS_INPUT_FULL  BIT(1) /* the controller has not taken the last byte yet */
#define I8042_STATUS_AUX         BIT(5) /* the byte that waits is the second port's */

#define I8042_COMMAND_READ_CONFIG   0x20
#define I8042_COMMAND_WRITE_CONFIG  0x60 /* the byte follows at the data port */
#define I8042_COMMAND_DISABLE_PORT2 0xa7
#define I8042_COMMAND_ENABLE_PORT2  0xa8
#define I8042_COMMAND_SELF_TEST     0xaa
#define I8042_COMMAND_TEST_PORT1    0xab
#define I8042_COMMAND_DISABLE_PORT1 0xad
#define I8042_COMMAND_ENABLE_PORT1  0xae
#define I8042_COMMAND_WRITE_OUTPUT  0xd2 /* the byte that follows, as if from port one */
#define I8042_COMMAND_WRITE_AUX     0xd3 /* the byte that follows, as if from port two */
#define I8042_COMMAND_PULSE_RESET   0xfe /* output port bit 0, the CPU's reset line, low for 6 us */

#define I8042_SELF_TEST_PASSED 0x55
#define I8042_PORT_TEST_PASSED 0x00 /* 1 and 2: clock stuck low, high; 3 and 4: data */

#define I8042_CONFIG_PORT1_IRQ   BIT(0) /* IRQ 1 when its byte waits */
#define I8042_CONFIG_PORT2_IRQ   BIT(1) /* IRQ 12 */
#define I8042_CONFIG_SYSTEM_FLAG BIT(2) /* the firmware's: power-on test passed */
#define I8042_CONFIG_PORT1_OFF   BIT(4) /* clock held low */
#define I8042_CONFIG_PORT2_OFF   BIT(5)
#define I8042_CONFIG_TRANSLATE   BIT(6) /* scancode set 2 arrives as set 1 */
