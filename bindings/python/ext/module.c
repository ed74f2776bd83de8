/* SPDX-License-Identifier: MIT */
#include "ext.h"

struct ext_state *ext_state_of(PyTypeObject *type)
{
    return PyType_GetModuleState(type);
}

/* _set_errors(classes, busy): exceptions by status, and the one of an engine that is at work. */
static PyObject *set_errors(PyObject *module, PyObject *args)
{
    struct ext_state *state = PyModule_GetState(module);
    PyObject *errors, *busy;
    if (!PyArg_ParseTuple(args, "O!O", &PyDict_Type, &errors, &busy))
        return NULL;
    Py_XDECREF(state->errors);
    Py_XDECREF(state->busy_error);
    state->errors = Py_NewRef(errors);
    state->busy_error = Py_NewRef(busy);
    Py_RETURN_NONE;
}

static PyMethodDef functions[] = {
    {"_set_errors", set_errors, METH_VARARGS,
     "_set_errors($module, classes, busy, /)\n--\n\nClasses of exceptions, by status."},
    {"stream_of", ext_stream_of, METH_O,
     "stream_of($module, object, /)\n--\n\nA capsule of an Arrow stream of what gives one, or None."},
    {"stream_of_batches", ext_stream_of_batches, METH_O,
     "stream_of_batches($module, batches, /)\n--\n\nA capsule of one Arrow stream of all that an iterator gives."},
    {"stream_of_columns", ext_stream_of_columns, METH_O,
     "stream_of_columns($module, columns, /)\n--\n\nA capsule of an Arrow stream of columns, each (name, values, "
     "format or None)."},
    {"members_of", ext_members_of, METH_VARARGS,
     "members_of($module, stream, columns, name=None, /)\n--\n\nNAMED or NUMBERED: how an engine must know members to "
     "take a "
     "stream."},
    {"ready_sources", ext_ready_sources, METH_NOARGS,
     "ready_sources($module, /)\n--\n\nName, title, description and policy of each source that comes with the "
     "library."},
    {"takes_file", ext_takes_file, METH_VARARGS,
     "takes_file($module, source, path, /)\n--\n\nWhether a file of a folder is an export of a source, or of any: "
     "None."},
    {NULL, NULL, 0, NULL},
};

static bool add_type(PyObject *module, PyType_Spec *spec, PyTypeObject **type)
{
    *type = (PyTypeObject *)PyType_FromModuleAndSpec(module, spec, NULL);
    return *type && PyModule_AddType(module, *type) == 0;
}

static bool add_constants(PyObject *module)
{
    static const struct {
        const char *name;
        long value;
    } constants[] = {
        {"STANDINGS", KITH_STANDINGS}, {"CHANGES", KITH_CHANGES}, {"FLAGS", KITH_FLAGS},
        {"WEEKS", KITH_WEEKS},         {"HISTORY", KITH_HISTORY}, {"REJECTS", KITH_REJECTS},
        {"WATCH", KITH_WATCH},         {"NAMED", KITH_NAMED},     {"NUMBERED", KITH_NUMBERED},
    };
    for (size_t i = 0; i < sizeof constants / sizeof *constants; i++)
        if (PyModule_AddIntConstant(module, constants[i].name, constants[i].value) != 0)
            return false;
    return PyModule_AddStringConstant(module, "version", kith_version()) == 0;
}

static int execute(PyObject *module)
{
    struct ext_state *state = PyModule_GetState(module);
    bool added = add_type(module, &ext_policy_spec, &state->policy_type) &&
                 add_type(module, &ext_engine_spec, &state->engine_type) &&
                 add_type(module, &ext_review_spec, &state->review_type) &&
                 add_type(module, &ext_table_spec, &state->table_type) &&
                 add_type(module, &ext_snapshot_spec, &state->snapshot_type) &&
                 add_type(module, &ext_source_spec, &state->source_type) &&
                 add_type(module, &ext_inspection_spec, &state->inspection_type) &&
                 add_type(module, &ext_troubles_spec, &state->troubles_type) && add_constants(module);
    return added ? 0 : -1;
}

static int traverse(PyObject *module, visitproc visit, void *arg)
{
    struct ext_state *state = PyModule_GetState(module);
    Py_VISIT(state->policy_type);
    Py_VISIT(state->engine_type);
    Py_VISIT(state->review_type);
    Py_VISIT(state->table_type);
    Py_VISIT(state->snapshot_type);
    Py_VISIT(state->source_type);
    Py_VISIT(state->inspection_type);
    Py_VISIT(state->troubles_type);
    Py_VISIT(state->errors);
    Py_VISIT(state->busy_error);
    return 0;
}

static int clear(PyObject *module)
{
    struct ext_state *state = PyModule_GetState(module);
    Py_CLEAR(state->policy_type);
    Py_CLEAR(state->engine_type);
    Py_CLEAR(state->review_type);
    Py_CLEAR(state->table_type);
    Py_CLEAR(state->snapshot_type);
    Py_CLEAR(state->source_type);
    Py_CLEAR(state->inspection_type);
    Py_CLEAR(state->troubles_type);
    Py_CLEAR(state->errors);
    Py_CLEAR(state->busy_error);
    return 0;
}

static void release(void *module)
{
    (void)clear(module);
}

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, (void *)execute},
    {0, NULL},
};

static PyModuleDef definition = {
    .m_base = PyModuleDef_HEAD_INIT,
    .m_name = "kith._kith",
    .m_doc = "The C API of kith.",
    .m_size = sizeof(struct ext_state),
    .m_methods = functions,
    .m_slots = slots,
    .m_traverse = traverse,
    .m_clear = clear,
    .m_free = release,
};

PyMODINIT_FUNC PyInit__kith(void)
{
    return PyModuleDef_Init(&definition);
}
