/* SPDX-License-Identifier: MIT */
/*
 * The kernel's command line: each word with each value, what is refused, and a
 * program's own words.
 */
#include "kernel/command_line.h"

#include "lib/bits.h"
#include "lib/string.h"
#include "tests/ktest.h"

static struct command_line line;

static void parse(const char *text)
{
    command_line_parse(text, NULL, &line);
}

static void check_defaults(void)
{
    CHECK(line.console_screen);
    CHECK(line.console_serial);
    CHECK_EQ(line.keymap, &keymap_us);
    CHECK_EQ(line.panic, PANIC_HALT);
    CHECK_EQ(line.loglevel, 2);
    CHECK_EQ(line.clock, CLOCK_AUTO);
}

static void check_refused(const struct command_line_refused *refused, const char *word)
{
    CHECK_EQ(refused->count, 1);
    CHECK(slice_equals(refused->words[0], word));
    CHECK_EQ(line.unknown.count + line.bad.count, 1);
}

static void check_none_refused(void)
{
    CHECK_EQ(line.unknown.count, 0);
    CHECK_EQ(line.bad.count, 0);
}

KTEST(command_line, is_all_defaults_when_empty)
{
    parse("");
    check_defaults();
    check_none_refused();
    parse(" \t\r\n ");
    check_defaults();
    check_none_refused();
}

KTEST(command_line, forgets_what_an_earlier_one_said)
{
    parse("loglevel=0 console=screen nonsense panic=bad");
    parse("");
    check_defaults();
    check_none_refused();
}

KTEST(command_line, console_is_chosen_when_named)
{
    parse("console=screen");
    CHECK(line.console_screen);
    CHECK(!line.console_serial);
    parse("console=serial");
    CHECK(!line.console_screen);
    CHECK(line.console_serial);
    parse("console=screen,serial");
    CHECK(line.console_screen);
    CHECK(line.console_serial);
    parse("console=serial,serial,screen");
    CHECK(line.console_screen);
    CHECK(line.console_serial);
    check_none_refused();
}

KTEST(command_line, console_is_refused_when_a_name_is_wrong)
{
    static const char *const words[] = {
        "console",
        "console=",
        "console=,",
        "console=screen,",
        "console=,serial",
        "console=vga",
        "console=screen,lp",
        "console=Screen",
        "console=screenserial",
        "console=serial,,screen",
        "console=scree",
    };

    for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
        parse(words[i]);
        check_defaults();
        check_refused(&line.bad, words[i]);
    }
}

KTEST(command_line, keymap_is_one_of_ours_or_refused)
{
    parse("keymap=de");
    CHECK_EQ(line.keymap, &keymap_de);
    parse("keymap=fr keymap=us");
    CHECK_EQ(line.keymap, &keymap_us);
    check_none_refused();
    parse("keymap=dvorak keymap=dvorakk");
    CHECK_EQ(line.keymap, &keymap_dvorak);
    check_refused(&line.bad, "keymap=dvorakk");
    parse("keymap=");
    check_refused(&line.bad, "keymap=");
}

KTEST(command_line, panic_is_chosen_when_named)
{
    parse("panic=reboot");
    CHECK_EQ(line.panic, PANIC_REBOOT);
    parse("panic=reboot panic=halt");
    CHECK_EQ(line.panic, PANIC_HALT);
    check_none_refused();
    parse("panic=burn");
    check_refused(&line.bad, "panic=burn");
    check_defaults();
}

KTEST(command_line, loglevel_is_one_digit_or_refused)
{
    static const char *const words[] = {"loglevel=4",  "loglevel=/",  "loglevel=10", "loglevel=",
                                        "loglevel=-1", "loglevel=+1", "loglevel=a",  "loglevel=02"};
    char word[] = "loglevel=0";

    for (unsigned level = 0; level <= 3; level++) {
        word[9] = (char)('0' + level);
        parse(word);
        CHECK_EQ(line.loglevel, level);
        check_none_refused();
    }
    for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
        parse(words[i]);
        CHECK_EQ(line.loglevel, 2);
        check_refused(&line.bad, words[i]);
    }
}

KTEST(command_line, clock_is_chosen_when_named)
{
    parse("clock=tsc");
    CHECK_EQ(line.clock, CLOCK_TSC);
    parse("clock=tick");
    CHECK_EQ(line.clock, CLOCK_TICK);
    check_none_refused();
    parse("clock=auto");
    check_refused(&line.bad, "clock=auto");
    CHECK_EQ(line.clock, CLOCK_AUTO);
}

