/* SPDX-License-Identifier: MIT */
/*
 * Port input and output, one instruction each. Source: Intel SDM, "IN",
 * "OUT". An absent device reads as all ones and swallows what is written.
 */
#pragma once

#include <stdint.h>

static inline uint8_t port_read8(uint16_t port)
{
    uint8_t value;

    __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static inline uint16_t port_read16(uint16_t port)
{
    uint16_t value;

    __asm__ volatile("inw %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static inline void port_write8(uint16_t port, uint8_t value)
{
    __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static inline void port_write16(uint16_t port, uint16_t value)
{
    __asm__ volatile("outw %0, %1" : : "a"(value), "Nd"(port));
}

static inline void port_write32(uint16_t port, uint32_t value)
{
    __asm__ volatile("outl %0, %1" : : "a"(value), "Nd"(port));
}

/* The POST diagnostic port: a write goes nowhere and takes about a microsecond on the bus. */
#define PORT_POST_DELAY 0x80

/* Give an old chip time between two accesses, where its datasheet asks for it. */
static inline void port_delay(void)
{
    port_write8(PORT_POST_DELAY, 0);
}
