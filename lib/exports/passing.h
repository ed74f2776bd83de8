/* SPDX-License-Identifier: MIT */
/* Going on with an export that has grown: what was read before is passed over. */
#ifndef KITHP_EXPORTS_PASSING_H
#define KITHP_EXPORTS_PASSING_H

#include "exports/reader.h"

/* From reader->offset on, which is behind what is to be read again, text is passed over. */
void kithp_passing_begin(struct kithp_reader *reader, struct kithp_batch *batch);

/* Passes over the batch's text, as far as it was read before. Returns where the first row begins. */
size_t kithp_passing_go_on(struct kithp_reader *reader, struct kithp_batch *batch, size_t at);

#endif
