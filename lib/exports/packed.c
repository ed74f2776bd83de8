/* SPDX-License-Identifier: MIT */
#include "exports/packed.h"

#include <errno.h>

/* ---- inflating ---- */

static void end(struct kithp_portion *portion, kith_status status, const char *detail)
{
    portion->last = true;
    portion->fault = (struct kithp_fault){.status = status, .detail = detail};
}

static void end_input(struct kithp_portion *portion, int64_t error)
{
    end(portion, error == -ECANCELED ? KITH_CANCELLED : KITH_INPUT_OUTPUT, NULL);
    portion->fault.error = error;
}

/* Whether a stretch begins where inflating has come to, which is a byte that was to be come to exactly. */
static void come_upon(struct kithp_packed *packed, bool room_left)
{
    const uint64_t place = kithp_supply_place(packed->supply);
    unsigned unread;
    bool between = room_left && packed->gzip.part == KITHP_GZIP_TEXT && kithp_window_is_full(&packed->window) &&
                   kithp_inflater_is_between(&packed->gzip.inflater, &unread);
    struct kithp_stretch *stretch = kithp_scout_take(&packed->scout, place, between ? 8 * place - unread : UINT64_MAX);
    if (!stretch)
        return;
    kithp_stretch_settle(stretch, &packed->window);
    kithp_stretch_begin_behind(stretch, &packed->window, &packed->gzip.inflater);
    kithp_supply_go_to(packed->supply, stretch->at + kithp_stretch_byte_behind(stretch->end));
    packed->come_upon = stretch;
}

/* Whether text is waited for; or else there is no need to give more to do to who takes it. */
static bool is_wanted(struct kithp_packed *packed)
{
    return kithp_ahead_made(&packed->ahead) <= KITHP_AHEAD_PORTIONS / 2;
}

/* How many of the bytes that are left are to be read, so as to come to the next stretch exactly. */
static size_t bytes_to_read(struct kithp_packed *packed, bool *comes_to_stretch)
{
    size_t left = kithp_supply_left(packed->supply);
    if (!packed->has_scout)
        return left;
    uint64_t place = kithp_supply_place(packed->supply);
    uint64_t stop = kithp_scout_come_to(&packed->scout, place, is_wanted(packed));
    *comes_to_stretch = stop - place <= left;
    return *comes_to_stretch ? (size_t)(stop - place) : left;
}

/* What inflating has come to beside text. */
static void tell(struct kithp_packed *packed, struct kithp_portion *portion, enum kithp_gzip_outcome outcome)
{
    switch (outcome) {
    case KITHP_GZIP_FINE:
        return;
    case KITHP_GZIP_ENDED:
        portion->ends[portion->ends_count++] = (struct kithp_member_end){portion->length, packed->gzip.told};
        packed->window.length = 0;
        return;
    case KITHP_GZIP_NO_MEMORY:
        end(portion, KITH_NO_MEMORY, NULL);
        return;
    default:
        end(portion, KITH_BAD_EXPORT, packed->gzip.fault);
    }
}

/* Goes on up to the end of a member at most. */
static enum kithp_gzip_outcome inflate_one(struct kithp_packed *packed, struct kithp_portion *portion, size_t capacity)
{
    struct kithp_supply *supply = packed->supply;
    bool comes_to_stretch = false;
    size_t length = bytes_to_read(packed, &comes_to_stretch), given;
    unsigned char *text = portion->text + portion->length;
    ptrdiff_t used;
    enum kithp_gzip_outcome outcome = kithp_gzip_run(&packed->gzip, supply->bytes + supply->at, length, text,
                                                     capacity - portion->length, &used, &given);
    supply->at = (size_t)((ptrdiff_t)supply->at + used);
    portion->length += given;
    if (packed->has_scout)
        kithp_window_add(&packed->window, text, given);
    if (packed->done < supply->input->done)
        packed->done = supply->input->done;
    tell(packed, portion, outcome);
    if (comes_to_stretch && outcome == KITHP_GZIP_FINE && used == (ptrdiff_t)length)
        come_upon(packed, portion->length < capacity);
    return outcome;
}

/* Inflates what there is. False where that comes to nothing yet. */
static bool inflate_some(struct kithp_packed *packed, struct kithp_portion *portion, size_t capacity)
{
    while (inflate_one(packed, portion, capacity) == KITHP_GZIP_ENDED)
        if (portion->length == capacity || portion->ends_count == KITHP_AHEAD_ENDS)
            return true;
    return portion->length > 0 || portion->ends_count > 0 || portion->last || packed->come_upon;
}

/* Whether nobody wants to wait any longer for text, which gzip may be without for as long as it likes. */
static bool is_given_up(const struct kithp_input *input, unsigned fills)
{
    enum { FILLS_BETWEEN_QUESTIONS = 64 };
    return fills % FILLS_BETWEEN_QUESTIONS == 0 && input->waiting && input->waiting(input->waiting_context);
}

/* Reads more; or makes it the last portion, where there is no more. */
static void read_more(struct kithp_packed *packed, struct kithp_portion *portion)
{
    struct kithp_supply *supply = packed->supply;
    if (supply->ended) {
        bool may_end = kithp_gzip_may_end(&packed->gzip);
        end(portion, may_end ? KITH_OK : KITH_BAD_EXPORT, may_end ? NULL : "it ends too early");
        return;
    }
    int64_t fault = is_given_up(supply->input, ++packed->fills) ? -ECANCELED : kithp_supply_fill(supply);
    if (fault != 0)
        end_input(portion, fault);
}

