/* SPDX-License-Identifier: MIT */
/* What tests of source descriptions need: one that is sound, and the faults of one that is not. */
#ifndef KITH_TESTS_SOURCE_SUPPORT_H
#define KITH_TESTS_SOURCE_SUPPORT_H

#include "support.h"

#include "sources/source.h"

enum { SOURCE_FAULTS_MOST = 64 };

/* The faults of one text, in the order in which they were told. */
struct source_faults {
    kith_error errors[SOURCE_FAULTS_MOST];
    size_t count;
};

/* Of a text in memory of exactly its length, called "my.ini". faults gets each, of which the error must be the first.
 */
kith_status source_parse(kith_text text, kith_source **source, struct source_faults *faults);

/* Says the first fault where there is one. */
kith_source *source_of(const char *text);

/* A text has these faults, one a line, as their messages are: "my.ini:2:3: …". */
void assert_source_faults(const char *text, const char *expected);

/*
 * A value, written out: alternatives with " | " between, parts with " / ". A path of the row is as it is; that of the
 * document has "D:" before it, that of an element of the list N "N:"; words are in quotes.
 */
void source_write_value(const kith_source *source, uint32_t event, enum kithp_field field, char *out, size_t room);

#endif
