/* SPDX-License-Identifier: MIT */
/* The time of day: an offset to the time since boot. */
#include "kernel/wall_clock.h"

#include "drivers/rtc.h"
#include "kernel/clock.h"
#include "kernel/log.h"

static struct {
    bool is_known;
    int64_t booted_at; /* seconds since 1970 when the kernel's clock was at 0 */
} wall_clock;

void wall_clock_init(void)
{
    struct rtc_time time;
    enum status status = rtc_is_present() ? rtc_read_time(&time) : ERR_NO_DEVICE;

    if (status != OK) {
        log_warn("rtc", "time of day unknown: %s", status_sentence(status));
        return;
    }
    wall_clock.is_known = true;
    wall_clock.booted_at = rtc_time_to_seconds(&time) - (int64_t)(clock_now_ns() / NS_PER_SECOND);
    log_info("rtc", "%04u-%02u-%02u %02u:%02u:%02u", time.year, time.month, time.day, time.hour,
             time.minute, time.second);
}

bool wall_clock_now(struct rtc_time *time)
{
    if (wall_clock.is_known) {
        *time =
            rtc_time_from_seconds(wall_clock.booted_at + (int64_t)(clock_now_ns() / NS_PER_SECOND));
    }
    return wall_clock.is_known;
}
