/* SPDX-License-Identifier: MIT */
/* Paths of fields, as source descriptions write them (docs/sources.md). */
#ifndef KITHP_INSPECT_PATHS_H
#define KITHP_INSPECT_PATHS_H

#include "inspect/fields.h"

enum {
    KITHP_INSPECT_QUOTED_MOST = 6, /* bytes that one may take as an escape; two more are the quotes */
    /* Room for any path, its end mark included. */
    KITHP_INSPECT_PATH_ROOM = KITHP_INSPECT_NAMES_MOST * (KITHP_INSPECT_QUOTED_MOST * KITHP_INSPECT_NAME_BYTES + 5) + 32
};

/* Writes a name in double quotes, so that it may stand before an equals sign, too. Returns how many bytes: */
size_t kithp_inspect_write_quoted(char *out, kith_text name);

/* Writes a name, in quotes where it cannot stand without; of JSON a part of a path. Returns how many bytes: */
size_t kithp_inspect_write_name(char *out, kith_text name, bool json);

/* The path of a field, with an end mark. Returns its length. */
size_t kithp_inspect_write_path(char *out, const struct kithp_inspect_fields *fields, uint32_t field, bool json);

/* Whether a description can say the field's path: it must be UTF-8, and have a name. */
bool kithp_inspect_is_sayable(const struct kithp_inspect_fields *fields, uint32_t field);

#endif
