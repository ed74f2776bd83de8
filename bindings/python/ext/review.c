/* SPDX-License-Identifier: MIT */
/* _kith.Review: what weeks that were closed brought. */
#include "ext.h"

PyObject *ext_review_new(struct ext_state *state, kith_review *review)
{
    struct ext_review *made = ext_alloc(state->review_type);
    if (!made) {
        kith_review_free(review);
        return NULL;
    }
    made->state = state;
    made->review = review;
    return (PyObject *)made;
}

static void dealloc(PyObject *self)
{
    kith_review_free(((struct ext_review *)self)->review);
    ext_dealloc(self);
}

static PyObject *info_of(PyObject *self, PyObject *nothing)
{
    (void)nothing;
    struct ext_review *review = (struct ext_review *)self;
    kith_review_info info = {.size = sizeof info};
    kith_error error = EXT_NO_ERROR;
    kith_status status = kith_review_get_info(review->review, &info, &error);
    if (status != KITH_OK)
        return ext_raise(review->state, status, &error);
    return Py_BuildValue("{s:I,s:i,s:i,s:I}", "weeks", info.weeks, "first_week", (int)info.first_week, "last_week",
                         (int)info.last_week, "tables", info.tables);
}

static PyObject *table_of(PyObject *self, PyObject *args)
{
    struct ext_review *review = (struct ext_review *)self;
    unsigned int which;
    if (!PyArg_ParseTuple(args, "I", &which))
        return NULL;
    kith_table *table = NULL;
    kith_error error = EXT_NO_ERROR;
    kith_status status;
    /* A review is never changed, and may be read by many threads. */
    Py_BEGIN_ALLOW_THREADS
    status = kith_review_get_table(review->review, which, &table, &error);
    Py_END_ALLOW_THREADS
    return status == KITH_OK ? ext_table_new(review->state, table) : ext_raise(review->state, status, &error);
}

static PyMethodDef methods[] = {
    {"info", info_of, METH_NOARGS, "info($self, /)\n--\n\nWhich weeks it spans, and which tables it holds."},
    {"table", table_of, METH_VARARGS, "table($self, which, /)\n--\n\nOne of its tables."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_dealloc, (void *)dealloc},
    {Py_tp_methods, methods},
    {Py_tp_doc, "A review of the C API."},
    {0, NULL},
};

PyType_Spec ext_review_spec = {"kith._kith.Review", sizeof(struct ext_review), 0,
                               Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION, slots};
