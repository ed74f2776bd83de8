/* SPDX-License-Identifier: MIT */
/* Why a member stands where it does, as dictionaries: the fields of `kith explain --json`, tiers by their index. */
#include "ext.h"

static PyObject *count(uint64_t number)
{
    return PyLong_FromUnsignedLongLong(number);
}

static PyObject *whole(int64_t number)
{
    return PyLong_FromLongLong(number);
}

static PyObject *yes(uint32_t flag)
{
    return PyBool_FromLong((long)flag);
}

static PyObject *tier(uint32_t index)
{
    return index == KITH_NO_TIER ? Py_NewRef(Py_None) : count(index);
}

static PyObject *points(int64_t number)
{
    return number == KITH_OUT_OF_REACH ? Py_NewRef(Py_None) : whole(number);
}

static const char *const dimension_names[KITH_DIMENSIONS] = {"content", "interaction", "community"};

static PyObject *slot_of(const kith_explained_slot *slot)
{
    return Py_BuildValue("{s:N,s:s,s:s,s:N,s:N,s:N,s:N,s:N}", "kind", count(slot->kind), "role",
                         slot->role == KITH_GIVES ? "gives" : "receives", "dimension", dimension_names[slot->dimension],
                         "quantity", count(slot->quantity), "each", count(slot->each), "counted", count(slot->counted),
                         "unit", whole(slot->unit), "points", whole(slot->points));
}

static PyObject *slots_of(const kith_explanation *of)
{
    PyObject *list = PyList_New(0);
    for (uint64_t i = 0; list && i < of->slot_count; i++) {
        PyObject *slot = slot_of(&of->slots[i]);
        if (!slot || PyList_Append(list, slot) != 0)
            Py_CLEAR(list);
        Py_XDECREF(slot);
    }
    return list;
}

static PyObject *dimension_of(const kith_explained_dimension *of)
{
    return Py_BuildValue("{s:N,s:N,s:N,s:N,s:N,s:N,s:N,s:N,s:N}", "before", whole(of->before), "carried_over",
                         whole(of->carried_over), "earned", whole(of->earned), "remembered", whole(of->remembered),
                         "half_points", whole(of->half_points), "score", whole(of->score), "weight", whole(of->weight),
                         "to_rise", points(of->to_rise), "to_keep", points(of->to_keep));
}

static PyObject *dimensions_of(const kith_explanation *of)
{
    PyObject *made = PyDict_New();
    for (uint32_t d = 0; made && d < KITH_DIMENSIONS; d++)
        if (!ext_set(made, dimension_names[d], dimension_of(&of->dimensions[d])))
            Py_CLEAR(made);
    return made;
}

static PyObject *tier_of(const kith_explanation *of)
{
    return Py_BuildValue("{s:N,s:N,s:N,s:N,s:N,s:N,s:N}", "name", tier(of->tier), "before", tier(of->tier_before),
                         "reason", of->changed ? count(of->reason) : Py_NewRef(Py_None), "weeks_below",
                         count(of->weeks_below), "weeks_below_before", count(of->weeks_below_before), "grace_weeks",
                         count(of->grace_weeks), "pinned", yes(of->pinned));
}

static PyObject *rise_of(const kith_explanation *of)
{
    if (of->next_tier == KITH_NO_TIER)
        return Py_NewRef(Py_None);
    return Py_BuildValue("{s:N,s:N,s:N,s:N}", "tier", tier(of->next_tier), "score", whole(of->promote_at),
                         "active_days", count(of->min_active_days), "supporters", count(of->min_supporters));
}

static PyObject *keep_of(const kith_explanation *of)
{
    if (of->keep_tier == KITH_NO_TIER)
        return Py_NewRef(Py_None);
    return Py_BuildValue("{s:N,s:N}", "tier", tier(of->keep_tier), "score", whole(of->keep_at));
}

