/* SPDX-License-Identifier: MIT */
#include "json_support.h"

struct kithp_json_tree tree_of(struct memory *memory, const char *const *paths, size_t count)
{
    kith_text texts[KITHP_JSON_PATHS_MOST];
    struct kithp_json_tree tree;
    struct kithp_json_path_fault fault;
    memory_init(memory);
    for (size_t i = 0; i < count; i++)
        texts[i] = kith_text_of(paths[i]);
    assert_int_equal(kithp_json_tree_init(&tree, &memory->allocator, texts, count, &fault), KITHP_JSON_TREE_FINE);
    return tree;
}

/* ---- the slow reader: straight from the grammar, a byte at a time ---- */

struct reader {
    const unsigned char *text;
    size_t length;
    size_t at;
    struct plain_fault *fault;
};

static void *out_of_place(struct reader *reader, size_t at, const char *expected)
{
    const char *end = at == reader->length ? ", not the end" : "";
    reader->fault->offset = at;
    snprintf(reader->fault->words, sizeof reader->fault->words, "expected %s%s", expected, end);
    return NULL;
}

/* -1 at the end. */
static int peek(const struct reader *reader)
{
    return reader->at < reader->length ? reader->text[reader->at] : -1;
}

static void blanks(struct reader *reader)
{
    while (peek(reader) == ' ' || peek(reader) == '\t' || peek(reader) == '\n' || peek(reader) == '\r')
        reader->at++;
}

static struct plain_value *new_value(enum kithp_json_type type, size_t begin)
{
    struct plain_value *value = calloc(1, sizeof *value);
    assert_non_null(value);
    value->type = type;
    value->begin = begin;
    return value;
}

static void free_inside(struct plain_value *value)
{
    for (size_t i = 0; i < value->count; i++) {
        if (value->names)
            free_inside(&value->names[i]);
        free_inside(&value->parts[i]);
    }
    free(value->bytes);
    free(value->names);
    free(value->parts);
}

void plain_free(struct plain_value *value)
{
    if (!value)
        return;
    free_inside(value);
    free(value);
}

static struct plain_value *give_up(struct plain_value *value)
{
    plain_free(value);
    return NULL;
}

static void put(struct plain_value *value, uint32_t byte)
{
    value->bytes = realloc(value->bytes, value->length + 1);
    assert_non_null(value->bytes);
    value->bytes[value->length++] = (char)byte;
}

static void put_character(struct plain_value *value, uint32_t character)
{
    if (character < 0x80) {
        put(value, character);
    } else if (character < 0x800) {
        put(value, 0xC0 + character / 64);
        put(value, 0x80 + character % 64);
    } else if (character < 0x10000) {
        put(value, 0xE0 + character / 4096);
        put(value, 0x80 + character / 64 % 64);
        put(value, 0x80 + character % 64);
    } else {
        put(value, 0xF0 + character / 262144);
        put(value, 0x80 + character / 4096 % 64);
        put(value, 0x80 + character / 64 % 64);
        put(value, 0x80 + character % 64);
    }
}

/* Decodes, and then asks whether there was a shorter way to say the same. */
static bool take_character(struct reader *reader, struct plain_value *value)
{
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *at = reader->text + reader->at;
    size_t length = at[0] >= 0xF8 ? 0 : at[0] >= 0xF0 ? 4 : at[0] >= 0xE0 ? 3 : at[0] >= 0xC0 ? 2 : at[0] < 0x80;
    bool right = length > 0 && length <= reader->length - reader->at;
    uint32_t character = length == 1 ? at[0] : at[0] & (0xFFU >> (length + 1));
    for (size_t i = 1; right && i < length; i++) {
        right = at[i] >= 0x80 && at[i] < 0xC0;
        character = character * 64 + at[i] % 64;
    }
    right = right && character >= least[length] && character <= 0x10FFFF && (character < 0xD800 || character > 0xDFFF);
    if (!right) {
        reader->fault->offset = reader->at;
        strcpy(reader->fault->words, "expected UTF-8");
        return false;
    }
    put_character(value, character);
    reader->at += length;
    return true;
}

