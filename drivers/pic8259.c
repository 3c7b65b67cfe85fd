/* SPDX-License-Identifier: MIT */
/* The 8259A pair of a PC. */
#include "drivers/pic8259.h"

#include "lib/assert.h"
#include "lib/bits.h"
#include "lib/x86/cpu.h"
#include "lib/x86/port.h"

#define PIC_PRIMARY_COMMAND   0x20
#define PIC_PRIMARY_DATA      0x21
#define PIC_SECONDARY_COMMAND 0xa0
#define PIC_SECONDARY_DATA    0xa1

/* ICW1, written to the command port: restarts the chip and opens the init sequence. */
#define PIC_ICW1_WANT_ICW4 BIT(0) /* an ICW4 byte will follow */
#define PIC_ICW1_START     BIT(4) /* must be 1: marks the byte as ICW1 */

/* ICW2, to the data port: bits 3-7 of the vectors. */

/* ICW3: on the primary, the lines that have a secondary; on the secondary, its own number. */
#define PIC_CASCADE_IRQ    2
#define PIC_ICW3_PRIMARY   BIT(PIC_CASCADE_IRQ)
#define PIC_ICW3_SECONDARY PIC_CASCADE_IRQ

/* ICW4. Bit 1 clear: every interrupt wants an explicit end. */
#define PIC_ICW4_8086 BIT(0)

/* OCW1 is the mask register, at the data port. */
#define PIC_MASK_ALL 0xff

/* OCW2, to the command port. */
#define PIC_OCW2_NONSPECIFIC_EOI BIT(5) /* ends the highest interrupt in service */

/* OCW3, to the command port: what the next read of it answers. */
#define PIC_OCW3          BIT(3)
#define PIC_OCW3_READ_IRR (PIC_OCW3 | BIT(1))
#define PIC_OCW3_READ_ISR (PIC_OCW3 | BIT(1) | BIT(0))

/* What a request of the secondary that has vanished is reported as. */
#define PIC_SPURIOUS_SECONDARY 15

#define PIC_LINES_EACH 8

/* The masks as last written, so that a change does not read the chips. */
static struct {
    uint16_t masks;
} pic = {.masks = 0xffff};

static void masks_write(uint16_t masks)
{
    pic.masks = masks;
    port_write8(PIC_PRIMARY_DATA, (uint8_t)masks);
    port_write8(PIC_SECONDARY_DATA, (uint8_t)(masks >> PIC_LINES_EACH));
}

/* One byte of the init sequence to both chips; old ones need time between bytes. */
static void init_write(uint16_t primary_port, uint8_t primary, uint16_t secondary_port,
                       uint8_t secondary)
{
    port_write8(primary_port, primary);
    port_delay();
    port_write8(secondary_port, secondary);
    port_delay();
}

enum status pic_init(uint8_t vector_base)
{
    const uint8_t icw1 = PIC_ICW1_START | PIC_ICW1_WANT_ICW4;
    const uint16_t pattern = 0xfbfe; /* each byte one that an empty bus would not answer */

    ASSERT(IS_ALIGNED(vector_base, PIC_LINES_EACH));
    init_write(PIC_PRIMARY_COMMAND, icw1, PIC_SECONDARY_COMMAND, icw1);
    init_write(PIC_PRIMARY_DATA, vector_base, PIC_SECONDARY_DATA,
               (uint8_t)(vector_base + PIC_LINES_EACH));
    init_write(PIC_PRIMARY_DATA, PIC_ICW3_PRIMARY, PIC_SECONDARY_DATA, PIC_ICW3_SECONDARY);
    init_write(PIC_PRIMARY_DATA, PIC_ICW4_8086, PIC_SECONDARY_DATA, PIC_ICW4_8086);

    masks_write(pattern);
    bool present = pic_read_masks() == pattern;
    masks_write(0xffff);
    return present ? OK : ERR_NO_DEVICE;
}

void pic_unmask(unsigned irq)
{
    uint64_t flags = irq_save();
    uint16_t masks;

    ASSERT_CMP(irq, <, PIC_IRQ_COUNT);
    masks = pic.masks & (uint16_t)~BIT(irq);
    if (irq >= PIC_LINES_EACH) {
        masks &= (uint16_t)~BIT(PIC_CASCADE_IRQ);
    }
    masks_write(masks);
    irq_restore(flags);
}

void pic_mask(unsigned irq)
{
    uint64_t flags = irq_save();
    uint16_t masks;

    ASSERT_CMP(irq, <, PIC_IRQ_COUNT);
    masks = pic.masks | (uint16_t)BIT(irq);
    if (masks >> PIC_LINES_EACH == PIC_MASK_ALL) {
        masks |= BIT(PIC_CASCADE_IRQ);
    }
    masks_write(masks);
    irq_restore(flags);
}

uint16_t pic_read_masks(void)
{
    return (uint16_t)(port_read8(PIC_PRIMARY_DATA) | port_read8(PIC_SECONDARY_DATA)
                                                         << PIC_LINES_EACH);
}

static uint16_t register_read(uint8_t ocw3)
{
    uint64_t flags = irq_save();

    port_write8(PIC_PRIMARY_COMMAND, ocw3);
    port_write8(PIC_SECONDARY_COMMAND, ocw3);
    uint16_t value = (uint16_t)(port_read8(PIC_PRIMARY_COMMAND) | port_read8(PIC_SECONDARY_COMMAND)
                                                                      << PIC_LINES_EACH);
    irq_restore(flags);
    return value;
}

uint16_t pic_read_requests(void)
{
    return register_read(PIC_OCW3_READ_IRR);
}

uint16_t pic_read_in_service(void)
{
    return register_read(PIC_OCW3_READ_ISR);
}

bool pic_is_spurious(unsigned irq)
{
    if (!pic_may_be_spurious(irq)) {
        return false;
    }
    if ((pic_read_in_service() & BIT(irq)) != 0) {
        return false;
    }
    if (irq == PIC_SPURIOUS_SECONDARY) {
        port_write8(PIC_PRIMARY_COMMAND, PIC_OCW2_NONSPECIFIC_EOI);
    }
    return true;
}

void pic_end_of_interrupt(unsigned irq)
{
    if (irq >= PIC_LINES_EACH) {
        port_write8(PIC_SECONDARY_COMMAND, PIC_OCW2_NONSPECIFIC_EOI);
    }
    port_write8(PIC_PRIMARY_COMMAND, PIC_OCW2_NONSPECIFIC_EOI);
}
