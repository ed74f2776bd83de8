/* SPDX-License-Identifier: MIT */
#include "limited.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

uint64_t size_of_load(uint64_t quick, uint64_t full)
{
    return getenv("KITH_LONG") ? full : quick;
}

static uint64_t peak_of(const struct rusage *usage)
{
    return (uint64_t)usage->ru_maxrss * 1024;
}

/* Address space is more than memory: what threads and the allocator set aside, and never touch, is part of it. */
static void limit(uint64_t memory)
{
    enum { SECONDS = 600 };
    const struct rlimit time = {SECONDS, SECONDS}, space = {2 * memory + 1024 * MIB, 2 * memory + 1024 * MIB};
    setrlimit(RLIMIT_CPU, &time);
    if (LIMITS_HOLD)
        setrlimit(RLIMIT_AS, &space);
}

void assert_within(uint64_t memory, void (*work)(void *context), void *context)
{
    struct rusage before, after;
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        /* A test that fails is to end this process, not to go on to the next test in it. */
        setenv("CMOCKA_TEST_ABORT", "1", 1);
        limit(memory);
        getrusage(RUSAGE_SELF, &before);
        work(context);
        getrusage(RUSAGE_SELF, &after);
        uint64_t taken = peak_of(&after) - peak_of(&before);
        if (LIMITS_HOLD && taken > memory)
            fail_msg("took %llu KiB, and not %llu KiB at most", (unsigned long long)taken / 1024,
                     (unsigned long long)memory / 1024);
        fflush(NULL);
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    if (WIFSIGNALED(status))
        fail_msg("ended by signal %d", WTERMSIG(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

int64_t read_made(void *context, void *buffer, size_t capacity)
{
    struct made_text *made = context;
    size_t given = 0;
    while (given < capacity && made->pieces->text) {
        const struct piece *piece = made->pieces;
        size_t length = piece->length > 0 ? piece->length : strlen(piece->text);
        if (made->done == piece->times || length == 0) {
            made->pieces++;
            made->done = 0;
            continue;
        }
        size_t step = length - made->at < capacity - given ? length - made->at : capacity - given;
        memcpy((char *)buffer + given, piece->text + made->at, step);
        given += step;
        made->at += step;
        made->done += made->at == length;
        made->at %= length;
    }
    return (int64_t)given;
}
