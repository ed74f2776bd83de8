/* SPDX-License-Identifier: MIT */
/* How far each source has come: its name, and the latest of its numbers; by name. */
#include "base/text.h"
#include "snapshot/snapshot.h"

enum { SOURCES_A_PART = 1024 };

static void write_one(struct kithp_packer *packer, const struct kithp_sequence *sequence)
{
    kithp_pack_number(packer, sequence->length);
    kithp_pack_bytes(packer, sequence->name, sequence->length);
    kithp_pack_number(packer, sequence->recent_count);
    uint64_t before = 0;
    for (uint32_t i = 0; i < sequence->recent_count; i++) {
        kithp_pack_number(packer, sequence->recent[i] - before);
        before = sequence->recent[i];
    }
}

void kithp_snapshot_write_sequences(const kith_snapshot *snapshot, struct kithp_parts_out *out)
{
    uint32_t count = snapshot->head.sources;
    for (uint32_t first = 0, step; first < count; first += step) {
        step = kithp_snapshot_step(first, count, SOURCES_A_PART);
        for (uint32_t i = first; i < first + step; i++)
            write_one(&out->packer, snapshot->sequences.all[i]);
        kithp_parts_write(out, "SEQS");
    }
}

/* The next number, which is greater than the one before. */
static uint64_t read_number(struct kithp_unpacker *unpacker, uint64_t before)
{
    uint64_t more = kithp_unpack_number(unpacker, UINT64_MAX - before, "expected numbers that rise");
    if (more == 0)
        kithp_unpack_fault(unpacker, "expected numbers that rise");
    return before + more;
}

static bool is_behind_last(const struct kithp_sequences *sequences, kith_text name)
{
    if (sequences->count == 0)
        return true;
    const struct kithp_sequence *last = sequences->all[sequences->count - 1];
    return kithp_text_compare((kith_text){last->name, last->length}, name) < 0;
}

static bool read_one(struct kithp_parts_in *in, struct kithp_sequences *sequences)
{
    struct kithp_unpacker *unpacker = &in->unpacker;
    kith_text name = {NULL, kithp_unpack_number(unpacker, KITHP_SOURCE_NAME_MOST, "expected a shorter name")};
    name.data = (const char *)kithp_unpack_bytes(unpacker, name.length);
    uint64_t count = kithp_unpack_number(unpacker, KITHP_SEQUENCE_RECENT, "expected fewer numbers");
    uint64_t number = read_number(unpacker, 0);
    if (name.length == 0 || count == 0 || !name.data || !is_behind_last(sequences, name))
        kithp_unpack_fault(unpacker, "expected sources in order, with a name and a number at least");
    if (unpacker->fault)
        return true;
    struct kithp_sequence *sequence = kithp_sequences_add(sequences, name, number);
    if (!sequence)
        return kithp_parts_no_memory(in);
    for (uint64_t i = 1; i < count && !unpacker->fault; i++) {
        number = read_number(unpacker, number);
        kithp_sequence_take(sequence, number);
    }
    return true;
}

bool kithp_snapshot_read_sequences(struct kithp_parts_in *in, struct kithp_snapshot_target *target)
{
    uint32_t count = target->head.sources;
    for (uint32_t first = 0, step; first < count; first += step) {
        step = kithp_snapshot_step(first, count, SOURCES_A_PART);
        if (!kithp_parts_next(in, "SEQS"))
            return false;
        for (uint32_t i = 0; i < step && !in->unpacker.fault; i++)
            if (!read_one(in, target->sequences))
                return false;
        if (!kithp_parts_done(in))
            return false;
    }
    return true;
}
