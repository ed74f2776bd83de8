/* SPDX-License-Identifier: MIT */
/* _kith.Source: how the exports of a source are read; and those that come with the library. */
#include "ext.h"

PyObject *ext_source_new(struct ext_state *state, kith_source *source)
{
    struct ext_source *made = ext_alloc(state->source_type);
    if (!made) {
        kith_source_free(source);
        return NULL;
    }
    made->state = state;
    made->source = source;
    return (PyObject *)made;
}

static void dealloc(PyObject *self)
{
    kith_source_free(((struct ext_source *)self)->source);
    ext_dealloc(self);
}

static PyObject *finish(struct ext_state *state, kith_status status, kith_source *source, const kith_error *error,
                        struct ext_faults *faults)
{
    PyObject *made = status == KITH_OK ? ext_source_new(state, source) : ext_raise(state, status, error);
    ext_faults_end(faults);
    return made;
}

/* parse(text, name): of a text in bytes, as a file has it. */
static PyObject *parse(PyObject *class, PyObject *args)
{
    struct ext_state *state = ext_state_of((PyTypeObject *)class);
    const char *data, *name = NULL;
    Py_ssize_t length;
    struct ext_faults faults;
    if (!PyArg_ParseTuple(args, "y#|z", &data, &length, &name) || !ext_faults_begin(&faults))
        return NULL;
    kith_source_options options = {.size = sizeof options, .fault = ext_faults_note, .fault_context = &faults};
    kith_text text = {data, (uint64_t)length};
    kith_source *source = NULL;
    kith_error error = EXT_NO_ERROR;
    kith_status status = kith_source_parse(text, name, &options, &source, &error);
    return finish(state, status, source, &error, &faults);
}

static PyObject *load(PyObject *class, PyObject *args)
{
    struct ext_state *state = ext_state_of((PyTypeObject *)class);
    PyObject *path;
    if (!PyArg_ParseTuple(args, "O&", PyUnicode_FSConverter, &path))
        return NULL;
    struct ext_faults faults;
    if (!ext_faults_begin(&faults)) {
        Py_DECREF(path);
        return NULL;
    }
    kith_source_options options = {.size = sizeof options, .fault = ext_faults_note, .fault_context = &faults};
    kith_source *source = NULL;
    kith_error error = EXT_NO_ERROR;
    kith_status status = kith_source_load(PyBytes_AsString(path), &options, &source, &error);
    Py_DECREF(path);
    return finish(state, status, source, &error, &faults);
}

static PyObject *get_info(PyObject *self, PyObject *nothing)
{
    (void)nothing;
    struct ext_source *source = (struct ext_source *)self;
    kith_source_info info = {.size = sizeof info};
    kith_error error = EXT_NO_ERROR;
    kith_status status = kith_source_get_info(source->source, &info, &error);
    if (status != KITH_OK)
        return ext_raise(source->state, status, &error);
    return Py_BuildValue("{s:I}", "format", info.format);
}

/* takes_file(source or None, path below the folder) */
PyObject *ext_takes_file(PyObject *module, PyObject *args)
{
    struct ext_state *state = PyModule_GetState(module);
    PyObject *source, *path;
    if (!PyArg_ParseTuple(args, "OO&", &source, PyUnicode_FSConverter, &path))
        return NULL;
    if (source != Py_None && Py_TYPE(source) != state->source_type) {
        Py_DECREF(path);
        PyErr_SetString(PyExc_TypeError, "expected a source, or None");
        return NULL;
    }
    kith_text text = {PyBytes_AsString(path), (uint64_t)PyBytes_Size(path)};
    int takes = kith_source_takes_file(source == Py_None ? NULL : ((struct ext_source *)source)->source, text);
    Py_DECREF(path);
    return PyBool_FromLong(takes);
}

PyObject *ext_ready_sources(PyObject *module, PyObject *nothing)
{
    (void)module;
    (void)nothing;
    kith_ready_source ready = {.size = sizeof ready};
    PyObject *list = PyList_New(0);
    for (uint32_t i = 0; list && kith_source_get_ready(i, &ready, NULL) == KITH_OK; i++) {
        PyObject *made = Py_BuildValue("(ssss)", ready.name, ready.title, ready.description, ready.policy);
        if (!made || PyList_Append(list, made) != 0)
            Py_CLEAR(list);
        Py_XDECREF(made);
    }
    return list;
}

static PyMethodDef methods[] = {
    {"parse", parse, METH_VARARGS | METH_CLASS,
     "parse($type, text, name=None, /)\n--\n\nA source of the text of a description, in bytes."},
    {"load", load, METH_VARARGS | METH_CLASS, "load($type, path, /)\n--\n\nA source of a description's file."},
    {"info", get_info, METH_NOARGS, "info($self, /)\n--\n\nThe form of its exports, by number."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_dealloc, (void *)dealloc},
    {Py_tp_methods, methods},
    {Py_tp_doc, "A source description of the C API."},
    {0, NULL},
};

PyType_Spec ext_source_spec = {"kith._kith.Source", sizeof(struct ext_source), 0,
                               Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION, slots};
