/* SPDX-License-Identifier: MIT */
/*
 * Paths of values in JSON texts, such as actor.login: names with dots between, each that of a member of an object, or
 * the number of an element of an array. A name that is empty, or holds a dot, a bracket, a quote or a control
 * character, stands in double quotes, with JSON's escapes.
 */
#ifndef KITHP_BASE_PATH_H
#define KITHP_BASE_PATH_H

#include <stdbool.h>
#include <stddef.h>

/* How many names a path takes. */
enum { KITHP_PATH_NAMES_MOST = 16 };

/* What is left of a path. */
struct kithp_path {
    const char *at;
    const char *end;
    const char *words; /* what was expected at `at`; NULL while all is well */
};

/* Whether a byte of a name needs quotes. */
bool kithp_path_is_plain(char byte);

/*
 * Reads the next name, as it is meant, into room for as much as is left of the path. Returns how long it is; where
 * there is a fault, 0 with words set.
 */
size_t kithp_path_read_name(struct kithp_path *path, char *name);

/* Goes on behind a name to the next one. False at the path's end, and where there is a fault. */
bool kithp_path_next(struct kithp_path *path);

#endif
