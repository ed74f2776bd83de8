/* SPDX-License-Identifier: MIT */
/* From a status and its error to an exception. */
#include "ext.h"

/* A number from 1 on, or None. */
static PyObject *number_or_none(uint64_t number)
{
    return number > 0 ? PyLong_FromUnsignedLongLong(number) : Py_NewRef(Py_None);
}

/* What a fault names may be any bytes: they have been made fit to be shown. */
static PyObject *words_or_none(const char *words)
{
    return *words ? PyUnicode_DecodeUTF8(words, (Py_ssize_t)strlen(words), "replace") : Py_NewRef(Py_None);
}

static PyObject *details_of(const kith_error *error)
{
    PyObject *details = PyDict_New();
    bool set = details && ext_set(details, "status", PyUnicode_FromString(kith_status_name(error->status))) &&
               ext_set(details, "reason", words_or_none(kith_reason_name(error->reason))) &&
               ext_set(details, "file", words_or_none(error->file)) &&
               ext_set(details, "line", number_or_none(error->line)) &&
               ext_set(details, "column", number_or_none(error->column)) &&
               ext_set(details, "field", words_or_none(error->field)) &&
               ext_set(details, "value", words_or_none(error->value));
    if (set)
        return details;
    Py_XDECREF(details);
    return NULL;
}

void ext_raised_keep(struct ext_raised *raised)
{
    if (raised->type)
        PyErr_Clear();
    else
        PyErr_Fetch(&raised->type, &raised->value, &raised->traceback);
}

bool ext_raised_restore(struct ext_raised *raised)
{
    if (!raised->type)
        return false;
    PyErr_Restore(raised->type, raised->value, raised->traceback);
    *raised = (struct ext_raised){NULL, NULL, NULL};
    return true;
}

bool ext_faults_begin(struct ext_faults *faults)
{
    *faults = (struct ext_faults){PyList_New(0), false};
    return faults->list != NULL;
}

void ext_faults_note(void *context, const kith_error *fault)
{
    struct ext_faults *faults = context;
    PyObject *message = PyUnicode_DecodeUTF8(fault->message, (Py_ssize_t)strlen(fault->message), "replace");
    if (!message || PyList_Append(faults->list, message) != 0) {
        PyErr_Clear();
        faults->failed = true;
    }
    Py_XDECREF(message);
}

void ext_faults_end(struct ext_faults *faults)
{
    PyObject *type, *value, *traceback;
    if (PyErr_Occurred() && !faults->failed && PyList_Size(faults->list) > 0) {
        PyErr_Fetch(&type, &value, &traceback);
        PyErr_NormalizeException(&type, &value, &traceback);
        if (value && PyObject_SetAttrString(value, "faults", faults->list) != 0)
            PyErr_Clear();
        PyErr_Restore(type, value, traceback);
    }
    Py_CLEAR(faults->list);
}

/* The class of a status: the Python layer has one for each. */
static PyObject *class_of(const struct ext_state *state, kith_status status)
{
    PyObject *key = PyLong_FromLong(status);
    PyObject *class = key && state->errors ? PyDict_GetItemWithError(state->errors, key) : NULL;
    Py_XDECREF(key);
    return class ? class : PyExc_RuntimeError;
}

PyObject *ext_raise(const struct ext_state *state, kith_status status, const kith_error *error)
{
    if (PyErr_Occurred())
        return NULL;
    kith_error own = *error;
    own.status = status;
    PyObject *class = class_of(state, status);
    PyObject *message = PyUnicode_DecodeUTF8(own.message, (Py_ssize_t)strlen(own.message), "replace");
    PyObject *details = message ? details_of(&own) : NULL;
    PyObject *exception = details ? PyObject_CallFunctionObjArgs(class, message, details, NULL) : NULL;
    if (exception)
        PyErr_SetObject((PyObject *)Py_TYPE(exception), exception);
    Py_XDECREF(exception);
    Py_XDECREF(details);
    Py_XDECREF(message);
    return NULL;
}
