/* SPDX-License-Identifier: MIT */
/* Files that are given for exports by mistake, and texts that are not quite CSV: what they are, and what to do. */
#ifndef KITHP_EXPORTS_MISTAKEN_H
#define KITHP_EXPORTS_MISTAKEN_H

#include <kith/kith.h>

/* Words that go on from the file's name, "is a PDF file"; NULL where the beginning of a file is no such sign. */
const char *kithp_mistaken_for(kith_text beginning);

/* The same of CSV that cannot be read, by the first line of its header, without the line feed. */
const char *kithp_mistaken_csv(kith_text line);

#endif
