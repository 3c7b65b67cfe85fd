/* SPDX-License-Identifier: MIT */
/* The keyboard task: reads keystrokes as they come, and prints their characters. */
#include "drivers/keystroke.h"
#include "kernel/clock.h"
#include "kernel/console.h"
#include "kernel/demos/demos.h"
#include "kernel/input.h"
#include "kernel/shell/shell.h"
#include "lib/utf8.h"

#define CTRL_C 0x03U
#define CTRL_D 0x04U

enum status demo_echo(void)
{
    struct keystroke stroke;
    enum status status;

    if (!shell_take_input()) {
        kprintf("echo: the keyboard is the shell's; not in the background\n");
        return OK;
    }
    kprintf("echo: Ctrl-C or Ctrl-D ends it\n");
    while ((status = input_read(&stroke, DEADLINE_NEVER)) == OK && stroke.character != CTRL_C &&
           stroke.character != CTRL_D) {
        char bytes[UTF8_BYTES_MAX];

        if (stroke.character != 0) {
            console_write(bytes, utf8_encode(stroke.character, bytes));
        }
    }
    return status;
}
