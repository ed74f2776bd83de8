/* SPDX-License-Identifier: MIT */
#include "exports/json_check.h"

#include <stdio.h>

#include "exports/words.h"

void kithp_json_check_init(struct kithp_json_check *check, uint32_t depth_most, uint64_t offset)
{
    *check = (struct kithp_json_check){.depth_most = depth_most, .offset = offset, .state = KITHP_JSON_AT_VALUE};
}

static const char *expected(const struct kithp_json_check *check)
{
    bool object = (check->objects & 1) != 0;
    switch (check->state) {
    case KITHP_JSON_AT_ELEMENT:
        return "a value or a closing bracket";
    case KITHP_JSON_AT_MEMBER:
        return "a name in quotes or a closing brace";
    case KITHP_JSON_AT_NAME:
        return "a name in quotes";
    case KITHP_JSON_AT_COLON:
        return "a colon";
    case KITHP_JSON_BEHIND_VALUE:
        return object ? "a comma or a closing brace" : "a comma or a closing bracket";
    case KITHP_JSON_DONE:
        return "nothing behind the value";
    case KITHP_JSON_IN_STRING:
        return check->is_at_end ? "a closing quote" : "no control character";
    case KITHP_JSON_IN_CHARACTER:
        return "UTF-8";
    case KITHP_JSON_IN_ESCAPE:
        return "an escape";
    case KITHP_JSON_IN_DIGITS_OF_ESCAPE:
        return "a hexadecimal digit";
    case KITHP_JSON_IN_LITERAL:
        return check->words;
    case KITHP_JSON_BEHIND_MINUS:
    case KITHP_JSON_BEHIND_POINT:
    case KITHP_JSON_BEHIND_SIGN:
        return "a digit";
    case KITHP_JSON_BEHIND_E:
        return "a digit or a sign";
    default:
        return "a value";
    }
}

static enum kithp_json_step refuse_with(struct kithp_json_check *check, const char *words)
{
    check->words = words;
    check->state = KITHP_JSON_REFUSED;
    return KITHP_JSON_FAULT;
}

static enum kithp_json_step refuse(struct kithp_json_check *check)
{
    return refuse_with(check, expected(check));
}

/* ---- values ---- */

static enum kithp_json_state state_behind(const struct kithp_json_check *check)
{
    return check->depth > 0 ? KITHP_JSON_BEHIND_VALUE : KITHP_JSON_DONE;
}

static enum kithp_json_step end_value(struct kithp_json_check *check, enum kithp_json_step step)
{
    check->state = state_behind(check);
    return step;
}

static enum kithp_json_step go_on(struct kithp_json_check *check, enum kithp_json_state state)
{
    check->state = state;
    return KITHP_JSON_WENT_ON;
}

static enum kithp_json_step begin_literal(struct kithp_json_check *check, const char *literal)
{
    check->words = literal;
    check->taken = 1;
    return go_on(check, KITHP_JSON_IN_LITERAL);
}

static enum kithp_json_step begin_string(struct kithp_json_check *check, bool is_name)
{
    check->in_name = is_name;
    return go_on(check, KITHP_JSON_IN_STRING);
}

static enum kithp_json_step open(struct kithp_json_check *check, bool object)
{
    if (check->depth == check->depth_most)
        return refuse_with(check, NULL);
    check->depth++;
    check->objects = check->objects << 1 | object;
    return go_on(check, object ? KITHP_JSON_AT_MEMBER : KITHP_JSON_AT_ELEMENT);
}

static enum kithp_json_step close(struct kithp_json_check *check)
{
    check->depth--;
    check->objects >>= 1;
    return end_value(check, KITHP_JSON_CLOSED);
}

static enum kithp_json_step begin_value(struct kithp_json_check *check, char byte)
{
    switch (byte) {
    case '"':
        return begin_string(check, false);
    case '{':
        return open(check, true);
    case '[':
        return open(check, false);
    case '-':
        return go_on(check, KITHP_JSON_BEHIND_MINUS);
    case '0':
        return go_on(check, KITHP_JSON_BEHIND_ZERO);
    case 't':
        return begin_literal(check, "true");
    case 'f':
        return begin_literal(check, "false");
    case 'n':
        return begin_literal(check, "null");
    default:
        return byte >= '1' && byte <= '9' ? go_on(check, KITHP_JSON_IN_INTEGER) : refuse(check);
    }
}

/* ---- strings ---- */

/* After the Unicode Standard, table 3-7: the first byte bounds the second, all others are 80..BF. */
static enum kithp_json_step begin_character(struct kithp_json_check *check, unsigned char first)
{
    check->state = KITHP_JSON_IN_CHARACTER;
    if (first < 0xC2 || first > 0xF4)
        return refuse(check);
    check->left = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
    check->least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    check->most = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    check->taken = 1;
    return KITHP_JSON_WENT_ON;
}

