/* SPDX-License-Identifier: MIT */
/* An event that has been checked, its members being known by index. */
#ifndef KITHP_TALLY_EVENT_H
#define KITHP_TALLY_EVENT_H

#include <stdint.h>

/* Stands for no member. */
#define KITHP_NOBODY UINT32_MAX

#define KITHP_QUANTITY_MOST UINT32_C(1000000000)

struct kithp_event {
    int64_t time;
    uint32_t member;
    uint32_t target;
    uint32_t quantity;
    uint32_t kind;
};

#endif