static int digit_of(int byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    if (byte >= 'a' && byte <= 'f')
        return byte - 'a' + 10;
    return byte >= 'A' && byte <= 'F' ? byte - 'A' + 10 : -1;
}

static bool take_unicode(struct reader *reader, uint32_t *unit)
{
    *unit = 0;
    for (int i = 0; i < 4; i++, reader->at++) {
        int digit = digit_of(peek(reader));
        if (digit < 0)
            return out_of_place(reader, reader->at, "a hexadecimal digit");
        *unit = *unit * 16 + (uint32_t)digit;
    }
    return true;
}

/* `high` is the first half of a pair that stood right before, or 0. */
static bool take_escape(struct reader *reader, struct plain_value *value, uint32_t *high)
{
    static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    int letter = peek(reader);
    uint32_t unit = 0, before = *high;
    *high = 0;
    if (letter != 'u') {
        const char *found = letter > 0 ? strchr(letters, letter) : NULL;
        if (!found)
            return out_of_place(reader, reader->at, "an escape");
        put(value, (unsigned char)meant[found - letters]);
        reader->at++;
        return true;
    }
    reader->at++;
    if (!take_unicode(reader, &unit))
        return false;
    if (before && unit >= 0xDC00 && unit <= 0xDFFF) {
        /* Half of it was taken for one alone. */
        value->length -= 3;
        value->lones--;
        put_character(value, 0x10000 + (before - 0xD800) * 0x400 + (unit - 0xDC00));
        return true;
    }
    bool half = unit >= 0xD800 && unit <= 0xDFFF;
    if (half && unit < 0xDC00)
        *high = unit;
    value->lones += half;
    put_character(value, half ? 0xFFFD : unit);
    return true;
}

static struct plain_value *take_string(struct reader *reader)
{
    struct plain_value *value = new_value(KITHP_JSON_STRING, reader->at++);
    uint32_t high = 0;
    for (;;) {
        int byte = peek(reader);
        bool fine = true;
        if (byte == '"')
            break;
        if (byte < 0) {
            out_of_place(reader, reader->at, "a closing quote");
            return give_up(value);
        }
        if (byte < 0x20) {
            out_of_place(reader, reader->at, "no control character");
            return give_up(value);
        }
        if (byte == '\\') {
            reader->at++;
            value->escaped = true;
            fine = take_escape(reader, value, &high);
        } else {
            high = 0;
            fine = take_character(reader, value);
        }
        if (!fine)
            return give_up(value);
    }
    value->end = ++reader->at;
    return value;
}

static bool take_digits(struct reader *reader, const char *expected)
{
    if (peek(reader) < '0' || peek(reader) > '9')
        return out_of_place(reader, reader->at, expected);
    while (peek(reader) >= '0' && peek(reader) <= '9')
        reader->at++;
    return true;
}

static struct plain_value *take_number(struct reader *reader)
{
    struct plain_value *value = new_value(KITHP_JSON_NUMBER, reader->at);
    reader->at += peek(reader) == '-';
    if (peek(reader) == '0')
        reader->at++;
    else if (!take_digits(reader, "a digit"))
        return give_up(value);
    if (peek(reader) == '.') {
        reader->at++;
        if (!take_digits(reader, "a digit"))
            return give_up(value);
    }
    if (peek(reader) == 'e' || peek(reader) == 'E') {
        reader->at++;
        bool sign = peek(reader) == '+' || peek(reader) == '-';
        reader->at += sign;
        if (!take_digits(reader, sign ? "a digit" : "a digit or a sign"))
            return give_up(value);
    }
    value->end = reader->at;
    return value;
}

static struct plain_value *take_literal(struct reader *reader, const char *literal, enum kithp_json_type type)
{
    struct plain_value *value = new_value(type, reader->at);
    for (const char *at = literal; *at; at++, reader->at++)
        if (peek(reader) != *at) {
            out_of_place(reader, reader->at, literal);
            return give_up(value);
        }
    value->end = reader->at;
    return value;
}

static struct plain_value *take_value(struct reader *reader, uint32_t depth, const char *expected);

