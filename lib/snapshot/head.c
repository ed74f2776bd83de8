/* SPDX-License-Identifier: MIT */
/* The first parts: the policy, an engine's plain values, and the caller's position. */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "policy/read.h"
#include "policy/write.h"
#include "snapshot/snapshot.h"

/* ---- policy ---- */

static int pack_text(void *packer, const void *bytes, size_t length)
{
    kithp_pack_bytes(packer, bytes, length);
    return 0;
}

void kithp_snapshot_write_policy(const kith_snapshot *snapshot, struct kithp_parts_out *out)
{
    char buffer[1024];
    struct kithp_writer writer = {.write = pack_text, .context = &out->packer, .buffer = buffer};
    writer.capacity = sizeof buffer;
    kithp_policy_write_text(&snapshot->figures, false, &writer);
    kithp_writer_finish(&writer);
    kithp_parts_write(out, "POLI");
}

bool kithp_snapshot_read_policy(struct kithp_parts_in *in, struct kithp_figures *figures)
{
    if (!kithp_parts_next(in, "POLI"))
        return false;
    struct kithp_unpacker *unpacker = &in->unpacker;
    size_t length = (size_t)(unpacker->end - unpacker->at);
    kith_error error = {.size = sizeof error};
    struct kithp_policy_faults faults = {.error = &error};
    kithp_policy_read((kith_text){(const char *)kithp_unpack_bytes(unpacker, length), length}, figures, &faults);
    return faults.count == 0 ? kithp_parts_done(in) : kithp_parts_fault(in, error.message);
}

/* ---- plain values ---- */

void kithp_snapshot_write_head(const kith_snapshot *snapshot, struct kithp_parts_out *out)
{
    const struct kithp_snapshot_head *head = &snapshot->head;
    struct kithp_packer *packer = &out->packer;
    const bool flags[] = {head->named, head->closed,       head->explains,
                          head->begun, head->has_reviewed, head->has_pending};
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        kithp_pack_number(packer, flags[i]);
    kithp_pack_signed(packer, head->closed_week);
    kithp_pack_signed(packer, head->last_week);
    kithp_pack_time(packer, head->first_event);
    kithp_pack_time(packer, head->last_event);
    const struct kithp_totals *totals = &head->totals;
    const uint64_t numbers[] = {totals->taken, totals->rejected, totals->late, totals->future, totals->skipped,
                                head->members, head->links,      head->states, head->weeks,    head->sources};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        kithp_pack_number(packer, numbers[i]);
    kithp_parts_write(out, "HEAD");
}

bool kithp_snapshot_is_week(const struct kithp_calendar *calendar, int64_t week)
{
    return week >= kithp_calendar_week(calendar, 0) && week <= kithp_calendar_week(calendar, KITHP_TIME_MOST);
}

static const char *check_head(const struct kithp_snapshot_head *head, const struct kithp_calendar *calendar)
{
    /* A review of nobody may close weeks a little beyond those that can hold events, on either side. */
    const int64_t beyond = 2;
    int64_t first = kithp_calendar_week(calendar, 0) - beyond;
    int64_t last = kithp_calendar_week(calendar, KITHP_TIME_MOST) + beyond;
    if (head->closed ? head->closed_week < first || head->closed_week > last : head->closed_week != 0)
        return "expected a closed week that there can be";
    if (head->begun ? !head->closed || head->last_week != head->closed_week
                    : head->last_week != 0 && (head->last_week < first || head->last_week > last))
        return "expected the week closed last to be the one reviewed last";
    if ((head->first_event == KITH_NO_TIME) != (head->last_event == KITH_NO_TIME) ||
        head->first_event > head->last_event)
        return "expected a first and a last event";
    if (head->states > head->members || head->links > head->members)
        return "expected no more states and links than members";
    if (head->has_reviewed && !head->closed)
        return "expected no reviewed week where none is closed";
    return NULL;
}

bool kithp_snapshot_read_head(struct kithp_parts_in *in, const struct kithp_calendar *calendar,
                              struct kithp_snapshot_head *head)
{
    if (!kithp_parts_next(in, "HEAD"))
        return false;
    struct kithp_unpacker *unpacker = &in->unpacker;
    bool *const flags[] = {&head->named, &head->closed,       &head->explains,
                           &head->begun, &head->has_reviewed, &head->has_pending};
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        *flags[i] = kithp_unpack_flag(unpacker);
    head->closed_week = kithp_unpack_signed(unpacker);
    head->last_week = kithp_unpack_signed(unpacker);
    head->first_event = kithp_unpack_time(unpacker);
    head->last_event = kithp_unpack_time(unpacker);
    head->totals = (struct kithp_totals){.ignored = 0};
    struct kithp_totals *totals = &head->totals;
    uint64_t *const sums[] = {&totals->taken, &totals->rejected, &totals->late, &totals->future, &totals->skipped};
    for (size_t i = 0; i < sizeof sums / sizeof *sums; i++)
        *sums[i] = kithp_unpack_number(unpacker, UINT64_MAX, "");
    uint32_t *const counts[] = {&head->members, &head->links, &head->states, &head->weeks, &head->sources};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        *counts[i] = (uint32_t)kithp_unpack_number(unpacker, UINT32_MAX - 1, "expected a smaller count");
    if (!unpacker->fault)
        unpacker->fault = check_head(head, calendar);
    return kithp_parts_done(in);
}

/* ---- position ---- */

void kithp_snapshot_write_position(const kith_snapshot *snapshot, struct kithp_parts_out *out)
{
    kithp_pack_bytes(&out->packer, snapshot->position, snapshot->position_length);
    kithp_parts_write(out, "POSI");
}

bool kithp_snapshot_read_position(struct kithp_parts_in *in, char **position, size_t *length)
{
    if (!kithp_parts_next(in, "POSI"))
        return false;
    struct kithp_unpacker *unpacker = &in->unpacker;
    size_t given = (size_t)(unpacker->end - unpacker->at);
    if (given > KITHP_POSITION_MOST)
        return kithp_parts_fault(in, "expected a position of 1 MiB at most");
    const unsigned char *bytes = kithp_unpack_bytes(unpacker, given);
    if (given > 0) {
        *position = kithp_alloc_array(in->allocator, given, 1);
        if (!*position)
            return kithp_parts_no_memory(in);
        memcpy(*position, bytes, given);
        *length = given;
    }
    return kithp_parts_done(in);
}
