/* SPDX-License-Identifier: MIT */
/*
 * What a function that can legitimately fail answers. One list; the enum, the
 * names and the sentences are all made from it.
 */
#pragma once

#define STATUS_LIST(X)                          \
    X(OK, "done")                               \
    X(ERR_BAD_ARG, "argument out of its range") \
    X(ERR_NO_MEMORY, "not enough memory")       \
    X(ERR_NOT_FOUND, "no such thing")           \
    X(ERR_EXISTS, "already there")              \
    X(ERR_NO_DEVICE, "device absent")           \
    X(ERR_TIMED_OUT, "no answer in time")       \
    X(ERR_CORRUPT, "data malformed")            \
    X(ERR_FULL, "no room left")                 \
    X(ERR_CANCELLED, "wait cancelled")          \
    X(ERR_CLOSED, "other side closed")

enum status {
#define STATUS_ENUM(name, sentence) name,
    STATUS_LIST(STATUS_ENUM)
#undef STATUS_ENUM
};

/* The code's name, "ERR_NO_MEMORY"; "?" for a value outside the list. Any context. */
const char *status_name(enum status status);

/* The code in words, "not enough memory"; "?" for a value outside the list. Any context. */
const char *status_sentence(enum status status);
