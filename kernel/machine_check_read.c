/* SPDX-License-Identifier: MIT */
/*
 * Reads the machine check banks. Only registers that the CPU says it has are
 * touched, since any other read would be a fault of its own.
 */
#include "kernel/machine_check.h"
#include "lib/bits.h"
#include "lib/x86/cpu.h"

#define CPUID_FEATURES_EDX_MCA BIT(14)

#define MSR_MCG_CAP       0x179
#define MCG_CAP_BANKS     0xffU
#define MSR_MC0_STATUS    0x401
#define MSR_MC0_ADDRESS   0x402
#define MSR_BANK_DISTANCE 4
#define BANKS_MAX         32U /* further on these registers are others */

void machine_check_read(struct machine_check *check)
{
    unsigned banks;

    *check = (struct machine_check){.is_found = false};
    if ((cpuid(CPUID_FEATURES, 0).edx & CPUID_FEATURES_EDX_MCA) == 0) {
        return;
    }
    banks = MIN((unsigned)msr_read(MSR_MCG_CAP) & MCG_CAP_BANKS, BANKS_MAX);
    for (unsigned bank = 0; bank < banks && !check->is_found; bank++) {
        uint32_t first = bank * MSR_BANK_DISTANCE;
        uint64_t status = msr_read(MSR_MC0_STATUS + first);

        if ((status & MCI_STATUS_VALID) != 0) {
            *check = (struct machine_check){.is_found = true, .bank = bank, .status = status};
            if ((status & MCI_STATUS_HAS_ADDRESS) != 0) {
                check->address = msr_read(MSR_MC0_ADDRESS + first);
            }
        }
    }
}
