/* SPDX-License-Identifier: MIT */
/*
 * Deflated data, looked into before what comes ahead of it is known. What a stretch is said to be, it must be to the
 * libraries that inflate it: whatever the window before it, they come to as much text, to its end, and to the window
 * behind it.
 */
#include "base/alloc.h"
#include "exports/stretch.h"

#include "fuzz.h"

/* Text that is more than this is not looked at: it takes long, and it is no other. */
enum { TEXT_MOST = 1 << 20 };

static bool goes_on(void *context)
{
    (void)context;
    return true;
}

static void invent_window(unsigned char *window, uint32_t luck)
{
    for (size_t i = 0; i < KITHP_INFLATE_WINDOW; i++) {
        luck = luck * 1664525 + 1013904223; /* of Numerical Recipes, 7.1 */
        window[i] = (unsigned char)(luck >> 24);
    }
}

/* Its text, of which must be just as much as there is room for. */
static void inflate_text(struct kithp_inflater *inflater, const struct kithp_stretch *stretch, unsigned char *text)
{
    MUST(kithp_stretch_begin_text(stretch, inflater));
    inflater->out = text;
    inflater->out_room = stretch->text_length;
    kithp_inflater_run(inflater);
    MUST(inflater->out_room == 0);
}

/* Behind its text there is nothing, and then another block; of which ISA-L may have looked at the first bits. */
static void check_end(struct kithp_inflater *inflater, const struct kithp_stretch *stretch)
{
    unsigned char more;
    unsigned unread;
    inflater->out = &more;
    inflater->out_room = 1;
    enum kithp_inflated outcome = kithp_inflater_run(inflater);
    MUST(inflater->out_room == 1 && inflater->in_length == 0);
    if (inflater->way == KITHP_INFLATE_ISAL)
        return;
    MUST(outcome == KITHP_INFLATED_SOME && kithp_inflater_is_between(inflater, &unread));
    MUST(8 * kithp_stretch_byte_behind(stretch->end) - unread == stretch->end);
}

static void check(const struct kithp_stretch *stretch, const struct kithp_window *behind, enum kithp_inflate_way way)
{
    kith_allocator allocator;
    struct kithp_inflater inflater;
    unsigned char *text = malloc(stretch->text_length);
    MUST(text && kithp_alloc_init(&allocator, NULL) && kithp_inflater_init(&inflater, &allocator, way));
    inflate_text(&inflater, stretch, text);
    MUST(memcmp(text + stretch->text_length - KITHP_INFLATE_WINDOW, behind->bytes, KITHP_INFLATE_WINDOW) == 0);
    check_end(&inflater, stretch);
    kithp_inflater_free(&inflater);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct kithp_stretcher stretcher;
    static struct kithp_stretch stretch;
    static struct kithp_window window = {.length = KITHP_INFLATE_WINDOW};
    struct fuzz_input input = {data, size};
    uint64_t place = fuzz_word(&input, 2);
    kith_text deflated = fuzz_rest(&input);
    if (deflated.length == 0 || deflated.length > KITHP_STRETCH_BYTES)
        return 0;
    memcpy(stretch.bytes, deflated.data, deflated.length);
    stretch.length = deflated.length;
    stretch.step = 1 + place % deflated.length;
    if (!kithp_stretcher_look(&stretcher, &stretch, goes_on, NULL) || stretch.text_length > TEXT_MOST)
        return 0;
    MUST(stretch.begin < stretch.end && stretch.end >= 8 * stretch.step && stretch.end <= 8 * stretch.length);
    invent_window(window.bytes, (uint32_t)place);
    kithp_stretch_settle(&stretch, &window);
    for (enum kithp_inflate_way way = 0; way < KITHP_INFLATE_WAYS; way++)
        if (kithp_inflate_can(way))
            check(&stretch, &window, way);
    return 0;
}
