/* SPDX-License-Identifier: MIT */
/* Numbers to digits. Decimal goes two digits a division, by 100. */
#include "lib/digits.h"

static const char decimal_pairs[] = "00010203040506070809"
                                    "10111213141516171819"
                                    "20212223242526272829"
                                    "30313233343536373839"
                                    "40414243444546474849"
                                    "50515253545556575859"
                                    "60616263646566676869"
                                    "70717273747576777879"
                                    "80818283848586878889"
                                    "90919293949596979899";

char *digits_decimal(char *end, uint64_t value)
{
    while (value >= 100) {
        const char *pair = &decimal_pairs[value % 100 * 2];

        value /= 100;
        *--end = pair[1];
        *--end = pair[0];
    }
    if (value >= 10) {
        *--end = decimal_pairs[value * 2 + 1];
        *--end = decimal_pairs[value * 2];
    } else {
        *--end = (char)('0' + value);
    }
    return end;
}

char *digits_octal(char *end, uint64_t value)
{
    do {
        *--end = (char)('0' + value % 8);
        value /= 8;
    } while (value != 0);
    return end;
}

char *digits_hex(char *end, uint64_t value, const char *nibbles)
{
    do {
        *--end = nibbles[value % 16];
        value /= 16;
    } while (value != 0);
    return end;
}
