/* SPDX-License-Identifier: MIT */
/*
 * A sequence of calls, on two engines at once: one that is called as plainly as can be, and one with several threads
 * and a limit for memory, to which events come in arrays, and which is saved and loaded again and again, through bytes
 * and files. Whatever either is asked, both say the same; in the end they are the same snapshot.
 */
#include <unistd.h>

#include "acts.h"
#include "use.h"

enum { BATCH_MOST = 24 };

struct pair {
    const kith_policy *policy;
    kith_engine *plain, *other;
    kith_engine_options plain_options, other_options;
    bool named;
    int64_t reviewed; /* the latest moment of a review */
    uint32_t kinds;
    uint32_t stop_after; /* calls of progress, 0 for never */
};

static int stop(void *context, uint64_t done, uint64_t total)
{
    struct pair *pair = context;
    (void)done;
    (void)total;
    return pair->stop_after > 0 && --pair->stop_after == 0;
}

static kith_engine_info info_of(const kith_engine *engine)
{
    kith_engine_info info = {.size = sizeof info};
    MUST(kith_engine_get_info(engine, &info, NULL) == KITH_OK);
    return info;
}

static void compare_infos(const struct pair *pair)
{
    kith_engine_info a = info_of(pair->plain), b = info_of(pair->other);
    MUST(memcmp(&a, &b, sizeof a) == 0);
    MUST(a.rejected >= a.late + a.future);
}

/* ---- events ---- */

static void add_one(struct pair *pair, struct fuzz_input *input)
{
    kith_event event = fuzz_act(input, MONDAY, pair->kinds, pair->named);
    uint32_t marks = fuzz_byte(input);
    static const char *const sources[] = {"queue", "other"}, *const ids[] = {"", "a", "b",
                                                                             "a longer id than seven bytes"};
    if (marks & 1) {
        event.source = kith_text_of(sources[marks >> 1 & 1]);
        event.sequence = fuzz_byte(input);
    }
    event.event_id = kith_text_of(ids[marks >> 2 & 3]);
    kith_error a = NO_ERROR, b = NO_ERROR;
    kith_status status = kith_engine_add_event(pair->plain, &event, &a);
    MUST(kith_engine_add_event(pair->other, &event, &b) == status && a.reason == b.reason);
    MUST(status == KITH_OK || status == KITH_REFUSED || status == KITH_OUT_OF_ORDER);
    MUST((status == KITH_REFUSED) == (a.reason != KITH_REASON_NONE));
}

/* By ids, which named engines give; the one takes them as columns, the other one by one. */
static void add_many(struct pair *pair, struct fuzz_input *input)
{
    kith_event events[BATCH_MOST];
    uint8_t reasons[BATCH_MOST];
    uint64_t count = fuzz_below(input, BATCH_MOST + 1), ids[FUZZ_PEOPLE] = {0};
    kith_text names[FUZZ_PEOPLE];
    for (unsigned i = 1; i < FUZZ_PEOPLE; i++)
        names[i] = kith_text_of(fuzz_names[i]);
    if (pair->named) {
        uint64_t same[FUZZ_PEOPLE] = {0};
        MUST(kith_engine_get_ids(pair->plain, names + 1, FUZZ_PEOPLE - 1, ids + 1, NULL) == KITH_OK);
        MUST(kith_engine_get_ids(pair->other, names + 1, FUZZ_PEOPLE - 1, same + 1, NULL) == KITH_OK);
        MUST(memcmp(ids, same, sizeof ids) == 0);
    }
    for (uint64_t i = 0; i < count; i++) {
        events[i] = fuzz_act(input, MONDAY, pair->kinds, false);
        if (pair->named) {
            events[i].member = ids[events[i].member];
            events[i].target = ids[events[i].target];
        }
    }
    const kith_events columns = {
        .size = sizeof columns,
        .count = count,
        .time = &events->time,
        .member = &events->member,
        .kind = &events->kind,
        .target = &events->target,
        .quantity = &events->quantity,
        .time_stride = sizeof *events,
        .member_stride = sizeof *events,
        .kind_stride = sizeof *events,
        .target_stride = sizeof *events,
        .quantity_stride = sizeof *events,
    };
    kith_added added = {.size = sizeof added, .reasons = reasons};
    MUST(kith_engine_add(pair->other, &columns, &added, NULL) == KITH_OK);
    MUST(added.read == count && added.taken + added.rejected == count);
    for (uint64_t i = 0; i < count; i++) {
        kith_error error = NO_ERROR;
        kith_status status = kith_engine_add_event(pair->plain, &events[i], &error);
        MUST(status == KITH_OK || status == KITH_REFUSED);
        MUST(error.reason == reasons[i]);
    }
}

