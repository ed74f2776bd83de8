/* SPDX-License-Identifier: MIT */
/* Numbers and days as a person reads them. */
#ifndef KITHP_PROSE_AMOUNT_H
#define KITHP_PROSE_AMOUNT_H

#include <kith/kith.h>

/* Room for the longest text that these functions write, its end mark included. */
enum { KITHP_AMOUNT_ROOM = 32 };

/* "1,234,567". All of these return out, which has room for KITHP_AMOUNT_ROOM bytes. */
const char *kithp_amount_count(char *out, uint64_t number);

/* "31.42", of hundredths, which are not negative. */
const char *kithp_amount_score(char *out, int32_t hundredths);

/* "-1,234.5", of thousandths. */
const char *kithp_amount_points(char *out, int64_t thousandths);

/* "12.5675" or "12.500", of hundredths times thousandths, which are not negative: three decimals at least. */
const char *kithp_amount_part(char *out, int64_t product);

/* "2026-03-16", of days since 1970-01-01. */
const char *kithp_amount_day(char *out, int64_t day);

#endif
