/* SPDX-License-Identifier: MIT */
/*
 * What the kernel does when its executor has nothing to run, or something is
 * wrong with what it runs: the hooks of the real machine.
 */
#pragma once

#include "kernel/executor.h"

extern const struct executor_hooks idle_hooks;
