/* SPDX-License-Identifier: MIT */
/* Quietens the local APIC. */
#include "drivers/local_apic.h"

#include "lib/bits.h"
#include "lib/x86/cpu.h"

#define APIC_BASE_X2APIC BIT(10)
#define APIC_BASE_ENABLE BIT(11)

/* Registers, as byte offsets into the xAPIC page; x2APIC numbers them by 16. */
#define APIC_VERSION     0x030
#define APIC_EOI         0x0b0
#define APIC_SVR         0x0f0 /* spurious interrupt vector */
#define APIC_LVT_CMCI    0x2f0
#define APIC_LVT_TIMER   0x320
#define APIC_LVT_THERMAL 0x330
#define APIC_LVT_PERF    0x340
#define APIC_LVT_LINT0   0x350
#define APIC_LVT_LINT1   0x360
#define APIC_LVT_ERROR   0x370
#define X2APIC_MSR_BASE  0x800

#define APIC_SVR_ENABLE          BIT(8)
#define APIC_SPURIOUS_VECTOR     0xff
#define APIC_LVT_DELIVERY_NMI    (4U << 8)
#define APIC_LVT_DELIVERY_EXTINT (7U << 8)

/* How many LVT entries a version register counts, less one; older chips have fewer. */
#define APIC_VERSION_MAX_LVT(version) ((version) >> 16 & 0xff)

enum local_apic_mode local_apic_mode(void)
{
    uint64_t base = msr_read(MSR_APIC_BASE);

    if ((base & APIC_BASE_ENABLE) == 0) {
        return LOCAL_APIC_DISABLED;
    }
    return (base & APIC_BASE_X2APIC) != 0 ? LOCAL_APIC_X2APIC : LOCAL_APIC_XAPIC;
}

paddr_t local_apic_base(void)
{
    return paddr(ALIGN_DOWN(msr_read(MSR_APIC_BASE) & (BIT(52) - 1), LOCAL_APIC_SIZE));
}

struct apic {
    enum local_apic_mode mode;
    volatile uint8_t *registers;
};

static uint32_t apic_read(const struct apic *apic, uint32_t offset)
{
    if (apic->mode == LOCAL_APIC_X2APIC) {
        return (uint32_t)msr_read(X2APIC_MSR_BASE + offset / 16);
    }
    return *(volatile uint32_t *)(apic->registers + offset);
}

static void apic_write(const struct apic *apic, uint32_t offset, uint32_t value)
{
    if (apic->mode == LOCAL_APIC_X2APIC) {
        msr_write(X2APIC_MSR_BASE + offset / 16, value);
    } else {
        *(volatile uint32_t *)(apic->registers + offset) = value;
    }
}

void local_apic_quieten(enum local_apic_mode mode, volatile void *registers,
                        struct local_apic_entries *found)
{
    const struct apic apic = {.mode = mode, .registers = registers};

    if (mode == LOCAL_APIC_DISABLED) {
        return; /* LINT0 is then the CPU's plain INTR pin */
    }
    uint32_t lvt_max = APIC_VERSION_MAX_LVT(apic_read(&apic, APIC_VERSION));

    found->lint0 = apic_read(&apic, APIC_LVT_LINT0);
    found->timer = apic_read(&apic, APIC_LVT_TIMER);
    /* A disabled APIC forces the masks on; enable it first, with a vector that has a stub. */
    apic_write(&apic, APIC_SVR, (uint32_t)APIC_SVR_ENABLE | APIC_SPURIOUS_VECTOR);
    /* Before the others: vector 0 in an entry counts as an error, even in a masked one. */
    apic_write(&apic, APIC_LVT_ERROR, LOCAL_APIC_ENTRY_MASKED);
    apic_write(&apic, APIC_LVT_TIMER, LOCAL_APIC_ENTRY_MASKED);
    if (lvt_max >= 4) {
        apic_write(&apic, APIC_LVT_PERF, LOCAL_APIC_ENTRY_MASKED);
    }
    if (lvt_max >= 5) {
        apic_write(&apic, APIC_LVT_THERMAL, LOCAL_APIC_ENTRY_MASKED);
    }
    if (lvt_max >= 6) {
        apic_write(&apic, APIC_LVT_CMCI, LOCAL_APIC_ENTRY_MASKED);
    }
    apic_write(&apic, APIC_LVT_LINT0, APIC_LVT_DELIVERY_EXTINT);
    apic_write(&apic, APIC_LVT_LINT1, APIC_LVT_DELIVERY_NMI);
    apic_write(&apic, APIC_EOI, 0); /* an interrupt the loader left in service blocks others */
}