static bool take_part(struct reader *reader, struct plain_value *value, uint32_t depth, const char *expected)
{
    value->parts = realloc(value->parts, (value->count + 1) * sizeof *value->parts);
    assert_non_null(value->parts);
    struct plain_value *part = take_value(reader, depth, expected);
    if (!part)
        return false;
    value->parts[value->count] = *part;
    free(part);
    return true;
}

static struct plain_value *take_array(struct reader *reader, uint32_t depth)
{
    struct plain_value *value = new_value(KITHP_JSON_ARRAY, reader->at++);
    blanks(reader);
    while (peek(reader) != ']') {
        if (!take_part(reader, value, depth, value->count ? "a value" : "a value or a closing bracket"))
            return give_up(value);
        value->count++;
        blanks(reader);
        if (peek(reader) == ']')
            break;
        if (peek(reader) != ',') {
            out_of_place(reader, reader->at, "a comma or a closing bracket");
            return give_up(value);
        }
        reader->at++;
        blanks(reader);
        if (peek(reader) == ']') {
            out_of_place(reader, reader->at, "a value");
            return give_up(value);
        }
    }
    value->end = ++reader->at;
    return value;
}

static bool take_member(struct reader *reader, struct plain_value *value, uint32_t depth)
{
    if (peek(reader) != '"')
        return out_of_place(reader, reader->at,
                            value->count ? "a name in quotes" : "a name in quotes or a closing brace");
    struct plain_value *name = take_string(reader);
    if (!name)
        return false;
    value->names = realloc(value->names, (value->count + 1) * sizeof *value->names);
    assert_non_null(value->names);
    value->names[value->count] = *name;
    free(name);
    blanks(reader);
    bool colon = peek(reader) == ':';
    if (!colon)
        out_of_place(reader, reader->at, "a colon");
    reader->at += colon;
    if (colon && take_part(reader, value, depth, "a value"))
        return true;
    free_inside(&value->names[value->count]);
    return false;
}

static struct plain_value *take_object(struct reader *reader, uint32_t depth)
{
    struct plain_value *value = new_value(KITHP_JSON_OBJECT, reader->at++);
    blanks(reader);
    while (peek(reader) != '}') {
        if (!take_member(reader, value, depth))
            return give_up(value);
        value->count++;
        blanks(reader);
        if (peek(reader) == '}')
            break;
        if (peek(reader) != ',') {
            out_of_place(reader, reader->at, "a comma or a closing brace");
            return give_up(value);
        }
        reader->at++;
        blanks(reader);
        if (peek(reader) == '}') {
            out_of_place(reader, reader->at, "a name in quotes");
            return give_up(value);
        }
    }
    value->end = ++reader->at;
    return value;
}

/* depth counts down; the limit is told by the one who set it. */
static struct plain_value *take_value(struct reader *reader, uint32_t depth, const char *expected)
{
    blanks(reader);
    int byte = peek(reader);
    if (byte == '{' || byte == '[') {
        if (depth == 0) {
            reader->fault->offset = reader->at;
            strcpy(reader->fault->words, "deep");
            return NULL;
        }
        return byte == '{' ? take_object(reader, depth - 1) : take_array(reader, depth - 1);
    }
    if (byte == '"')
        return take_string(reader);
    if (byte == '-' || (byte >= '0' && byte <= '9'))
        return take_number(reader);
    if (byte == 't')
        return take_literal(reader, "true", KITHP_JSON_TRUE);
    if (byte == 'f')
        return take_literal(reader, "false", KITHP_JSON_FALSE);
    if (byte == 'n')
        return take_literal(reader, "null", KITHP_JSON_NULL);
    return out_of_place(reader, reader->at, expected);
}

struct plain_value *plain_read_first(kith_text text, size_t *at, uint32_t depth, struct plain_fault *fault)
{
    struct reader reader = {(const unsigned char *)text.data, text.length, *at, fault};
    *fault = (struct plain_fault){0, ""};
    struct plain_value *value = take_value(&reader, depth, "a value");
    *at = reader.at;
    if (!value && strcmp(fault->words, "deep") == 0)
        snprintf(fault->words, sizeof fault->words, "nested more than %u deep", (unsigned)depth);
    return value;
}

