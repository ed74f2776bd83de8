/* SPDX-License-Identifier: MIT */
/*
 * CSV of the usual columns. The first byte says how the text is read a second time, the second one sets the delimiter
 * where it is one. What is read must be what slow_csv.c makes of it, row by row.
 */
#include "reading.h"
#include "slow_csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    uint32_t how = fuzz_byte(&input), delimiter = fuzz_byte(&input);
    kith_text rest = fuzz_rest(&input);
    char *copy = fuzz_copy(rest);
    bool separates = delimiter == ';' || delimiter == '\t' || delimiter == '|' || delimiter == ':';
    const struct fuzz_export export = {
        .policy = fuzz_small(),
        .delimiter = separates ? delimiter : 0,
        .text = {copy, rest.length},
        .is_document = !separates && fuzz_is_other((kith_text){copy, rest.length}),
    };
    struct fuzz_outcome outcome = fuzz_read_plainly(&export);
    fuzz_check_slowly(&export, &outcome);
    fuzz_read_otherwise(&export, &outcome, how | delimiter << 8);
    fuzz_outcome_free(&outcome);
    free(copy);
    return 0;
}
