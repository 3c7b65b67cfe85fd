/* SPDX-License-Identifier: MIT */
/* The states of an escape sequence. */
#include "lib/terminal_parser.h"

#include "lib/bits.h"

#define BEL    0x07
#define CAN    0x18
#define SUB    0x1a
#define ESC    0x1b
#define DELETE 0x7f

static bool is_control(uint8_t byte)
{
    return byte < 0x20;
}

static bool is_final(uint8_t byte)
{
    return byte >= 0x40 && byte < DELETE;
}

static void csi_begin(struct terminal_parser *parser)
{
    *parser = (struct terminal_parser){.state = TERMINAL_CSI, .count = 1};
}

static void add_digit(struct terminal_parser *parser, uint8_t digit)
{
    if (parser->count <= TERMINAL_PARAMETERS_MAX) {
        uint16_t *parameter = &parser->parameters[parser->count - 1];

        *parameter = (uint16_t)MIN(*parameter * 10U + digit, (unsigned)TERMINAL_PARAMETER_MAX);
    }
}

static void next_parameter(struct terminal_parser *parser, bool is_sub_parameter)
{
    if (parser->count > TERMINAL_PARAMETERS_MAX) {
        return;
    }
    /* One more than there are says that digits are dropped from now on. */
    if (is_sub_parameter && parser->count < TERMINAL_PARAMETERS_MAX) {
        parser->sub_parameters |= 1U << parser->count;
    }
    parser->count++;
}

static bool is_csi_untouched(const struct terminal_parser *parser)
{
    return parser->count == 1 && parser->parameters[0] == 0 && parser->private_mark == 0;
}

static enum terminal_action parse_csi(struct terminal_parser *parser, uint8_t byte)
{
    if (byte >= '0' && byte <= '9') {
        add_digit(parser, byte - '0');
    } else if (byte == ';' || byte == ':') {
        next_parameter(parser, byte == ':');
    } else if (byte >= '<' && byte <= '?' && is_csi_untouched(parser)) {
        parser->private_mark = byte;
    } else if (is_final(byte)) {
        parser->state = TERMINAL_GROUND;
        parser->count = MIN(parser->count, (uint32_t)TERMINAL_PARAMETERS_MAX);
        return parser->is_foreign ? TERMINAL_DO_NOTHING : TERMINAL_DO_CSI;
    } else if (byte != DELETE) {
        parser->is_foreign = true; /* an intermediate byte, or a mark out of its place */
    }
    return TERMINAL_DO_NOTHING;
}

static enum terminal_action parse_escape(struct terminal_parser *parser, uint8_t byte)
{
    bool has_intermediate = parser->state == TERMINAL_ESCAPE_REST;

    if (byte < '0') {
        parser->state = TERMINAL_ESCAPE_REST;
        return TERMINAL_DO_NOTHING;
    }
    if (byte == DELETE) {
        return TERMINAL_DO_NOTHING;
    }
    parser->state = TERMINAL_GROUND;
    if (has_intermediate) {
        return TERMINAL_DO_NOTHING;
    }
    switch (byte) {
    case '[':
        csi_begin(parser);
        return TERMINAL_DO_NOTHING;
    case 'P':
    case 'X':
    case ']':
    case '^':
    case '_':
        parser->state = TERMINAL_STRING;
        return TERMINAL_DO_NOTHING;
    default:
        return TERMINAL_DO_ESCAPE;
    }
}

static enum terminal_action parse_control(struct terminal_parser *parser, uint8_t byte)
{
    bool in_string = parser->state == TERMINAL_STRING;

    if (byte == ESC) {
        parser->state = TERMINAL_ESCAPE;
        return TERMINAL_DO_NOTHING;
    }
    if (byte == CAN || byte == SUB || (in_string && (byte == BEL || byte == '\n'))) {
        parser->state = TERMINAL_GROUND;
    }
    return in_string && byte != '\n' ? TERMINAL_DO_NOTHING : TERMINAL_DO_CONTROL;
}

enum terminal_action terminal_parse(struct terminal_parser *parser, uint8_t byte)
{
    if (is_control(byte)) {
        return parse_control(parser, byte);
    }
    if (parser->state == TERMINAL_STRING) {
        return TERMINAL_DO_NOTHING;
    }
    if (byte > DELETE) {
        parser->state = TERMINAL_GROUND;
    }
    switch (parser->state) {
    case TERMINAL_ESCAPE:
    case TERMINAL_ESCAPE_REST:
        return parse_escape(parser, byte);
    case TERMINAL_CSI:
        return parse_csi(parser, byte);
    default:
        return TERMINAL_DO_TEXT;
    }
}
