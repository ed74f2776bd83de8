/* SPDX-License-Identifier: MIT */
#include "exports/inflate.h"

#include "base/alloc.h"

/* What a library must be able to do. */
struct library {
    bool (*init)(struct kithp_inflater *inflater);
    void (*free)(struct kithp_inflater *inflater);
    void (*reset)(struct kithp_inflater *inflater);
    bool (*begin_block)(struct kithp_inflater *inflater, const unsigned char *window, unsigned bits, unsigned count);
    bool (*is_between)(const struct kithp_inflater *inflater, unsigned *unread);
    enum kithp_inflated (*run)(struct kithp_inflater *inflater);
    uint32_t (*checksum)(uint32_t before, const void *bytes, size_t length);
};

static const struct library libraries[KITHP_INFLATE_WAYS] = {
    [KITHP_INFLATE_ZLIB] = {kithp_inflate_zlib_init, kithp_inflate_zlib_free, kithp_inflate_zlib_reset,
                            kithp_inflate_zlib_begin_block, kithp_inflate_zlib_is_between, kithp_inflate_zlib_run,
                            kithp_inflate_zlib_checksum},
#ifdef KITHP_HAS_ISAL
    [KITHP_INFLATE_ISAL] = {kithp_inflate_isal_init, kithp_inflate_isal_free, kithp_inflate_isal_reset,
                            kithp_inflate_isal_begin_block, kithp_inflate_isal_is_between, kithp_inflate_isal_run,
                            kithp_inflate_isal_checksum},
#endif
};

bool kithp_inflate_can(enum kithp_inflate_way way)
{
    return libraries[way].init != NULL;
}

enum kithp_inflate_way kithp_inflate_best(void)
{
    return kithp_inflate_can(KITHP_INFLATE_ISAL) ? KITHP_INFLATE_ISAL : KITHP_INFLATE_ZLIB;
}

bool kithp_inflater_init(struct kithp_inflater *inflater, const kith_allocator *allocator, enum kithp_inflate_way way)
{
    *inflater = (struct kithp_inflater){.way = way, .allocator = allocator};
    return libraries[way].init(inflater);
}

void kithp_inflater_free(struct kithp_inflater *inflater)
{
    if (!inflater->state)
        return;
    libraries[inflater->way].free(inflater);
    kithp_alloc_free(inflater->allocator, inflater->state);
    inflater->state = NULL;
}

void kithp_inflater_reset(struct kithp_inflater *inflater)
{
    libraries[inflater->way].reset(inflater);
}

bool kithp_inflater_begin_block(struct kithp_inflater *inflater, const unsigned char window[KITHP_INFLATE_WINDOW],
                                unsigned bits, unsigned count)
{
    return libraries[inflater->way].begin_block(inflater, window, bits, count);
}

bool kithp_inflater_is_between(const struct kithp_inflater *inflater, unsigned *unread)
{
    return libraries[inflater->way].is_between(inflater, unread);
}

enum kithp_inflated kithp_inflater_run(struct kithp_inflater *inflater)
{
    return libraries[inflater->way].run(inflater);
}

uint32_t kithp_inflate_checksum(enum kithp_inflate_way way, uint32_t before, const void *bytes, size_t length)
{
    return libraries[way].checksum(before, bytes, length);
}