static enum kithp_json_step take_in_character(struct kithp_json_check *check, unsigned char byte)
{
    if (byte < check->least || byte > check->most) {
        check->offset -= check->taken;
        return refuse(check);
    }
    check->least = 0x80;
    check->most = 0xBF;
    check->taken++;
    return --check->left > 0 ? KITHP_JSON_WENT_ON : go_on(check, KITHP_JSON_IN_STRING);
}

static enum kithp_json_step take_in_string(struct kithp_json_check *check, unsigned char byte)
{
    if (byte == '\\')
        return go_on(check, KITHP_JSON_IN_ESCAPE);
    if (byte >= 0x80)
        return begin_character(check, byte);
    if (byte < 0x20)
        return refuse(check);
    if (byte != '"')
        return KITHP_JSON_WENT_ON;
    if (!check->in_name)
        return end_value(check, KITHP_JSON_ENDED);
    check->in_name = false;
    check->state = KITHP_JSON_AT_COLON;
    return KITHP_JSON_NAMED;
}

static enum kithp_json_step take_escape(struct kithp_json_check *check, char byte)
{
    if (byte == 'u') {
        check->left = 4;
        return go_on(check, KITHP_JSON_IN_DIGITS_OF_ESCAPE);
    }
    bool known = byte != '\0' && strchr("\"\\/bfnrt", byte);
    return known ? go_on(check, KITHP_JSON_IN_STRING) : refuse(check);
}