/* ---- reviews ---- */

static struct fuzz_made tables_of(const kith_review *review)
{
    struct fuzz_made made = {0};
    for (uint32_t which = KITH_STANDINGS; which <= KITH_HISTORY; which *= 2) {
        kith_table *table = NULL;
        MUST(kith_review_get_table(review, which, &table, NULL) == KITH_OK);
        MUST(kith_table_write_csv(table, KITH_CSV_HEADER, fuzz_write, &made, NULL) == KITH_OK);
        kith_table_free(table);
    }
    return made;
}

/* The other one's is stopped, saved and loaded in between, as the input says. */
static void review(struct pair *pair, struct fuzz_input *input)
{
    int64_t until = MONDAY + fuzz_below(input, 48) * WEEK;
    kith_review *a = NULL, *b = NULL;
    pair->stop_after = fuzz_below(input, 4);
    kith_status status = kith_engine_review(pair->other, until, &b, NULL);
    pair->stop_after = 0;
    if (status == KITH_CANCELLED) {
        MUST(!b);
        pair->other = fuzz_restart(pair->other, &pair->other_options);
        status = kith_engine_review(pair->other, until, &b, NULL);
    }
    MUST(status == KITH_OK);
    MUST(kith_engine_review(pair->plain, until, &a, NULL) == KITH_OK);
    struct fuzz_made first = tables_of(a), second = tables_of(b);
    MUST(fuzz_same(&first, &second));
    fuzz_made_free(&first);
    fuzz_made_free(&second);
    kith_review_free(a);
    kith_review_free(b);
    pair->reviewed = until > pair->reviewed ? until : pair->reviewed;
}

/* ---- members ---- */

static uint64_t some_member(const struct pair *pair, struct fuzz_input *input)
{
    uint32_t who = fuzz_below(input, FUZZ_PEOPLE + 4);
    if (!pair->named || who == 0 || who >= FUZZ_PEOPLE)
        return who;
    uint64_t a = 0, b = 0;
    kith_status status = kith_engine_find_id(pair->plain, kith_text_of(fuzz_names[who]), &a, NULL);
    MUST(kith_engine_find_id(pair->other, kith_text_of(fuzz_names[who]), &b, NULL) == status && a == b);
    MUST(status == KITH_OK || status == KITH_UNKNOWN_MEMBER);
    return status == KITH_OK ? a : who;
}

static void set(struct pair *pair, struct fuzz_input *input)
{
    uint64_t member = some_member(pair, input);
    uint32_t bits = fuzz_byte(input);
    kith_member_settings settings = {.size = sizeof settings, .pinned = bits & 1, .counts = bits >> 1 & 3}, a, b;
    a = b = (kith_member_settings){.size = sizeof a};
    settings.tier = settings.pinned ? bits >> 3 & 3 : 0;
    kith_status status = kith_engine_set_member(pair->plain, member, &settings, NULL);
    MUST(kith_engine_set_member(pair->other, member, &settings, NULL) == status);
    MUST(status == KITH_OK || status == KITH_UNKNOWN_MEMBER || status == KITH_BAD_ARGUMENT);
    kith_status got = kith_engine_get_member(pair->plain, member, &a, NULL);
    MUST(kith_engine_get_member(pair->other, member, &b, NULL) == got);
    MUST(memcmp(&a, &b, sizeof a) == 0);
    MUST(status != KITH_OK || (got == KITH_OK && memcmp(&a, &settings, sizeof a) == 0));
}

