/* SPDX-License-Identifier: MIT */
/* Calls that take long: one at a time, and stopped by who waits for them. */
#include <time.h>

#include "ext.h"

bool ext_call_begin(struct ext_call *call, const struct ext_state *state, PyObject *progress)
{
    if (call->busy) {
        PyErr_SetString(state->busy_error,
                        "the engine is at work in another thread, or in the call that asks for progress");
        return false;
    }
    call->busy = true;
    call->progress = progress == Py_None ? NULL : progress;
    call->next_look = 0;
    return true;
}

void ext_call_end(struct ext_call *call)
{
    call->busy = false;
    call->progress = NULL;
}

static int64_t milliseconds(void)
{
    struct timespec now;
    timespec_get(&now, TIME_UTC);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Whether the one who waits for the call wants it to stop; then an exception may be kept. */
static bool wants_to_stop(struct ext_call *call, uint64_t done, uint64_t total)
{
    if (call->raised.type)
        return true;
    if (PyErr_CheckSignals() != 0) {
        ext_raised_keep(&call->raised);
        return true;
    }
    if (!call->progress)
        return false;
    PyObject *answer = PyObject_CallFunction(call->progress, "KN", (unsigned long long)done,
                                             total > 0 ? PyLong_FromUnsignedLongLong(total) : Py_NewRef(Py_None));
    bool stops = !answer || answer == Py_False;
    if (!answer)
        ext_raised_keep(&call->raised);
    Py_XDECREF(answer);
    return stops;
}

/* Looking takes the interpreter's lock, so it is not done each time. */
int ext_call_look(void *context, uint64_t done, uint64_t total)
{
    enum { EVERY = 50 };
    struct ext_call *call = context;
    int64_t now = milliseconds();
    if (now < call->next_look)
        return 0;
    call->next_look = now + EVERY;
    PyGILState_STATE lock = PyGILState_Ensure();
    bool stops = wants_to_stop(call, done, total);
    PyGILState_Release(lock);
    return stops;
}
