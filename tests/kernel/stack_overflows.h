/* SPDX-License-Identifier: MIT */
/* Recursion without end, on each kind of stack. Context: a boot that ends here, in a task. */
#pragma once

void overflow_main_stack(void); /* of the task that runs the program */
void overflow_task_stack(void); /* of task `deep` */
void overflow_boot_stack(void);
void overflow_interrupt_stack(void);
