/* SPDX-License-Identifier: MIT */
/*
 * Checking an RSDP, and looking for one. The short form, of revision 0, is 20 bytes with their own
 * checksum; the long form is the short one, a length, and a checksum over that.
 */
#include "boot/boot_rsdp.h"

#include "boot/phys_window.h"
#include "lib/bits.h"
#include "lib/bytes.h"
#include "lib/string.h"

#define RSDP_SIGNATURE      "RSD PTR "
#define RSDP_SIGNATURE_SIZE 8
#define RSDP_SHORT_SIZE     20
#define RSDP_LONG_SIZE      36
#define RSDP_LENGTH_MAX     256UL /* 36 in every revision so far; much more is not believed */

#define RSDP_REVISION 15 /* offsets */
#define RSDP_LENGTH   20

#define RSDP_REVISION_LONG 2 /* the first with the long form */

/* Where a BIOS leaves it, always on a multiple of RSDP_ALIGNMENT. */
#define RSDP_ALIGNMENT    16
#define EBDA_SEGMENT      0x40e /* BIOS data area: the extended one's address, by 16 */
#define EBDA_START_LOWEST 0x80000UL
#define EBDA_LOOKED_AT    1024UL
#define CONVENTIONAL_END  0xa0000UL
#define BIOS_START        0xe0000UL
#define BIOS_END          0x100000UL

_Static_assert(RSDP_LONG_SIZE == BOOT_RSDP_SIZE_MAX, "boot_info has room for the long form");

static bool is_short_form_sound(struct boot_builder *builder, const uint8_t *rsdp)
{
    uint8_t sum = byte_sum(rsdp, RSDP_SHORT_SIZE);

    if (memcmp(rsdp, RSDP_SIGNATURE, RSDP_SIGNATURE_SIZE) != 0) {
        boot_builder_report(builder, BOOT_PROBLEM_RSDP_SIGNATURE, load_u64(rsdp));
        return false;
    }
    if (sum != 0) {
        boot_builder_report(builder, BOOT_PROBLEM_RSDP_CHECKSUM, sum);
        return false;
    }
    return true;
}

static bool is_long_form_sound(struct boot_builder *builder, const uint8_t *rsdp,
                               uint64_t available)
{
    uint32_t length = load_u32(rsdp + RSDP_LENGTH);
    uint8_t sum;

    if (length < RSDP_LONG_SIZE || length > MIN(available, RSDP_LENGTH_MAX)) {
        boot_builder_report(builder, BOOT_PROBLEM_RSDP_SIZE, length);
        return false;
    }
    sum = byte_sum(rsdp, length);
    if (sum != 0) {
        boot_builder_report(builder, BOOT_PROBLEM_RSDP_LONG_CHECKSUM, sum);
        return false;
    }
    return true;
}

void boot_rsdp_set(struct boot_builder *builder, const uint8_t *rsdp, uint64_t available)
{
    struct boot_info *info = builder->info;
    size_t size = RSDP_SHORT_SIZE;

    if (available < RSDP_SHORT_SIZE) {
        boot_builder_report(builder, BOOT_PROBLEM_RSDP_SIZE, available);
        return;
    }
    if (!is_short_form_sound(builder, rsdp)) {
        return;
    }
    if (rsdp[RSDP_REVISION] >= RSDP_REVISION_LONG && available >= RSDP_LONG_SIZE) {
        if (!is_long_form_sound(builder, rsdp, available)) {
            return;
        }
        size = RSDP_LONG_SIZE;
    }
    if (size > info->rsdp_size) {
        memcpy(info->rsdp, rsdp, size);
        info->rsdp_size = size;
    }
}

/* Record the first sound RSDP between two addresses, if none is recorded yet. */
static void search_between(struct boot_builder *builder, const struct phys_window *window,
                           uint64_t start, uint64_t end)
{
    for (uint64_t at = start; at < end && builder->info->rsdp_size == 0; at += RSDP_ALIGNMENT) {
        const uint8_t *bytes = phys_window_at(window, paddr(at), RSDP_SHORT_SIZE);

        if (bytes != NULL && memcmp(bytes, RSDP_SIGNATURE, RSDP_SIGNATURE_SIZE) == 0) {
            boot_rsdp_set(builder, bytes, MIN(end - at, phys_window_rest(window, paddr(at))));
        }
    }
}

void boot_rsdp_search(struct boot_info *info, const struct phys_window *window)
{
    struct boot_builder builder = {.info = info, .tag = BOOT_NO_TAG};
    const uint8_t *segment = phys_window_at(window, paddr(EBDA_SEGMENT), sizeof(uint16_t));
    uint64_t ebda = segment != NULL ? (uint64_t)load_u16(segment) * 16 : 0;

    if (ebda >= EBDA_START_LOWEST) {
        search_between(&builder, window, ebda, MIN(ebda + EBDA_LOOKED_AT, CONVENTIONAL_END));
    }
    search_between(&builder, window, BIOS_START, BIOS_END);
}