struct plain_value *plain_read(kith_text text, uint32_t depth, struct plain_fault *fault)
{
    struct reader reader = {(const unsigned char *)text.data, text.length, 0, fault};
    struct plain_value *value = plain_read_first(text, &reader.at, depth, fault);
    if (!value)
        return NULL;
    blanks(&reader);
    if (reader.at == reader.length)
        return value;
    out_of_place(&reader, reader.at, "nothing behind the value");
    return give_up(value);
}

/* ---- paths ---- */

static const struct plain_value *part_of(const struct plain_value *value, const char *name, size_t length)
{
    const struct plain_value *part = NULL;
    if (value->type == KITHP_JSON_ARRAY) {
        char number[16];
        for (size_t i = 0; i < value->count && i < 1000; i++)
            if ((size_t)snprintf(number, sizeof number, "%zu", i) == length && memcmp(number, name, length) == 0)
                part = &value->parts[i];
        return part;
    }
    for (size_t i = 0; value->type == KITHP_JSON_OBJECT && i < value->count; i++) {
        const struct plain_value *found = &value->names[i];
        if (found->lones == 0 && found->length == length && (length == 0 || memcmp(found->bytes, name, length) == 0))
            part = &value->parts[i];
    }
    return part;
}

const struct plain_value *plain_find(const struct plain_value *value, const char *path)
{
    if (strcmp(path, ".") == 0)
        return value;
    while (value && *path) {
        size_t length = strcspn(path, ".");
        value = part_of(value, path, length);
        path += length + (path[length] == '.');
    }
    return value;
}

void assert_json_value(const struct kithp_json_value *value, const struct plain_value *plain, kith_text text)
{
    if (!plain) {
        assert_int_equal(value->type, KITHP_JSON_MISSING);
        assert_int_equal(value->text.length, 0);
        return;
    }
    bool string = plain->type == KITHP_JSON_STRING;
    assert_int_equal(value->type, plain->type);
    assert_ptr_equal(value->text.data, text.data + plain->begin + string);
    assert_int_equal(value->text.length, plain->end - plain->begin - (string ? 2 : 0));
    assert_int_equal(value->escaped, plain->escaped);
    assert_int_equal(value->lone, plain->lones > 0);
    if (!string)
        return;
    char *meant = malloc(value->text.length + 1);
    assert_non_null(meant);
    assert_int_equal(kithp_json_unescape(value, meant), plain->length);
    if (plain->length)
        assert_memory_equal(meant, plain->bytes, plain->length);
    free(meant);
}

/* ---- by chance ---- */

void made_byte(struct made *made, char byte)
{
    if (made->length < sizeof made->bytes)
        made->bytes[made->length++] = byte;
}

void made_string(struct made *made, const char *string)
{
    while (*string)
        made_byte(made, *string++);
}

void made_blanks(struct made *made, uint64_t *luck)
{
    static const char blank[] = " \t\n\r";
    uint32_t count = chance_below(luck, 4) ? 0 : chance_below(luck, 8) ? 1 : chance_below(luck, 30);
    while (count--)
        made_byte(made, count % 5 ? ' ' : blank[chance_below(luck, 4)]);
}

static void one_of(struct made *made, uint64_t *luck, const char *const *strings, uint32_t count)
{
    made_string(made, strings[chance_below(luck, count)]);
}

#define ONE_OF(made, luck, strings) one_of(made, luck, strings, (uint32_t)(sizeof(strings) / sizeof *(strings)))

static void made_text(struct made *made, uint64_t *luck)
{
    static const char *const odd[] = {"\\n",
                                      "\\\"",
                                      "\\\\",
                                      "\\/",
                                      "\\u0041",
                                      "\\uD83D\\uDE00",
                                      "\\ud800",
                                      "\\uDFFF",
                                      "\\uD800\\n",
                                      "\\u0000",
                                      "\\uFFfd",
                                      "\xC3\xA9",
                                      "\xE2\x82\xAC",
                                      "\xF0\x9F\x98\x80",
                                      "\xED\x9F\xBF",
                                      "\xEF\xBF\xBF",
                                      "\x7F",
                                      "\xF4\x8F\xBF\xBF",
                                      "\xC2\x80",
                                      "\xE0\xA0\x80",
                                      "\xF0\x90\x80\x80",
                                      "/",
                                      "\\t\\r\\b\\f"};
    uint32_t length = chance_below(luck, 4) ? chance_below(luck, 12) : chance_below(luck, 150);
    uint32_t oddness = 1 + chance_below(luck, 20);
    made_byte(made, '"');
    for (uint32_t i = 0; i < length; i++) {
        if (chance_below(luck, oddness) == 0)
            ONE_OF(made, luck, odd);
        else
            made_byte(made, "abcdefgh {}[]:,0'"[chance_below(luck, 17)]);
    }
    made_byte(made, '"');
}