static void forget(struct pair *pair, struct fuzz_input *input)
{
    uint64_t member = some_member(pair, input);
    kith_status status = kith_engine_forget(pair->plain, member, NULL);
    MUST(kith_engine_forget(pair->other, member, NULL) == status);
    MUST(status == KITH_OK || status == KITH_UNKNOWN_MEMBER);
    kith_member_settings settings = {.size = sizeof settings};
    MUST(kith_engine_get_member(pair->plain, member, &settings, NULL) == KITH_UNKNOWN_MEMBER);
}

static void merge(struct pair *pair, struct fuzz_input *input)
{
    uint64_t from = some_member(pair, input), into = some_member(pair, input);
    kith_engine_info before = info_of(pair->plain);
    kith_status status = kith_engine_merge(pair->plain, from, into, NULL);
    MUST(kith_engine_merge(pair->other, from, into, NULL) == status);
    MUST(status == KITH_OK || status == KITH_UNKNOWN_MEMBER || status == KITH_BAD_ARGUMENT);
    MUST(info_of(pair->plain).members == before.members - (status == KITH_OK));
}

/* ---- questions ---- */

static void ask(struct pair *pair, struct fuzz_input *input)
{
    uint64_t member = some_member(pair, input);
    uint32_t when = fuzz_below(input, 48);
    int64_t as_of = when == 0 ? KITH_LAST_REVIEW : MONDAY + when * WEEK + DAY;
    kith_standing_row a = {.size = sizeof a}, b = {.size = sizeof b};
    kith_status status = kith_engine_get_standing(pair->plain, member, as_of, &a, NULL);
    MUST(kith_engine_get_standing(pair->other, member, as_of, &b, NULL) == status);
    MUST(fuzz_same_text(a.member, b.member));
    a.member = b.member = (kith_text){NULL, 0};
    MUST(memcmp(&a, &b, sizeof a) == 0);
    fuzz_ask(pair->plain, pair->policy, member, as_of);
    fuzz_ask(pair->other, pair->policy, member, as_of);
}

static void watch(struct pair *pair, struct fuzz_input *input)
{
    int64_t as_of = MONDAY + fuzz_below(input, 60) * WEEK;
    kith_table *a = NULL, *b = NULL;
    kith_status status = kith_engine_get_watch(pair->plain, as_of, &a, NULL);
    MUST(kith_engine_get_watch(pair->other, as_of, &b, NULL) == status);
    MUST(status == KITH_OK || (status == KITH_BAD_ARGUMENT && as_of < pair->reviewed));
    struct fuzz_made first = {0}, second = {0};
    if (status == KITH_OK) {
        MUST(kith_table_write_csv(a, KITH_CSV_HEADER, fuzz_write, &first, NULL) == KITH_OK);
        MUST(kith_table_write_csv(b, KITH_CSV_HEADER, fuzz_write, &second, NULL) == KITH_OK);
    }
    MUST(fuzz_same(&first, &second));
    fuzz_made_free(&first);
    fuzz_made_free(&second);
    kith_table_free(a);
    kith_table_free(b);
}

/* ---- saving ---- */

/* Through a file of a folder in memory, if there is one: what is made sure of on a disk takes long. */
static void restart_by_file(struct pair *pair, kith_text position)
{
    char path[64];
    const char *folder = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    snprintf(path, sizeof path, "%s/kith-fuzz-%ld", folder, (long)getpid());
    kith_snapshot *snapshot = NULL;
    MUST(kith_engine_freeze(pair->other, position, &snapshot, NULL) == KITH_OK);
    kith_engine_free(pair->other);
    MUST(kith_snapshot_save(snapshot, path, NULL) == KITH_OK);
    kith_snapshot_free(snapshot);
    const kith_load load = {.size = sizeof load, .path = path, .options = &pair->other_options};
    pair->other = NULL;
    MUST(kith_engine_load(&load, &pair->other, NULL) == KITH_OK);
    unlink(path);
    kith_text back = {NULL, 0};
    MUST(kith_engine_get_position(pair->other, &back, NULL) == KITH_OK && fuzz_same_text(back, position));
}