static void inflate(struct kithp_packed *packed, struct kithp_portion *portion, size_t capacity)
{
    /* There may be text of what was read before, even where no more can be. */
    while (!portion->last && !inflate_some(packed, portion, capacity))
        if (kithp_supply_left(packed->supply) == 0)
            read_more(packed, portion);
    if (portion->length > 0)
        packed->fills = 0;
}

static void fill_portion(void *given, struct kithp_portion *portion, size_t capacity)
{
    struct kithp_packed *packed = given;
    if (!packed->come_upon)
        inflate(packed, portion, capacity);
    /* Text that comes before a stretch is a portion of its own. */
    if (packed->come_upon && portion->length == 0) {
        portion->stretch = packed->come_upon;
        portion->length = packed->come_upon->text_length;
        packed->come_upon = NULL;
    }
    portion->done = packed->done;
}

/* ---- taking ---- */

static size_t give_up(struct kithp_fault *fault, kith_status status, const char *detail)
{
    *fault = (struct kithp_fault){.status = status, .detail = detail};
    return 0;
}

/* Text of a stretch, which is all there: it was traced before. */
static size_t inflate_stretch(struct kithp_packed *packed, const struct kithp_stretch *stretch, void *buffer,
                              size_t room, struct kithp_fault *fault)
{
    struct kithp_inflater *inflater = &packed->inflater;
    if (packed->taken == 0 && !kithp_stretch_begin_text(stretch, inflater))
        return give_up(fault, KITH_NO_MEMORY, NULL);
    inflater->out = buffer;
    inflater->out_room = room;
    enum kithp_inflated outcome = kithp_inflater_run(inflater);
    if (inflater->out_room < room)
        return room - inflater->out_room; /* that what comes behind is damaged is for who inflates it to tell */
    if (outcome == KITHP_INFLATED_NO_MEMORY)
        return give_up(fault, KITH_NO_MEMORY, NULL);
    return give_up(fault, KITH_BAD_EXPORT, KITHP_GZIP_INVALID);
}

/* Up to where the member ends, or else the portion. */
static size_t end_of_text(const struct kithp_packed *packed, const struct kithp_portion *portion)
{
    return packed->ends_taken < portion->ends_count ? portion->ends[packed->ends_taken].at : portion->length;
}

static size_t take_some(struct kithp_packed *packed, const struct kithp_portion *portion, void *buffer, size_t capacity,
                        struct kithp_fault *fault)
{
    size_t left = end_of_text(packed, portion) - packed->taken, step = left < capacity ? left : capacity;
    *fault = (struct kithp_fault){.status = KITH_OK};
    if (portion->stretch)
        step = inflate_stretch(packed, portion->stretch, buffer, step, fault);
    else
        memcpy(buffer, portion->text + packed->taken, step);
    kithp_gzip_add(&packed->sum, packed->inflater.way, buffer, step);
    packed->taken += step;
    return step;
}

/* False where the text is not what the trailer told. */
static bool end_member(struct kithp_packed *packed, const struct kithp_portion *portion, struct kithp_fault *fault)
{
    const char *damage = kithp_gzip_compare(&packed->sum, &portion->ends[packed->ends_taken++].told);
    packed->sum = (struct kithp_gzip_sum){0};
    if (damage)
        give_up(fault, KITH_BAD_EXPORT, damage);
    return !damage;
}

/* Ends the portion that was taken. False where that is the end of all. */
static bool go_on(struct kithp_packed *packed, const struct kithp_portion *portion, struct kithp_fault *fault)
{
    *fault = portion->fault;
    if (portion->last)
        return false;
    if (portion->stretch)
        kithp_scout_give_back(&packed->scout, portion->stretch);
    packed->taken = 0;
    packed->ends_taken = 0;
    kithp_ahead_drop(&packed->ahead);
    return true;
}

size_t kithp_packed_take(struct kithp_packed *packed, void *buffer, size_t capacity, uint64_t *done,
                         struct kithp_fault *fault)
{
    bool goes_on = true;
    while (goes_on) {
        const struct kithp_portion *portion = kithp_ahead_front(&packed->ahead);
        *done = portion->done;
        if (packed->taken < end_of_text(packed, portion))
            return take_some(packed, portion, buffer, capacity, fault);
        goes_on = packed->ends_taken < portion->ends_count ? end_member(packed, portion, fault)
                                                           : go_on(packed, portion, fault);
    }
    return 0;
}

/* ---- the whole ---- */

bool kithp_packed_init(struct kithp_packed *packed, const kith_allocator *allocator, struct kithp_supply *supply,
                       enum kithp_inflate_way way)
{
    *packed = (struct kithp_packed){.allocator = allocator, .supply = supply, .inflater = {.way = way}};
    return kithp_ahead_init(&packed->ahead, allocator, fill_portion, packed) &&
           kithp_gzip_init(&packed->gzip, allocator, way);
}

void kithp_packed_free(struct kithp_packed *packed)
{
    kithp_ahead_free(&packed->ahead);
    kithp_gzip_free(&packed->gzip);
    kithp_inflater_free(&packed->inflater);
}

void kithp_packed_begin_ahead(struct kithp_packed *packed)
{
    packed->has_scout = kithp_scout_begin(&packed->scout, packed->allocator, packed->supply->input);
    if (packed->has_scout && !kithp_inflater_init(&packed->inflater, packed->allocator, packed->inflater.way)) {
        kithp_scout_end(&packed->scout);
        packed->has_scout = false;
    }
    kithp_ahead_begin(&packed->ahead);
}

void kithp_packed_end_ahead(struct kithp_packed *packed)
{
    kithp_ahead_end(&packed->ahead);
    if (packed->has_scout)
        kithp_scout_end(&packed->scout);
    packed->has_scout = false;
}
