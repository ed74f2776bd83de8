/* SPDX-License-Identifier: MIT */
/* What became of all events since the engine was first made. */
#ifndef KITHP_TALLY_TOTALS_H
#define KITHP_TALLY_TOTALS_H

#include <stdint.h>

struct kithp_totals {
    uint64_t taken;
    uint64_t rejected;
    uint64_t late;
    uint64_t future;
    uint64_t skipped;
    uint64_t ignored; /* since it was made or loaded: snapshots do not keep it */
};

#endif
