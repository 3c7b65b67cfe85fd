/* SPDX-License-Identifier: MIT */
/* For tests that count: what tasks leave behind on their way out. */
#pragma once

/* Let ready tasks run, free what finished ones left, and give back the stacks that are kept. */
void tasks_settle(void);
