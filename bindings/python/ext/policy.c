/* SPDX-License-Identifier: MIT */
/* _kith.Policy: every figure of the model. */
#include "ext.h"

PyObject *ext_policy_new(struct ext_state *state, kith_policy *policy)
{
    struct ext_policy *made = ext_alloc(state->policy_type);
    if (!made) {
        kith_policy_free(policy);
        return NULL;
    }
    made->state = state;
    made->policy = policy;
    return (PyObject *)made;
}

static void dealloc(PyObject *self)
{
    kith_policy_free(((struct ext_policy *)self)->policy);
    ext_dealloc(self);
}

/* Policy(): the default one. */
static PyObject *make(PyTypeObject *type, PyObject *args, PyObject *keywords)
{
    static char *names[] = {NULL};
    struct ext_state *state = ext_state_of(type);
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "", names))
        return NULL;
    kith_policy *policy = NULL;
    kith_error error = EXT_NO_ERROR;
    kith_status status = kith_policy_new(NULL, &policy, &error);
    return status == KITH_OK ? ext_policy_new(state, policy) : ext_raise(state, status, &error);
}

static PyObject *finish(struct ext_state *state, kith_status status, kith_policy *policy, const kith_error *error,
                        struct ext_faults *faults)
{
    PyObject *made = status == KITH_OK ? ext_policy_new(state, policy) : ext_raise(state, status, error);
    ext_faults_end(faults);
    return made;
}

static PyObject *parse(PyObject *class, PyObject *args)
{
    struct ext_state *state = ext_state_of((PyTypeObject *)class);
    PyObject *given;
    const char *name = NULL;
    kith_text text;
    if (!PyArg_ParseTuple(args, "U|z", &given, &name) || !ext_text_of(given, &text))
        return NULL;
    struct ext_faults faults;
    if (!ext_faults_begin(&faults))
        return NULL;
    kith_policy_options options = {.size = sizeof options, .fault = ext_faults_note, .fault_context = &faults};
    kith_policy *policy = NULL;
    kith_error error = EXT_NO_ERROR;
    kith_status status = kith_policy_parse(text, name, &options, &policy, &error);
    return finish(state, status, policy, &error, &faults);
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
    kith_policy_options options = {.size = sizeof options, .fault = ext_faults_note, .fault_context = &faults};
    kith_policy *policy = NULL;
    kith_error error = EXT_NO_ERROR;
    kith_status status = kith_policy_load(PyBytes_AsString(path), &options, &policy, &error);
    Py_DECREF(path);
    return finish(state, status, policy, &error, &faults);
}

/* ---- what it holds ---- */

static PyObject *text(PyObject *self, PyObject *nothing)
{
    (void)nothing;
    struct ext_policy *policy = (struct ext_policy *)self;
    struct ext_bytes words = {NULL, 0, 0, false};
    kith_error error = EXT_NO_ERROR;
    kith_status status = kith_policy_write(policy->policy, ext_bytes_add, &words, &error);
    return ext_bytes_end(&words, true, policy->state, status, &error);
}

static PyObject *get_info(PyObject *self, PyObject *nothing)
{
    (void)nothing;
    struct ext_policy *policy = (struct ext_policy *)self;
    kith_policy_info info = {.size = sizeof info};
    kith_error error = EXT_NO_ERROR;
    kith_status status = kith_policy_get_info(policy->policy, &info, &error);
    if (status != KITH_OK)
        return ext_raise(policy->state, status, &error);
    return Py_BuildValue("{s:I,s:I,s:i,s:I,s:K}", "tiers", info.tiers, "kinds", info.kinds, "utc_offset",
                         (int)info.utc_offset, "week_start", info.week_start, "digest",
                         (unsigned long long)info.digest);
}

static PyObject *get_tier(PyObject *self, PyObject *args)
{
    struct ext_policy *policy = (struct ext_policy *)self;
    unsigned int index;
    if (!PyArg_ParseTuple(args, "I", &index))
        return NULL;
    kith_tier tier = {.size = sizeof tier};
    kith_error error = EXT_NO_ERROR;
    kith_status status = kith_policy_get_tier(policy->policy, index, &tier, &error);
    if (status != KITH_OK)
        return ext_raise(policy->state, status, &error);
    return Py_BuildValue("{s:s,s:N,s:N,s:I,s:I}", "name", tier.name, "promote_at", ext_score(tier.promote_at),
                         "keep_at", ext_score(tier.keep_at), "min_active_days", tier.min_active_days, "min_supporters",
                         tier.min_supporters);
}