KTEST(command_line, words_are_found_between_any_blanks)
{
    parse("  loglevel=3\tclock=tsc\r\n panic=reboot ");
    CHECK_EQ(line.loglevel, 3);
    CHECK_EQ(line.clock, CLOCK_TSC);
    CHECK_EQ(line.panic, PANIC_REBOOT);
    check_none_refused();
}

KTEST(command_line, last_wins_when_a_word_comes_twice)
{
    parse("loglevel=0 console=serial loglevel=3 console=screen");
    CHECK_EQ(line.loglevel, 3);
    CHECK(line.console_screen);
    CHECK(!line.console_serial);
}

KTEST(command_line, good_value_stays_when_a_bad_one_follows)
{
    parse("loglevel=1 loglevel=9");
    CHECK_EQ(line.loglevel, 1);
    check_refused(&line.bad, "loglevel=9");
}

KTEST(command_line, word_is_unknown_when_its_name_is)
{
    static const char *const words[] = {
        "quiet",       "=",    "=us",       "Loglevel=1",          "loglevel:1",     "log=1",
        "loglevels=1", "test", "test=heap", "scenario=basic_boot", "root=/dev/sda1", "\x80\xff",
    };

    for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
        parse(words[i]);
        check_refused(&line.unknown, words[i]);
        check_defaults();
    }
}

KTEST(command_line, word_without_value_is_bad_when_it_needs_one)
{
    static const char *const words[] = {"console", "keymap", "panic", "loglevel", "clock"};

    for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
        parse(words[i]);
        check_refused(&line.bad, words[i]);
        check_defaults();
    }
}

KTEST(command_line, value_keeps_further_equals_signs)
{
    parse("keymap=us=x");
    check_refused(&line.bad, "keymap=us=x");
}

KTEST(command_line, refused_words_are_counted_when_too_many_to_keep)
{
    parse("a b c d e f g h i j loglevel=x");
    CHECK_EQ(line.unknown.count, 10);
    CHECK(slice_equals(line.unknown.words[0], "a"));
    CHECK(slice_equals(line.unknown.words[7], "h"));
    CHECK_EQ(line.bad.count, 1);
}

/* A program's own words, as the test kernel has them. */
struct own {
    bool is_test;
    struct slice test;
    struct slice scenario;
};

static bool store_test(void *context, struct slice value)
{
    struct own *own = context;

    own->is_test = true;
    own->test = value;
    return true;
}

static bool store_scenario(void *context, struct slice value)
{
    struct own *own = context;

    if (value.length == 0) {
        return false;
    }
    own->scenario = value;
    return true;
}

static bool store_anything(void *context, struct slice value)
{
    (void)context;
    (void)value;
    return true;
}

static struct own own;

static void parse_with_own(const char *text)
{
    static const struct command_line_word words[] = {
        {.name = "test", .value_is_optional = true, .store = store_test},
        {.name = "scenario", .store = store_scenario},
        {.name = "loglevel", .store = store_anything},
        {.name = "anything", .store = store_anything},
    };
    static const struct command_line_words set = {
        .words = words, .count = ARRAY_SIZE(words), .context = &own};

    memset(&own, 0, sizeof(own));
    command_line_parse(text, &set, &line);
}

KTEST(command_line, own_words_reach_their_program)
{
    parse_with_own("loglevel=3 test=heap.grows scenario=stack_overflow clock=tsc");
    check_none_refused();
    CHECK(slice_equals(own.test, "heap.grows"));
    CHECK(slice_equals(own.scenario, "stack_overflow"));
    CHECK_EQ(line.clock, CLOCK_TSC);
}

KTEST(command_line, own_word_has_no_text_when_its_value_is_left_out)
{
    parse_with_own("test");
    check_none_refused();
    CHECK(own.is_test);
    CHECK_EQ(own.test.text, NULL);
    parse_with_own("test=");
    CHECK(own.test.text != NULL);
    CHECK_EQ(own.test.length, 0);
}

KTEST(command_line, own_word_is_bad_when_its_program_says_so)
{
    parse_with_own("scenario=");
    check_refused(&line.bad, "scenario=");
    parse_with_own("scenario");
    check_refused(&line.bad, "scenario");
    parse_with_own("scenarios=x");
    check_refused(&line.unknown, "scenarios=x");
}

KTEST(command_line, own_word_is_bad_when_it_lacks_a_value_it_needs)
{
    parse_with_own("anything=1");
    check_none_refused();
    parse_with_own("anything");
    check_refused(&line.bad, "anything");
}

KTEST(command_line, standard_word_cannot_be_taken_over)
{
    parse_with_own("loglevel=3");
    CHECK_EQ(line.loglevel, 3);
}
