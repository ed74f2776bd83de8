/* SPDX-License-Identifier: MIT */
/*
 * Runs a target on files, and on the files of folders, in the order of their names: what a fuzzer has found, replayed
 * by any compiler and any sanitizer. Built by AFL++, and called without a file, it is what afl-fuzz runs.
 */
#include <dirent.h>
#include <errno.h>
#include <unistd.h>

#include "fuzz.h"

#ifdef __AFL_FUZZ_TESTCASE_LEN
__AFL_FUZZ_INIT();
#endif

static unsigned replayed;

static int replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return 1;
    }
    struct fuzz_made made = {0};
    char buffer[4096];
    for (size_t read; (read = fread(buffer, 1, sizeof buffer, file)) > 0;)
        fuzz_write(&made, buffer, read);
    int failed = ferror(file);
    fclose(file);
    /* In memory of its own length, so that a sanitizer sees what reads past it. */
    char *copy = fuzz_copy(fuzz_text_of(&made));
    if (!failed)
        LLVMFuzzerTestOneInput((const uint8_t *)copy, made.length);
    free(copy);
    fuzz_made_free(&made);
    replayed++;
    return failed != 0;
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static int replay(const char *path)
{
    struct dirent **entries;
    int count = scandir(path, &entries, is_visible, alphasort), failed = 0;
    if (count < 0)
        return replay_file(path);
    for (int i = 0; i < count; i++) {
        char below[4096];
        snprintf(below, sizeof below, "%s/%s", path, entries[i]->d_name);
        failed |= replay(below);
        free(entries[i]);
    }
    free(entries);
    return failed;
}

static int fuzz(void)
{
#ifdef __AFL_FUZZ_TESTCASE_LEN
    __AFL_INIT();
    const uint8_t *data = __AFL_FUZZ_TESTCASE_BUF;
    while (__AFL_LOOP(1000)) {
        kith_text text = {(const char *)data, (uint64_t)__AFL_FUZZ_TESTCASE_LEN};
        char *copy = fuzz_copy(text);
        LLVMFuzzerTestOneInput((const uint8_t *)copy, text.length);
        free(copy);
    }
    return 0;
#else
    fputs("usage: fuzz_TARGET FILE-OR-FOLDER…\n", stderr);
    return 2;
#endif
}

int main(int count, char **arguments)
{
    int failed = 0;
    if (count < 2)
        return fuzz();
    for (int i = 1; i < count; i++)
        failed |= replay(arguments[i]);
    printf("%u inputs\n", replayed);
    return failed || replayed == 0;
}
