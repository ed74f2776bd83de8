/* SPDX-License-Identifier: MIT */
/* The last of a review: its rows put in the order of tables, with members and standings of its own. */
#ifndef KITHP_REVIEW_FINISH_H
#define KITHP_REVIEW_FINISH_H

#include "review/review.h"
#include "review/sweep.h"
#include "tally/order.h"

/*
 * Makes the review independent of the engine. False where there is no memory: the review is as it was, and the call can
 * be repeated.
 */
bool kithp_finish_review(kith_review *review, const struct kithp_sweep *sweep, const struct kithp_members *members,
                         struct kithp_order *order);

#endif
