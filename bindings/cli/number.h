/* SPDX-License-Identifier: MIT */
/* Numbers and dates, read from arguments and written for a person. */
#ifndef KITH_CLI_NUMBER_H
#define KITH_CLI_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

/* Room for the longest text that these functions write. */
enum { CLI_NUMBER_SIZE = 32 };

/* A whole number in ASCII digits alone, least to most. False where it is none: number is then as it was. */
bool cli_number_parse(const char *text, uint64_t least, uint64_t most, uint64_t *number);

/* As that, in bytes, or in KiB, MiB or GiB with K, M or G behind it. */
bool cli_number_parse_size(const char *text, uint64_t least, uint64_t *bytes);

/* "1,234,567". All of these return out, which has room for CLI_NUMBER_SIZE bytes. */
const char *cli_number_count(char *out, uint64_t number);

/* "31.42", of hundredths. */
const char *cli_number_score(char *out, int32_t hundredths);

/* "9.9%", part of whole; "" where whole is 0. */
const char *cli_number_percent(char *out, uint64_t part, uint64_t whole);

/* "12.3 MB" */
const char *cli_number_bytes(char *out, uint64_t bytes);

/* "2026-03-16", of days since 1970-01-01. */
const char *cli_number_day(char *out, int64_t day);

/* "2026-03-16T08:15:00Z", of Unix seconds. */
const char *cli_number_time(char *out, int64_t time);

/* "3 days 4 hours", less than an hour being "0 hours". */
const char *cli_number_span(char *out, int64_t seconds);

#endif
