/* SPDX-License-Identifier: MIT */
/*
 * The executor's check-and-halt under an interrupt that comes at every
 * instruction around it. For `-icount shift=0`, where a delay of one instruction
 * is one nanosecond. A lost wake-up halts the machine for good.
 */
#pragma once

/* Sweep, and say how many offsets there were. Stops the tick for good. */
void idle_sweep(void);

/* The control: the same with one instruction between STI and HLT. It must not return. */
void idle_sweep_with_gap(void);
