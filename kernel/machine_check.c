/* SPDX-License-Identifier: MIT */
/* The status of a machine check bank in words. */
#include "kernel/machine_check.h"

#include "lib/format.h"

/* Of the error code: a bit that says nothing of the kind, and the caches' first, for any level. */
#define CODE_FILTERED BIT(12)
#define CODE_CACHE    0xcUL

/* Error codes, by their highest bit that tells the kind; the smallest are single errors. */
static const char *kind_of(uint64_t code)
{
    code &= ~CODE_FILTERED;
    if (code >= BIT(11)) {
        return "bus or interconnect";
    }
    if (code >= BIT(10)) {
        return "internal";
    }
    if (code >= BIT(9)) {
        return "memory controller"; /* the manual's "extended memory" */
    }
    if (code >= BIT(8)) {
        return "cache";
    }
    if (code >= BIT(7)) {
        return "memory controller";
    }
    if (code >= BIT(4)) {
        return "TLB";
    }
    return code >= CODE_CACHE ? "cache" : "hardware";
}

const char *machine_check_describe(char *buffer, size_t size, const struct machine_check *check)
{
    uint64_t status = check->status;
    size_t length;

    if (!check->is_found) {
        ksnprintf(buffer, size, "no bank says what it was");
        return buffer;
    }
    length = ksnprintf(buffer, size, "%s %s error in bank %u",
                       (status & MCI_STATUS_UNCORRECTED) != 0 ? "uncorrected" : "corrected",
                       kind_of(status & MCI_STATUS_CODE), check->bank);
    if ((status & MCI_STATUS_HAS_ADDRESS) != 0 && length < size) {
        ksnprintf(buffer + length, size - length, ", at 0x%lx", check->address);
    }
    return buffer;
}