/* What was frozen does not change with the engine. */
static void freeze_and_go_on(struct pair *pair, struct fuzz_input *input)
{
    kith_snapshot *snapshot = NULL;
    struct fuzz_made before = fuzz_bytes_of(pair->other, (kith_text){NULL, 0}), after = {0};
    MUST(kith_engine_freeze(pair->other, (kith_text){NULL, 0}, &snapshot, NULL) == KITH_OK);
    add_many(pair, input);
    review(pair, input);
    forget(pair, input);
    MUST(kith_snapshot_write(snapshot, fuzz_write, &after, NULL) == KITH_OK);
    MUST(fuzz_same(&before, &after));
    kith_snapshot_free(snapshot);
    fuzz_made_free(&before);
    fuzz_made_free(&after);
}

static void compare_sequences(const struct pair *pair)
{
    uint64_t a = 7, b = 7;
    MUST(kith_engine_get_sequence(pair->plain, kith_text_of("queue"), &a, NULL) == KITH_OK);
    MUST(kith_engine_get_sequence(pair->other, kith_text_of("queue"), &b, NULL) == KITH_OK);
    MUST(a == b && a <= 255);
}

static void drop_open(struct pair *pair)
{
    kith_status status = kith_engine_drop_open(pair->plain, NULL);
    MUST(kith_engine_drop_open(pair->other, NULL) == status);
    MUST(status == KITH_OK || status == KITH_BAD_ARGUMENT);
    MUST(status != KITH_OK || info_of(pair->plain).open_weeks == 0);
}

static void call(struct pair *pair, struct fuzz_input *input)
{
    switch (fuzz_below(input, 16)) {
    case 0:
    case 1:
    case 2:
        add_one(pair, input);
        break;
    case 3:
    case 4:
        add_many(pair, input);
        break;
    case 5:
        review(pair, input);
        break;
    case 6:
        set(pair, input);
        break;
    case 7:
        forget(pair, input);
        break;
    case 8:
        merge(pair, input);
        break;
    case 9:
        ask(pair, input);
        break;
    case 10:
        watch(pair, input);
        break;
    case 11:
        pair->other = fuzz_restart(pair->other, &pair->other_options);
        break;
    case 12:
        restart_by_file(pair, fuzz_text(input, fuzz_below(input, 8)));
        break;
    case 13:
        freeze_and_go_on(pair, input);
        break;
    case 14:
        drop_open(pair);
        break;
    default:
        compare_sequences(pair);
    }
    compare_infos(pair);
}

static void check_constants(uint32_t number)
{
    const char *status = kith_status_name((kith_status)number), *reason = kith_reason_name(number);
    MUST(status && reason && kith_version()[0]);
    MUST((strcmp(status, "unknown") == 0) == (number > KITH_BAD_SOURCE));
    MUST(number >= KITH_REASONS || (reason[0] == '\0') == (number == KITH_REASON_NONE));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { CALLS_MOST = 40 };
    struct fuzz_input input = {data, size};
    uint32_t how = fuzz_byte(&input);
    struct pair pair = {.policy = how & 1 ? fuzz_small() : fuzz_default(), .named = how & 2};
    pair.kinds = fuzz_kinds_of(pair.policy);
    pair.plain_options = fuzz_options(pair.named ? KITH_NAMED : KITH_NUMBERED, 1);
    pair.other_options = fuzz_options(pair.named ? KITH_NAMED : KITH_NUMBERED, how & 4 ? 3 : 1);
    pair.other_options.memory = how & 8 ? 1 << 20 : 0;
    pair.other_options.progress = stop;
    pair.other_options.progress_context = &pair;
    pair.plain = fuzz_engine(pair.policy, &pair.plain_options);
    pair.other = fuzz_engine(pair.policy, &pair.other_options);
    check_constants(how);
    for (unsigned i = 0; i < CALLS_MOST && input.left > 0; i++)
        call(&pair, &input);
    struct fuzz_made a = fuzz_bytes_of(pair.plain, (kith_text){NULL, 0});
    struct fuzz_made b = fuzz_bytes_of(pair.other, (kith_text){NULL, 0});
    MUST(fuzz_same(&a, &b));
    fuzz_made_free(&a);
    fuzz_made_free(&b);
    kith_engine_free(pair.plain);
    kith_engine_free(pair.other);
    return 0;
}