static PyObject *credit_of(const kith_credit *credit)
{
    static const char *const dimensions[KITH_DIMENSIONS] = {"content", "interaction", "community"};
    if (!credit->given)
        return Py_NewRef(Py_None);
    return Py_BuildValue("{s:s,s:d,s:N,s:N}", "dimension", dimensions[credit->dimension], "points",
                         (double)credit->points / 1000.0, "cap",
                         credit->cap > 0 ? PyLong_FromUnsignedLong(credit->cap) : Py_NewRef(Py_None), "each",
                         credit->each > 0 ? PyLong_FromUnsignedLong(credit->each) : Py_NewRef(Py_None));
}

static PyObject *get_kind(PyObject *self, PyObject *args)
{
    struct ext_policy *policy = (struct ext_policy *)self;
    unsigned int index;
    if (!PyArg_ParseTuple(args, "I", &index))
        return NULL;
    kith_kind kind = {.size = sizeof kind};
    kith_error error = EXT_NO_ERROR;
    kith_status status = kith_policy_get_kind(policy->policy, index, &kind, &error);
    if (status != KITH_OK)
        return ext_raise(policy->state, status, &error);
    return Py_BuildValue("{s:s,s:N,s:N,s:N}", "name", kind.name, "leave", PyBool_FromLong((long)kind.leave), "gives",
                         credit_of(&kind.gives), "receives", credit_of(&kind.receives));
}

static PyObject *parse_time(PyObject *self, PyObject *args)
{
    struct ext_policy *policy = (struct ext_policy *)self;
    PyObject *given;
    kith_text words;
    int64_t time;
    if (!PyArg_ParseTuple(args, "U", &given) || !ext_text_of(given, &words))
        return NULL;
    kith_error error = EXT_NO_ERROR;
    kith_status status = kith_policy_parse_time(policy->policy, words, &time, &error);
    return status == KITH_OK ? PyLong_FromLongLong(time) : ext_raise(policy->state, status, &error);
}

static PyObject *get_week(PyObject *self, PyObject *args)
{
    struct ext_policy *policy = (struct ext_policy *)self;
    long long time;
    if (!PyArg_ParseTuple(args, "L", &time))
        return NULL;
    kith_week week = {.size = sizeof week};
    kith_error error = EXT_NO_ERROR;
    kith_status status = kith_policy_get_week(policy->policy, time, &week, &error);
    if (status != KITH_OK)
        return ext_raise(policy->state, status, &error);
    return Py_BuildValue("iLL", (int)week.first_day, (long long)week.begin, (long long)week.end);
}

static PyMethodDef methods[] = {
    {"parse", parse, METH_VARARGS | METH_CLASS,
     "parse($type, text, name=None, /)\n--\n\nA policy of the text of a policy file."},
    {"load", load, METH_VARARGS | METH_CLASS, "load($type, path, /)\n--\n\nA policy of a policy file."},
    {"text", text, METH_NOARGS, "text($self, /)\n--\n\nThe policy as the text of a policy file."},
    {"info", get_info, METH_NOARGS, "info($self, /)\n--\n\nNumbers of tiers and kinds, the calendar, the digest."},
    {"tier", get_tier, METH_VARARGS, "tier($self, index, /)\n--\n\nA tier, 0 being the lowest."},
    {"kind", get_kind, METH_VARARGS, "kind($self, index, /)\n--\n\nA kind of event."},
    {"parse_time", parse_time, METH_VARARGS,
     "parse_time($self, text, /)\n--\n\nUnix seconds of a time as exports write it."},
    {"week", get_week, METH_VARARGS,
     "week($self, time, /)\n--\n\nFirst day, begin and end of the week that holds a moment."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_new, (void *)make},
    {Py_tp_dealloc, (void *)dealloc},
    {Py_tp_methods, methods},
    {Py_tp_doc, "A policy of the C API."},
    {0, NULL},
};

PyType_Spec ext_policy_spec = {"kith._kith.Policy", sizeof(struct ext_policy), 0, Py_TPFLAGS_DEFAULT, slots};
