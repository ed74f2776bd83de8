/* SPDX-License-Identifier: MIT */
/* _kith.Snapshot: all that an engine held at one moment, to be written while it goes on. */
#include "ext.h"

PyObject *ext_snapshot_new(struct ext_state *state, kith_snapshot *snapshot)
{
    struct ext_snapshot *made = ext_alloc(state->snapshot_type);
    if (!made) {
        kith_snapshot_free(snapshot);
        return NULL;
    }
    made->state = state;
    made->snapshot = snapshot;
    return (PyObject *)made;
}

static void dealloc(PyObject *self)
{
    kith_snapshot_free(((struct ext_snapshot *)self)->snapshot);
    ext_dealloc(self);
}

static PyObject *save(PyObject *self, PyObject *args)
{
    struct ext_snapshot *snapshot = (struct ext_snapshot *)self;
    PyObject *path;
    if (!PyArg_ParseTuple(args, "O&", PyUnicode_FSConverter, &path))
        return NULL;
    const char *name = PyBytes_AsString(path);
    kith_error error = EXT_NO_ERROR;
    kith_status status;
    Py_BEGIN_ALLOW_THREADS
    status = kith_snapshot_save(snapshot->snapshot, name, &error);
    Py_END_ALLOW_THREADS
    Py_DECREF(path);
    if (status != KITH_OK)
        return ext_raise(snapshot->state, status, &error);
    Py_RETURN_NONE;
}

static PyObject *to_bytes(PyObject *self, PyObject *nothing)
{
    (void)nothing;
    struct ext_snapshot *snapshot = (struct ext_snapshot *)self;
    struct ext_bytes bytes = {NULL, 0, 0, false};
    kith_error error = EXT_NO_ERROR;
    kith_status status;
    Py_BEGIN_ALLOW_THREADS
    status = kith_snapshot_write(snapshot->snapshot, ext_bytes_add, &bytes, &error);
    Py_END_ALLOW_THREADS
    return ext_bytes_end(&bytes, false, snapshot->state, status, &error);
}

static PyMethodDef methods[] = {
    {"save", save, METH_VARARGS,
     "save($self, path, /)\n--\n\nWrites it to a file, which holds all of it or what it held before."},
    {"to_bytes", to_bytes, METH_NOARGS, "to_bytes($self, /)\n--\n\nThe file's content."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_dealloc, (void *)dealloc},
    {Py_tp_methods, methods},
    {Py_tp_doc, "A snapshot of the C API."},
    {0, NULL},
};

PyType_Spec ext_snapshot_spec = {"kith._kith.Snapshot", sizeof(struct ext_snapshot), 0,
                                 Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION, slots};
