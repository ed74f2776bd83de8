/* SPDX-License-Identifier: MIT */
/* [aliases]: accounts, and the members that they belong to. */
#ifndef KITHP_SOURCES_ALIASES_H
#define KITHP_SOURCES_ALIASES_H

#include "sources/reader.h"

/* Makes room for as many aliases, which may all be lacking. */
void kithp_source_begin_aliases(struct kithp_source_reader *reader, uint32_t most);

void kithp_source_read_alias(struct kithp_source_reader *reader, const struct kithp_ini_part *key,
                             const struct kithp_ini_part *value);

/* Frees what was needed to read them, and no more. */
void kithp_source_end_aliases(struct kithp_source_reader *reader);

#endif
