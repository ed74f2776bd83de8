/* SPDX-License-Identifier: MIT */
/* Exports that are read in several ways, of which all must come to the same. */
#ifndef KITH_TESTS_FUZZ_READING_H
#define KITH_TESTS_FUZZ_READING_H

#include "engines.h"

/* What is read, apart from the way. */
struct fuzz_export {
    const kith_policy *policy;
    const kith_source *source;
    const char *columns[6]; /* time, member, kind, target, quantity, id; NULL for the usual one */
    uint32_t delimiter;
    bool is_document; /* of JSON, where nothing can be gone on with */
    bool is_damaged;  /* gzip: how much is read before the fault hangs on the pieces that it comes in */
    kith_text text;
};

/* What came of it. */
struct fuzz_outcome {
    kith_status status;
    kith_added added;
    kith_error error;
    uint64_t told;            /* rejects */
    struct fuzz_made rejects; /* all that they said */
    struct fuzz_made bytes;   /* of the engine */
};

/* Read as plainly as can be: in one piece, by one thread. */
struct fuzz_outcome fuzz_read_plainly(const struct fuzz_export *input);
void fuzz_outcome_free(struct fuzz_outcome *outcome);

/* The byte that tells what an export is: behind a byte order mark and blanks. NUL where there is none. */
char fuzz_first(kith_text text);

/* What must hold of any outcome. */
void fuzz_check_outcome(const struct fuzz_outcome *outcome);

/* Aborts where what came of it differs. */
void fuzz_same_outcome(const struct fuzz_outcome *a, const struct fuzz_outcome *b);

/*
 * Reads it in another way, which the bits of `how` tell: in pieces, from a file, by several threads, with a limit for
 * memory, stopped half way and gone on with. All must be as it was.
 */
void fuzz_read_otherwise(const struct fuzz_export *input, const struct fuzz_outcome *plain, uint32_t how);

/*
 * A description, and a policy that goes with it, from the input's first byte: a letter stands for one that comes with
 * the library, any other byte for the text that stands before a line "---". False where there is none; what was made is
 * freed by fuzz_described_free().
 */
struct fuzz_described {
    kith_source *source;
    kith_policy *policy;
    uint32_t format; /* of the source's files */
};

bool fuzz_describe(struct fuzz_input *input, uint32_t format, struct fuzz_described *described);
void fuzz_described_free(struct fuzz_described *described);

/*
 * The whole of a target that reads an export by a source description. The first byte says how the text is read a second
 * time; then come the description, as fuzz_describe() has it, and the text. -1 where there is no description.
 */
int fuzz_read_described(const uint8_t *data, size_t size, uint32_t format);

#endif
