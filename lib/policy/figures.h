/* SPDX-License-Identifier: MIT */
/* The plain figures of a policy file, `key = number`, as one list: the reader and the writer both go by it. */
#ifndef KITHP_POLICY_FIGURES_H
#define KITHP_POLICY_FIGURES_H

#include "policy/policy.h"

struct kithp_figure {
    const char *section;
    const char *key;
    unsigned decimals;   /* digits behind the point; the figure is kept scaled by 10^decimals */
    int64_t least;       /* scaled */
    int64_t most;        /* scaled */
    size_t offset;       /* of a 32-bit member of struct kithp_figures, or a 64-bit one */
    size_t width;        /* its size in bytes */
    const char *comment; /* what the written policy says of it; may be NULL */
};

extern const struct kithp_figure kithp_figures[];
extern const size_t kithp_figure_count;

int64_t kithp_figure_get(const struct kithp_figure *figure, const struct kithp_figures *figures);
void kithp_figure_set(const struct kithp_figure *figure, struct kithp_figures *figures, int64_t value);

#endif
