/* SPDX-License-Identifier: MIT */
/* What the values of an Arrow array are, as far as a column of events can be made of them. */
#ifndef KITHP_ARROW_TYPE_H
#define KITHP_ARROW_TYPE_H

#include <stdbool.h>

#include <kith/arrow.h>

enum kithp_arrow_sort {
    KITHP_ARROW_NOTHING, /* null in every row */
    KITHP_ARROW_NUMBER,
    KITHP_ARROW_FLOAT,
    KITHP_ARROW_TIMESTAMP,
    KITHP_ARROW_DATE,
    KITHP_ARROW_TEXT, /* bytes between two offsets */
    KITHP_ARROW_VIEW  /* bytes that each value says where to find */
};

struct kithp_arrow_type {
    enum kithp_arrow_sort sort;
    uint8_t width;   /* bytes of a value; of text, of an offset */
    bool is_signed;  /* of a number, timestamp or date */
    bool has_zone;   /* of a timestamp */
    int64_t parts;   /* of a timestamp or date: units that make a second */
    int64_t seconds; /* or seconds that make a unit; one of the two is 1 */
};

/* Reads a format string. False where it is that of no such type. */
bool kithp_arrow_type_read(const char *format, struct kithp_arrow_type *type);

static inline bool kithp_arrow_is_text(const struct kithp_arrow_type *type)
{
    return type->sort == KITHP_ARROW_TEXT || type->sort == KITHP_ARROW_VIEW;
}

static inline bool kithp_arrow_is_number(const struct kithp_arrow_type *type)
{
    return type->sort == KITHP_ARROW_NUMBER || type->sort == KITHP_ARROW_FLOAT;
}

#endif
