/* SPDX-License-Identifier: MIT */
/* Status codes: each has its own name and sentence, and nothing else has one. */
#include "lib/bits.h"
#include "lib/status.h"
#include "lib/string.h"
#include "tests/ktest.h"

static const enum status all[] = {
#define STATUS_VALUE(name, sentence) name,
    STATUS_LIST(STATUS_VALUE)
#undef STATUS_VALUE
};

KTEST(status, ok_is_zero)
{
    CHECK_EQ((int)OK, 0);
}

KTEST(status, name_is_the_identifier)
{
    CHECK_STR_EQ(status_name(OK), "OK");
    CHECK_STR_EQ(status_name(ERR_BAD_ARG), "ERR_BAD_ARG");
    CHECK_STR_EQ(status_name(ERR_NO_MEMORY), "ERR_NO_MEMORY");
    CHECK_STR_EQ(status_name(ERR_CLOSED), "ERR_CLOSED");
}

KTEST(status, sentence_is_in_words)
{
    CHECK_STR_EQ(status_sentence(OK), "done");
    CHECK_STR_EQ(status_sentence(ERR_NO_MEMORY), "not enough memory");
    CHECK_STR_EQ(status_sentence(ERR_CLOSED), "other side closed");
}

KTEST(status, every_code_differs_in_name_and_sentence)
{
    for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
        CHECK_EQ((size_t)all[i], i);
        CHECK_GT(strlen(status_sentence(all[i])), 1);
        for (size_t j = 0; j < i; j++) {
            CHECK_NE(strcmp(status_name(all[i]), status_name(all[j])), 0);
            CHECK_NE(strcmp(status_sentence(all[i]), status_sentence(all[j])), 0);
        }
    }
}

KTEST(status, question_mark_when_outside_the_list)
{
    CHECK_STR_EQ(status_name((enum status)ARRAY_SIZE(all)), "?");
    CHECK_STR_EQ(status_sentence((enum status)ARRAY_SIZE(all)), "?");
    CHECK_STR_EQ(status_name((enum status) - 1), "?");
    CHECK_STR_EQ(status_sentence((enum status) - 1), "?");
}
