/* SPDX-License-Identifier: MIT */
/* Preloaded into the command: the FAIL_NTH call of malloc, calloc or realloc fails. For glibc, and no sanitizer. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);

static int fails(void)
{
    static int calls;
    static int nth = -1;
    if (nth < 0) {
        const char *text = getenv("FAIL_NTH");
        /* Not in what starts the command. */
        nth = text && strcmp(program_invocation_short_name, "kith") == 0 ? atoi(text) : 0;
    }
    if (nth == 0 || ++calls != nth)
        return 0;
    errno = ENOMEM;
    return 1;
}

void *malloc(size_t size)
{
    return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return fails() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
    return fails() ? NULL : __libc_realloc(memory, size);
}
