/* SPDX-License-Identifier: MIT */
/* What Tab offers: the commands' names, and what their first arguments can be. */
#pragma once

#include <stddef.h>

/* For struct line_editor_setup: the words that can stand behind `before`. Context: any. */
const char *complete_candidate(const char *before, size_t length, size_t index);