static enum kithp_json_step take_digit_of_escape(struct kithp_json_check *check, char byte)
{
    bool digit = (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
    if (!digit)
        return refuse(check);
    return --check->left > 0 ? KITHP_JSON_WENT_ON : go_on(check, KITHP_JSON_IN_STRING);
}

/* ---- literals and numbers ---- */

static enum kithp_json_step take_in_literal(struct kithp_json_check *check, char byte)
{
    if (byte != check->words[check->taken])
        return refuse(check);
    check->taken++;
    return check->words[check->taken] ? KITHP_JSON_WENT_ON : end_value(check, KITHP_JSON_ENDED);
}

/* What comes behind a byte of a number; KITHP_JSON_REFUSED for nothing that belongs to it. */
static enum kithp_json_state next_in_number(enum kithp_json_state state, char byte)
{
    bool digit = byte >= '0' && byte <= '9', e = byte == 'e' || byte == 'E';
    switch (state) {
    case KITHP_JSON_BEHIND_MINUS:
        return byte == '0' ? KITHP_JSON_BEHIND_ZERO : digit ? KITHP_JSON_IN_INTEGER : KITHP_JSON_REFUSED;
    case KITHP_JSON_BEHIND_ZERO:
    case KITHP_JSON_IN_INTEGER:
        if (digit && state == KITHP_JSON_IN_INTEGER)
            return state;
        return byte == '.' ? KITHP_JSON_BEHIND_POINT : e ? KITHP_JSON_BEHIND_E : KITHP_JSON_REFUSED;
    case KITHP_JSON_BEHIND_POINT:
        return digit ? KITHP_JSON_IN_FRACTION : KITHP_JSON_REFUSED;
    case KITHP_JSON_IN_FRACTION:
        return digit ? state : e ? KITHP_JSON_BEHIND_E : KITHP_JSON_REFUSED;
    case KITHP_JSON_BEHIND_E:
        if (byte == '+' || byte == '-')
            return KITHP_JSON_BEHIND_SIGN;
        return digit ? KITHP_JSON_IN_EXPONENT : KITHP_JSON_REFUSED;
    default:
        return digit ? KITHP_JSON_IN_EXPONENT : KITHP_JSON_REFUSED;
    }
}

static bool may_end(enum kithp_json_state state)
{
    return state == KITHP_JSON_BEHIND_ZERO || state == KITHP_JSON_IN_INTEGER || state == KITHP_JSON_IN_FRACTION ||
           state == KITHP_JSON_IN_EXPONENT;
}

static enum kithp_json_step take_in_number(struct kithp_json_check *check, char byte)
{
    enum kithp_json_state next = next_in_number(check->state, byte);
    if (next != KITHP_JSON_REFUSED)
        return go_on(check, next);
    return may_end(check->state) ? end_value(check, KITHP_JSON_ENDED_BEFORE) : refuse(check);
}

/* ---- bytes ---- */

static enum kithp_json_step take_behind_value(struct kithp_json_check *check, char byte)
{
    bool object = (check->objects & 1) != 0;
    if (byte == ',')
        return go_on(check, object ? KITHP_JSON_AT_NAME : KITHP_JSON_AT_VALUE);
    return byte == (object ? '}' : ']') ? close(check) : refuse(check);
}

static enum kithp_json_step take_between(struct kithp_json_check *check, char byte)
{
    if (kithp_json_is_blank(byte))
        return KITHP_JSON_WENT_ON;
    switch (check->state) {
    case KITHP_JSON_AT_ELEMENT:
        return byte == ']' ? close(check) : begin_value(check, byte);
    case KITHP_JSON_AT_MEMBER:
        if (byte == '}')
            return close(check);
        return byte == '"' ? begin_string(check, true) : refuse(check);
    case KITHP_JSON_AT_NAME:
        return byte == '"' ? begin_string(check, true) : refuse(check);
    case KITHP_JSON_AT_COLON:
        return byte == ':' ? go_on(check, KITHP_JSON_AT_VALUE) : refuse(check);
    case KITHP_JSON_BEHIND_VALUE:
        return take_behind_value(check, byte);
    case KITHP_JSON_DONE:
        return refuse(check);
    default:
        return begin_value(check, byte);
    }
}

static enum kithp_json_step take(struct kithp_json_check *check, char byte)
{
    switch (check->state) {
    case KITHP_JSON_IN_STRING:
        return take_in_string(check, (unsigned char)byte);
    case KITHP_JSON_IN_CHARACTER:
        return take_in_character(check, (unsigned char)byte);
    case KITHP_JSON_IN_ESCAPE:
        return take_escape(check, byte);
    case KITHP_JSON_IN_DIGITS_OF_ESCAPE:
        return take_digit_of_escape(check, byte);
    case KITHP_JSON_IN_LITERAL:
        return take_in_literal(check, byte);
    case KITHP_JSON_REFUSED:
        return KITHP_JSON_FAULT;
    default:
        return check->state >= KITHP_JSON_BEHIND_MINUS ? take_in_number(check, byte) : take_between(check, byte);
    }
}

enum kithp_json_step kithp_json_check_byte(struct kithp_json_check *check, char byte)
{
    enum kithp_json_step step = take(check, byte);
    check->offset += step != KITHP_JSON_FAULT && step != KITHP_JSON_ENDED_BEFORE;
    return step;
}

size_t kithp_json_check_plain(struct kithp_json_check *check, const char *at, const char *end)
{
    const uint64_t ones = kithp_words_repeat(1), high = kithp_words_repeat(0x80);
    const char *begin = at;
    if (check->state != KITHP_JSON_IN_STRING)
        return 0;
    for (; end - at >= 8; at += 8) {
        uint64_t word = kithp_words_load(at);
        uint64_t quote = word ^ kithp_words_repeat('"'), backslash = word ^ kithp_words_repeat('\\');
        if (((word | (word - kithp_words_repeat(0x20)) | (quote - ones) | (backslash - ones)) & high) != 0)
            break;
    }
    check->offset += (uint64_t)(at - begin);
    return (size_t)(at - begin);
}

enum kithp_json_step kithp_json_check_end(struct kithp_json_check *check)
{
    if (check->state == KITHP_JSON_DONE)
        return KITHP_JSON_WENT_ON;
    if (check->depth == 0 && may_end(check->state))
        return end_value(check, KITHP_JSON_ENDED_BEFORE);
    if (check->state == KITHP_JSON_REFUSED)
        return KITHP_JSON_FAULT;
    if (may_end(check->state))
        check->state = KITHP_JSON_BEHIND_VALUE;
    check->is_at_end = check->state != KITHP_JSON_IN_CHARACTER;
    if (!check->is_at_end)
        check->offset -= check->taken;
    return refuse(check);
}

bool kithp_json_check_begins(const struct kithp_json_check *check, char byte)
{
    return (check->state == KITHP_JSON_AT_VALUE || check->state == KITHP_JSON_AT_ELEMENT) &&
           !kithp_json_is_blank(byte) && byte != ']';
}

void kithp_json_check_pass(struct kithp_json_check *check, uint64_t length)
{
    check->offset += length;
    check->state = state_behind(check);
}

void kithp_json_check_fault(const struct kithp_json_check *check, struct kithp_json_fault *fault)
{
    fault->offset = check->offset;
    if (!check->words)
        snprintf(fault->words, sizeof fault->words, "nested more than %u deep", (unsigned)check->depth_most);
    else
        snprintf(fault->words, sizeof fault->words, "expected %s%s", check->words,
                 check->is_at_end ? ", not the end" : "");
}
