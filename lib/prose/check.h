/* SPDX-License-Identifier: MIT */
/* Whether an explanation that a caller hands over is one that can be told: the caller may have filled it with anything.
 */
#ifndef KITHP_PROSE_CHECK_H
#define KITHP_PROSE_CHECK_H

#include "policy/policy.h"

/* KITH_BAD_ARGUMENT where a value is none that a review gives, or is not of this policy; error names it. */
kith_status kithp_check_explanation(const kith_explanation *explanation, const struct kithp_figures *policy,
                                    kith_error *error);

#endif
