/* SPDX-License-Identifier: MIT */
/* Files that fail, in a program that is linked with io.c; io.c says how, and what the environment does in its place. */
#ifndef KITH_TESTS_FAULTS_IO_H
#define KITH_TESTS_FAULTS_IO_H

struct io_plan {
    char under[1024]; /* empty for nothing: no call counts, and none fails */
    unsigned nth;
    char how[16];
    int lasting;
};

struct io_seen {
    unsigned calls;
    unsigned failed;
    char name[32]; /* of the call that failed first, and on which file */
    char path[1024];
};

/* From here on, and as long as io_end() was not called; it gives what was seen. */
void io_begin(const struct io_plan *plan);
struct io_seen io_end(void);

#endif