static void made_number(struct made *made, uint64_t *luck)
{
    static const char *const numbers[] = {"0",
                                          "-0",
                                          "1",
                                          "12",
                                          "-7",
                                          "1234567",
                                          "12345678",
                                          "123456789",
                                          "0.5",
                                          "-0.25e10",
                                          "1E5",
                                          "1e+5",
                                          "9e-99",
                                          "1.0E-0",
                                          "18446744073709551616",
                                          "3.14159265358979",
                                          "100000000000.25",
                                          "1e999999"};
    ONE_OF(made, luck, numbers);
}

static void made_name(struct made *made, uint64_t *luck)
{
    static const char *const names[] = {"\"a\"",
                                        "\"b\"",
                                        "\"cc\"",
                                        "\"0\"",
                                        "\"1\"",
                                        "\"\"",
                                        "\"\\u0061\"",
                                        "\"c\\u0063\"",
                                        "\"12345678\"",
                                        "\"123456789\"",
                                        "\"long_name_one\"",
                                        "\"long_name_two\"",
                                        "\"a_name_of_many_bytes_1\"",
                                        "\"a_name_of_many_bytes_2\"",
                                        "\"\xC3\xA9\"",
                                        "\"\\u00e9\"",
                                        "\"x\"",
                                        "\"\\ud800\""};
    if (chance_below(luck, 12) == 0)
        made_text(made, luck);
    else
        ONE_OF(made, luck, names);
}

static void made_nested(struct made *made, uint64_t *luck, uint32_t depth, bool object)
{
    made_byte(made, object ? '{' : '[');
    made_blanks(made, luck);
    for (uint32_t i = chance_below(luck, 6); i > 0; i--) {
        if (object) {
            made_name(made, luck);
            made_blanks(made, luck);
            made_byte(made, ':');
            made_blanks(made, luck);
        }
        made_value(made, luck, depth - 1);
        made_blanks(made, luck);
        if (i > 1) {
            made_byte(made, ',');
            made_blanks(made, luck);
        }
    }
    made_byte(made, object ? '}' : ']');
}

void made_value(struct made *made, uint64_t *luck, uint32_t depth)
{
    static const char *const literals[] = {"true", "false", "null"};
    uint32_t kind = chance_below(luck, depth > 0 ? 10 : 4);
    if (kind >= 4 && made->length < sizeof made->bytes / 2)
        made_nested(made, luck, depth, kind >= 6);
    else if (kind >= 2)
        made_text(made, luck);
    else if (kind == 1)
        made_number(made, luck);
    else
        ONE_OF(made, luck, literals);
}

void made_mutate(struct made *made, uint64_t *luck)
{
    static const char bytes[] =
        "\"\\{}[]:,0189-+.eEtrufalsn \n\t\r/\x01\x1F\x7F\x80\x8F\x90\x9F\xA0\xBF\xC0\xC1\xC2\xE0\xED\xF0\xF4\xF5\xFF";
    uint32_t way = chance_below(luck, 3);
    size_t at = chance_below(luck, (uint32_t)made->length + 1);
    char byte = chance_below(luck, 10) ? bytes[chance_below(luck, sizeof bytes)] : (char)chance_below(luck, 256);
    if (way == 0 && made->length < sizeof made->bytes) {
        memmove(made->bytes + at + 1, made->bytes + at, made->length - at);
        made->bytes[at] = byte;
        made->length++;
    } else if (way == 1 && at < made->length) {
        memmove(made->bytes + at, made->bytes + at + 1, made->length - at - 1);
        made->length--;
    } else if (at < made->length) {
        made->bytes[at] = byte;
    }
}
