/* SPDX-License-Identifier: MIT */
/* From figures to the text of a policy file. */
#ifndef KITHP_POLICY_WRITE_H
#define KITHP_POLICY_WRITE_H

#include "base/writer.h"
#include "policy/policy.h"

/* Every key, in one order and one notation: the same figures give the same text. */
void kithp_policy_write_text(const struct kithp_figures *figures, bool with_comments, struct kithp_writer *writer);

/* Same figures, same digest, whatever the comments say. */
uint64_t kithp_policy_digest(const struct kithp_figures *figures);

#endif
