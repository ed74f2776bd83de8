/* SPDX-License-Identifier: MIT */
#include "interrupt.h"

#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>

static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
enum { SIGNALS = sizeof signals / sizeof *signals };

/* State of the process: signals have no other place to leave their mark. */
static atomic_int received;
static sigset_t mask_before;

static void leave_mark(int number)
{
    atomic_store(&received, number);
}

bool cli_interrupt_catch(void)
{
    /* No SA_RESTART: open(2) of a pipe that nobody writes to has to end. */
    struct sigaction action = {.sa_handler = leave_mark};
    sigemptyset(&action.sa_mask);
    for (int i = 0; i < SIGNALS; i++) {
        struct sigaction before;
        if (sigaction(signals[i], NULL, &before) != 0)
            return false;
        if (before.sa_handler != SIG_IGN && sigaction(signals[i], &action, NULL) != 0)
            return false;
    }
    return true;
}

bool cli_interrupted(void)
{
    return atomic_load(&received) != 0;
}

void cli_interrupt_hold(void)
{
    sigset_t set;
    sigemptyset(&set);
    for (int i = 0; i < SIGNALS; i++)
        sigaddset(&set, signals[i]);
    sigprocmask(SIG_BLOCK, &set, &mask_before);
}

void cli_interrupt_release(void)
{
    sigprocmask(SIG_SETMASK, &mask_before, NULL);
}

void cli_interrupt_end(void)
{
    for (int i = 0; i < SIGNALS; i++) {
        struct sigaction action;
        if (sigaction(signals[i], NULL, &action) == 0 && action.sa_handler == leave_mark)
            signal(signals[i], SIG_DFL);
    }
    int number = atomic_load(&received);
    if (number != 0)
        raise(number);
}
