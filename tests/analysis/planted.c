/* SPDX-License-Identifier: MIT */
/* Faults that each tool of tests/analyse.sh must find here: a check that finds none may not be running at all. */
#include <stdlib.h>

int planted_null(int given);
int planted_free(void);
int planted_index(void);

int planted_null(int given)
{
    int *at = NULL;
    if (given > 3)
        at = &given;
    return *at;
}

int planted_free(void)
{
    int *memory = malloc(sizeof *memory);
    if (!memory)
        return 0;
    *memory = 1;
    free(memory);
    return *memory;
}

int planted_index(void)
{
    int list[4] = {0, 1, 2, 3};
    return list[4];
}
