/* SPDX-License-Identifier: MIT */
/* The hardware report's part about chips: how each was found, and what was odd about it. */
#pragma once

#include "lib/report.h"

/* Add eight lines, from "pic" to "irq". Context: a task; does not wait. */
void hwreport_add_devices(struct report *report);
