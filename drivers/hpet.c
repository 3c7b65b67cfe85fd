/* SPDX-License-Identifier: MIT */
/* Finds the HPET and clears its legacy replacement. */
#include "drivers/hpet.h"

#include "lib/bits.h"
#include "lib/bytes.h"

/* The table: a Generic Address Structure behind the header and an id. */
#define TABLE_SPACE   40
#define TABLE_ADDRESS 44
#define TABLE_SIZE    56
#define SPACE_MEMORY  0

#define HPET_ID            0x000 /* capabilities; the period in the upper half is never 0 */
#define HPET_CONFIGURATION 0x010

#define HPET_CONFIGURATION_LEG_RT BIT(1) /* legacy replacement */

#define NO_DEVICE UINT32_MAX /* what an empty bus reads */

bool hpet_table_address(const uint8_t *bytes, uint32_t length, paddr_t *address)
{
    if (length < TABLE_SIZE || bytes[TABLE_SPACE] != SPACE_MEMORY ||
        load_u64(bytes + TABLE_ADDRESS) == 0) {
        return false;
    }
    *address = paddr(load_u64(bytes + TABLE_ADDRESS));
    return true;
}

static volatile uint32_t *at(volatile void *registers, unsigned offset)
{
    return (volatile uint32_t *)((volatile uint8_t *)registers + offset);
}

bool hpet_release_legacy(volatile void *registers)
{
    uint32_t configuration = *at(registers, HPET_CONFIGURATION);

    if (*at(registers, HPET_ID) == NO_DEVICE || (configuration & HPET_CONFIGURATION_LEG_RT) == 0) {
        return false;
    }
    *at(registers, HPET_CONFIGURATION) = configuration & ~(uint32_t)HPET_CONFIGURATION_LEG_RT;
    return true;
}
