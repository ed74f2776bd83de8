/* SPDX-License-Identifier: MIT */
/*
 * JSON documents with rows in lists, read by a source description. The input is that of fuzz_read_described().
 */
#include "reading.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_read_described(data, size, KITH_FORMAT_JSON);
}
