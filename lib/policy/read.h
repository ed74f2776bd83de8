/* SPDX-License-Identifier: MIT */
/* From the text of a policy file to figures; every fault is reported. */
#ifndef KITHP_POLICY_READ_H
#define KITHP_POLICY_READ_H

#include "policy/policy.h"

/* Who is told of the faults. */
struct kithp_policy_faults {
    const char *file;
    kith_fault_fn fault; /* told each; may be NULL */
    void *context;
    kith_error *error; /* gets the first; may be NULL */
    uint32_t count;
};

/* Fills figures; what the text leaves out has its default. Where faults->count is not 0 after it, they are of no use.
 */
void kithp_policy_read(kith_text text, struct kithp_figures *figures, struct kithp_policy_faults *faults);

#endif
