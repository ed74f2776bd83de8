/* SPDX-License-Identifier: MIT */
/* Values of an event's fields: alternatives, parts, words. */
#ifndef KITHP_SOURCES_VALUE_H
#define KITHP_SOURCES_VALUE_H

#include "sources/reader.h"

/* Reads what a field of the reader's event is read from. Faults are reported. */
void kithp_source_read_value(struct kithp_source_reader *reader, enum kithp_field field,
                             const struct kithp_ini_part *key, const struct kithp_ini_part *value);

/* Reads a key that is one path of the row. False where there is a fault, which is reported, or no memory. */
bool kithp_source_read_path(struct kithp_source_reader *reader, const struct kithp_ini_part *key,
                            struct kithp_source_part *part);

#endif
