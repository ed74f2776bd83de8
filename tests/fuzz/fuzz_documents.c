/* SPDX-License-Identifier: MIT */
/*
 * JSON documents with rows in lists, read by a source description. The first byte says how the text is read a second
 * time; then come the description, as fuzz_describe() has it, and the text.
 */
#include "reading.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    struct fuzz_described described;
    uint32_t how = fuzz_byte(&input);
    if (!fuzz_describe(&input, KITH_FORMAT_JSON, &described))
        return -1;
    kith_text rest = fuzz_rest(&input);
    char *copy = fuzz_copy(rest);
    const struct fuzz_export export = {
        .policy = described.policy,
        .source = described.source,
        .is_document = true,
        .text = {copy, rest.length},
    };
    struct fuzz_outcome outcome = fuzz_read_plainly(&export);
    fuzz_read_otherwise(&export, &outcome, how | how << 8);
    fuzz_outcome_free(&outcome);
    free(copy);
    fuzz_described_free(&described);
    return 0;
}
