/* SPDX-License-Identifier: MIT */
/*
 * A strict reader of INI text. A line is a heading, `[section]` or `[section name]`, or an item, `key = value`, or a
 * comment, which ; or # begins; a blank and a semicolon begin one behind a heading or an item too. What sections and
 * keys mean is the handler's business; what is not of this form is reported to it.
 */
#ifndef KITHP_BASE_INI_H
#define KITHP_BASE_INI_H

#include <kith/kith.h>

/* A part of the text, with where it stands. */
struct kithp_ini_part {
    kith_text text;
    uint64_t line;
    uint64_t column;
};

struct kithp_ini_handler {
    void *context;
    /* `[kind post]` has the section "kind" and the name "post", `[churn]` an empty name. */
    void (*section)(void *context, const struct kithp_ini_part *section, const struct kithp_ini_part *name);
    void (*item)(void *context, const struct kithp_ini_part *key, const struct kithp_ini_part *value);
    /*
     * What is wrong with a part, in words. Reading goes on at the next line. Where the part begins with '[', it is a
     * heading, and what follows stands under it.
     */
    void (*fault)(void *context, const struct kithp_ini_part *part, const char *words);
};

/* Reads a whole text, of which a byte order mark is skipped. */
void kithp_ini_read(kith_text text, const struct kithp_ini_handler *handler);

#endif
