/* SPDX-License-Identifier: MIT */
#include "kinds.h"

#include <stdlib.h>
#include <string.h>

#include "text.h"

enum { MOST_NAMES = 1000, NAME_SIZE = 256 };

/* Index of the first item that is no less than name. */
static int find(const struct cli_kinds *kinds, const char *name)
{
    int low = 0;
    int high = kinds->count;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (strcmp(kinds->items[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int insert(struct cli_kinds *kinds, int at, const char *name)
{
    if (!kinds->items)
        kinds->items = malloc(MOST_NAMES * sizeof *kinds->items);
    size_t size = strlen(name) + 1;
    char *copy = kinds->items ? malloc(size) : NULL;
    if (!copy)
        return 1;
    memcpy(copy, name, size);
    memmove(&kinds->items[at + 1], &kinds->items[at], (size_t)(kinds->count - at) * sizeof *kinds->items);
    kinds->items[at] = (struct cli_kind){copy, 1};
    kinds->count++;
    return 0;
}

int cli_kinds_add(struct cli_kinds *kinds, kith_text name)
{
    char clean[NAME_SIZE];
    cli_text_copy_utf8(clean, sizeof clean, name);
    int at = find(kinds, clean);
    if (at < kinds->count && strcmp(kinds->items[at].name, clean) == 0) {
        kinds->items[at].count++;
        return 0;
    }
    if (kinds->count == MOST_NAMES) {
        kinds->others++;
        return 0;
    }
    return insert(kinds, at, clean);
}

int cli_kinds_most_frequent(const struct cli_kinds *kinds, const struct cli_kind **most, int room)
{
    int filled = 0;
    for (int i = 0; i < kinds->count; i++) {
        const struct cli_kind *kind = &kinds->items[i];
        int at = filled < room ? filled++ : room;
        /* Where counts are equal, the name that comes first stays first. */
        while (at > 0 && most[at - 1]->count < kind->count) {
            if (at < room)
                most[at] = most[at - 1];
            at--;
        }
        if (at < room)
            most[at] = kind;
    }
    return filled;
}

void cli_kinds_free(struct cli_kinds *kinds)
{
    for (int i = 0; i < kinds->count; i++)
        free(kinds->items[i].name);
    free(kinds->items);
    *kinds = (struct cli_kinds){0};
}
