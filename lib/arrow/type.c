/* SPDX-License-Identifier: MIT */
#include "arrow/type.h"

#include <string.h>

#include "base/calendar.h"

/* Formats that are one thing each. */
static const struct {
    const char *format;
    struct kithp_arrow_type type;
} formats[] = {
    {"n", {.sort = KITHP_ARROW_NOTHING}},
    {"c", {.sort = KITHP_ARROW_NUMBER, .width = 1, .is_signed = true}},
    {"C", {.sort = KITHP_ARROW_NUMBER, .width = 1}},
    {"s", {.sort = KITHP_ARROW_NUMBER, .width = 2, .is_signed = true}},
    {"S", {.sort = KITHP_ARROW_NUMBER, .width = 2}},
    {"i", {.sort = KITHP_ARROW_NUMBER, .width = 4, .is_signed = true}},
    {"I", {.sort = KITHP_ARROW_NUMBER, .width = 4}},
    {"l", {.sort = KITHP_ARROW_NUMBER, .width = 8, .is_signed = true}},
    {"L", {.sort = KITHP_ARROW_NUMBER, .width = 8}},
    {"f", {.sort = KITHP_ARROW_FLOAT, .width = 4}},
    {"g", {.sort = KITHP_ARROW_FLOAT, .width = 8}},
    {"tdD", {.sort = KITHP_ARROW_DATE, .width = 4, .is_signed = true, .parts = 1, .seconds = KITHP_SECONDS_A_DAY}},
    {"tdm", {.sort = KITHP_ARROW_DATE, .width = 8, .is_signed = true, .parts = 1000, .seconds = 1}},
    {"u", {.sort = KITHP_ARROW_TEXT, .width = 4}},
    {"U", {.sort = KITHP_ARROW_TEXT, .width = 8}},
    {"vu", {.sort = KITHP_ARROW_VIEW, .width = 16}},
};

/* "ts", the unit, a colon, and the zone: any text, as all that counts is whether there is one. */
static bool read_timestamp(const char *format, struct kithp_arrow_type *type)
{
    static const char units[] = "smun";
    if (strncmp(format, "ts", 2) != 0 || format[2] == '\0' || format[3] != ':')
        return false;
    const char *unit = strchr(units, format[2]);
    if (!unit)
        return false;
    *type = (struct kithp_arrow_type){
        .sort = KITHP_ARROW_TIMESTAMP,
        .width = 8,
        .is_signed = true,
        .has_zone = format[4] != '\0',
        .parts = 1,
        .seconds = 1,
    };
    for (; unit > units; unit--)
        type->parts *= 1000;
    return true;
}

bool kithp_arrow_type_read(const char *format, struct kithp_arrow_type *type)
{
    if (!format)
        return false;
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        if (strcmp(format, formats[i].format) != 0)
            continue;
        *type = formats[i].type;
        return true;
    }
    return read_timestamp(format, type);
}
