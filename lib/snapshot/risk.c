/* SPDX-License-Identifier: MIT */
/* The counts that the risk goes by: how many there were in each situation, then how many of them were lost. */
#include "snapshot/snapshot.h"

/* Far above what members and weeks can come to, and low enough for the risk to be computed. */
#define COUNT_MOST (UINT64_C(1) << 48)

enum { BY_SILENCE = KITHP_RISK_WEEKS * (KITHP_RISK_WEEKS + 1), BY_PATTERN = KITHP_RISK_PATTERNS * KITHP_RISK_WEEKS };

static void write_outcomes(struct kithp_packer *packer, const struct kithp_outcomes *outcomes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        kithp_pack_number(packer, outcomes[i].n);
    for (size_t i = 0; i < count; i++)
        kithp_pack_number(packer, outcomes[i].y);
}

void kithp_snapshot_write_risk(const kith_snapshot *snapshot, struct kithp_parts_out *out)
{
    const struct kithp_risk_counts *risk = &snapshot->risk;
    write_outcomes(&out->packer, &risk->all, 1);
    /* Where nothing is known, a byte says so. */
    if (risk->all.n > 0) {
        write_outcomes(&out->packer, risk->by_silence[0], BY_SILENCE);
        write_outcomes(&out->packer, risk->by_pattern[0], BY_PATTERN);
    }
    kithp_parts_write(out, "RISK");
}

static void read_outcomes(struct kithp_unpacker *unpacker, struct kithp_outcomes *outcomes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        outcomes[i].n = kithp_unpack_number(unpacker, COUNT_MOST, "expected a smaller count");
    for (size_t i = 0; i < count; i++)
        outcomes[i].y = kithp_unpack_number(unpacker, outcomes[i].n, "expected no more members lost than there were");
}

/* Every outcome is counted in three places. */
static void check_sum(struct kithp_unpacker *unpacker, const struct kithp_outcomes *outcomes, size_t count,
                      const struct kithp_outcomes *all)
{
    struct kithp_outcomes sum = {0, 0};
    for (size_t i = 0; i < count; i++) {
        sum.n += outcomes[i].n;
        sum.y += outcomes[i].y;
    }
    if (sum.n != all->n || sum.y != all->y)
        kithp_unpack_fault(unpacker, "expected counts that agree");
}

bool kithp_snapshot_read_risk(struct kithp_parts_in *in, struct kithp_snapshot_target *target)
{
    if (!kithp_parts_next(in, "RISK"))
        return false;
    struct kithp_unpacker *unpacker = &in->unpacker;
    struct kithp_risk_counts *risk = &target->sweep->risk;
    read_outcomes(unpacker, &risk->all, 1);
    if (risk->all.n > 0) {
        read_outcomes(unpacker, risk->by_silence[0], BY_SILENCE);
        read_outcomes(unpacker, risk->by_pattern[0], BY_PATTERN);
        check_sum(unpacker, risk->by_silence[0], BY_SILENCE, &risk->all);
        check_sum(unpacker, risk->by_pattern[0], BY_PATTERN, &risk->all);
    }
    return kithp_parts_done(in);
}