static PyObject *presence_of(const kith_explanation *of)
{
    return Py_BuildValue(
        "{s:N,s:N,s:N,s:N,s:N,s:N,s:N,s:N,s:N,s:N,s:N,s:N}", "acted", yes(of->acted), "active_days",
        count(of->active_days), "core_days", count(of->core_days), "own_days", count(of->own_days), "supporters",
        count(of->supporters), "joined", ext_time(of->joined), "last_seen", ext_time(of->last_seen), "silent_days",
        whole(of->silent_days), "silent_limit", count(of->silent_limit), "dormant_limit", count(of->dormant_limit),
        "on_leave", yes(of->on_leave), "leave_end", of->leave_end != 0 ? whole(of->leave_end) : Py_NewRef(Py_None));
}

static PyObject *drop_of(const kith_explanation *of)
{
    return Py_BuildValue("{s:N,s:N,s:N,s:N,s:N,s:N}", "interactions", count(of->interactions), "baseline",
                         count(of->baseline), "baseline_weeks", count(of->baseline_weeks), "baseline_needed",
                         count(of->baseline_needed), "percent", count(of->drop_percent), "min_per_week",
                         count(of->drop_min_per_week));
}

static PyObject *outcomes(uint64_t known, uint64_t lost)
{
    return Py_BuildValue("{s:N,s:N}", "known", count(known), "lost", count(lost));
}

static PyObject *risk_of(const kith_explanation *of)
{
    return Py_BuildValue("{s:N,s:N,s:N,s:N,s:N,s:N,s:N}", "risk", of->risk < 0 ? Py_NewRef(Py_None) : whole(of->risk),
                         "percent", count(of->risk_percent), "pattern", count(of->pattern), "age", count(of->age),
                         "alike", outcomes(of->alike, of->lost), "similar", outcomes(of->similar, of->similar_lost),
                         "all", outcomes(of->all, of->all_lost));
}

/* The explanation in words. */
static PyObject *text_of(const struct ext_engine *engine, const kith_explanation *of)
{
    kith_error error = EXT_NO_ERROR;
    kith_policy *policy;
    kith_status status = kith_engine_get_policy(engine->engine, NULL, &policy, &error);
    if (status != KITH_OK)
        return ext_raise(engine->state, status, &error);
    struct ext_bytes words = {NULL, 0, 0, false};
    status = kith_explanation_write(of, policy, NULL, ext_bytes_add, &words, &error);
    kith_policy_free(policy);
    return ext_bytes_end(&words, true, engine->state, status, &error);
}

static PyObject *explanation_of(const struct ext_engine *engine, const kith_explanation *of)
{
    PyObject *made = PyDict_New();
    bool set = made && ext_set(made, "text", text_of(engine, of)) && ext_set(made, "week", whole(of->week)) &&
               ext_set(made, "as_of", whole(of->as_of_day)) && ext_set(made, "provisional", yes(of->provisional)) &&
               ext_set(made, "score", whole(of->score)) && ext_set(made, "stage", count(of->stage)) &&
               ext_set(made, "flags", count(of->flags)) && ext_set(made, "flags_before", count(of->flags_before)) &&
               ext_set(made, "slots", slots_of(of)) && ext_set(made, "dimensions", dimensions_of(of)) &&
               ext_set(made, "tier", tier_of(of)) && ext_set(made, "rise", rise_of(of)) &&
               ext_set(made, "keep", keep_of(of)) && ext_set(made, "presence", presence_of(of)) &&
               ext_set(made, "drop", drop_of(of)) && ext_set(made, "risk", risk_of(of)) &&
               ext_set(made, "left_out", yes(of->left_out));
    if (set)
        return made;
    Py_XDECREF(made);
    return NULL;
}

PyObject *ext_engine_explain(PyObject *self, PyObject *args)
{
    struct ext_engine *engine = (struct ext_engine *)self;
    PyObject *member, *given;
    uint64_t id;
    if (!PyArg_ParseTuple(args, "OO", &member, &given))
        return NULL;
    int64_t time = given == Py_None ? KITH_LAST_REVIEW : PyLong_AsLongLong(given);
    if (PyErr_Occurred() || !ext_engine_find(engine, member, &id))
        return NULL;
    kith_explanation explanation = {.size = sizeof explanation};
    kith_error error = EXT_NO_ERROR;
    kith_status status = kith_engine_explain(engine->engine, id, time, &explanation, &error);
    return status == KITH_OK ? explanation_of(engine, &explanation) : ext_raise(engine->state, status, &error);
}
