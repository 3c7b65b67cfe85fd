/* SPDX-License-Identifier: MIT */
/* Tasks to begin with: the smallest that spawn, wait and answer. */
#pragma once

/* Start the example: it prints a number that another task found. Context: a task. */
void demo_start(void);
