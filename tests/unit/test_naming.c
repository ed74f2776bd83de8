/* SPDX-License-Identifier: MIT */
#include "support.h"

#include "inspect/naming.h"

/* The words of a name with a bar between. */
static void join(const struct kithp_naming *naming, char *out)
{
    out[0] = '\0';
    for (uint32_t i = 0; i < naming->count; i++) {
        strcat(out, i > 0 ? "|" : "");
        strcat(out, naming->words[i]);
    }
}

static void naming_words_are_found_in_any_spelling(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"created_at", "created|at"},
        {"createdAt", "created|at"},
        {"Created at", "created|at"},
        {"CREATED-AT", "created|at"},
        {"OwnerUserId", "owner|user|id"},
        {"HTTPServerID", "http|server|id"},
        {"userID", "user|id"},
        {"$mp_event", "mp|event"},
        {"v2Id", "v2|id"},
        {"größe", "größe"},
        {"", ""},
        {"--", ""},
        {"a.b.c.d.e.f.g.h.i.j", "a|b|c|d|e|f|g|h"},
        {"abcdefghijklmnopqrstuvwxyzabcdef_id", "abcdefghijklmnopqrstuvw|id"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct kithp_naming naming;
        char joined[KITHP_NAMING_WORDS_MOST * (KITHP_NAMING_WORD_BYTES + 1)];
        kithp_naming_of(&naming, kith_text_of(cases[i][0]));
        join(&naming, joined);
        assert_string_equal(joined, cases[i][1]);
    }
}

/* A path with dots; its last name is that of the field. */
static int judge(const char *path, uint32_t field)
{
    struct kithp_naming_place place = {.name = {.count = 0}};
    const char *names[3] = {NULL, NULL, NULL};
    size_t lengths[3] = {0, 0, 0}, count = 0;
    for (const char *at = path + strlen(path); count < 3;) {
        const char *begin = at;
        while (begin > path && begin[-1] != '.')
            begin--;
        names[count] = begin;
        lengths[count++] = (size_t)(at - begin);
        if (begin == path)
            break;
        at = begin - 1;
    }
    struct kithp_naming *const parts[] = {&place.name, &place.above, &place.further};
    for (size_t i = 0; i < count; i++)
        kithp_naming_of(parts[i], (kith_text){names[i], lengths[i]});
    return kithp_naming_judge(&place, field);
}

/* In each row, the first name looks more like the field than the second one does. */
static void naming_likelier_names_have_more_points(void **state)
{
    (void)state;
    static const struct {
        uint32_t field;
        const char *likelier, *other;
    } cases[] = {
        {KITH_FIELD_TIME, "time", "created_at"},
        {KITH_FIELD_TIME, "created_at", "updated_at"},
        {KITH_FIELD_TIME, "timestamp", "editedTimestamp"},
        {KITH_FIELD_TIME, "CreationDate", "LastEditDate"},
        {KITH_FIELD_TIME, "sent_at", "expires_at"},
        {KITH_FIELD_TIME, "date", "birth_date"},
        {KITH_FIELD_MEMBER, "member", "user"},
        {KITH_FIELD_MEMBER, "actor.login", "actor.id"},
        {KITH_FIELD_MEMBER, "actor.login", "actor.display_name"},
        {KITH_FIELD_MEMBER, "actor.login", "repo.name"},
        {KITH_FIELD_MEMBER, "author.name", "author.avatar_url"},
        {KITH_FIELD_MEMBER, "author.login", "parent.author.login"},
        {KITH_FIELD_MEMBER, "username", "user_id"},
        {KITH_FIELD_MEMBER, "user_id", "user_type"},
        {KITH_FIELD_MEMBER, "user_id", "user_agent"},
        {KITH_FIELD_MEMBER, "acting_username", "username"},
        {KITH_FIELD_MEMBER, "properties.distinct_id", "properties.city"},
        {KITH_FIELD_MEMBER, "author", "name"},
        {KITH_FIELD_MEMBER, "from", "to"},
        {KITH_FIELD_KIND, "kind", "type"},
        {KITH_FIELD_KIND, "event_type", "type"},
        {KITH_FIELD_KIND, "event", "event_time"},
        {KITH_FIELD_KIND, "type", "content_type"},
        {KITH_FIELD_TARGET, "target", "recipient"},
        {KITH_FIELD_TARGET, "to_user", "to_url"},
        {KITH_FIELD_TARGET, "parent.author.login", "author.login"},
        {KITH_FIELD_QUANTITY, "quantity", "count"},
        {KITH_FIELD_QUANTITY, "count", "like_count"},
        {KITH_FIELD_ID, "event_id", "user_id"},
        {KITH_FIELD_ID, "id", "thread_id"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int likelier = judge(cases[i].likelier, cases[i].field), other = judge(cases[i].other, cases[i].field);
        if (likelier <= other || likelier < 30)
            fail_msg("%s has %d points and %s %d", cases[i].likelier, likelier, cases[i].other, other);
    }
}

static void naming_other_things_have_no_points(void **state)
{
    (void)state;
    static const struct {
        uint32_t field;
        const char *name;
    } cases[] = {
        {KITH_FIELD_TIME, "timezone"},     {KITH_FIELD_TIME, "body"},        {KITH_FIELD_MEMBER, "title"},
        {KITH_FIELD_MEMBER, "repo.url"},   {KITH_FIELD_MEMBER, "user_role"}, {KITH_FIELD_KIND, "member"},
        {KITH_FIELD_TARGET, "target_url"}, {KITH_FIELD_QUANTITY, "score"},   {KITH_FIELD_ID, "channel_id"},
        {KITH_FIELD_QUANTITY, "amount"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_true(judge(cases[i].name, cases[i].field) < 30);
}

static void naming_kinds_are_taken_for_those_of_the_default_policy(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"post", "post"},
        {"event_join", "event_join"},
        {"topic_created", "post"},
        {"TopicCreated", "post"},
        {"Post liked", "like"},
        {"reply_to_topic", "reply"},
        {"IssueCommentEvent", "comment"},
        {"message", "comment"},
        {"$pageview", "view"},
        {"user signed in", "login"},
        {"member.joined", "join"},
        {"unlike", NULL},
        {"post_deleted", NULL},
        {"PushEvent", NULL},
        {"$feature_flag_called", NULL},
        {"heartbeat", NULL},
        {"4", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *kind = kithp_naming_kind(kith_text_of(cases[i][0]));
        if (!cases[i][1])
            assert_null(kind);
        else
            assert_string_equal(kind ? kind : "none", cases[i][1]);
    }
}

/* What is taken for a kind must be one. */
static void naming_kinds_are_there_in_the_default_policy(void **state)
{
    (void)state;
    kith_policy *policy = NULL;
    kith_policy_info info = {.size = sizeof info};
    assert_int_equal(kith_policy_new(NULL, &policy, NULL), KITH_OK);
    assert_int_equal(kith_policy_get_info(policy, &info, NULL), KITH_OK);
    uint32_t index;
    for (uint32_t i = 0; i < info.kinds; i++) {
        kith_kind kind = {.size = sizeof kind};
        assert_int_equal(kith_policy_get_kind(policy, i, &kind, NULL), KITH_OK);
        assert_string_equal(kithp_naming_kind(kith_text_of(kind.name)), kind.name);
    }
    static const char *const words[] = {"liked",    "bookmarked", "retweet", "poll",    "replies", "commented",
                                        "answered", "asked",      "blog",    "photo",   "invited", "helped",
                                        "solved",   "rsvp",       "hosted",  "flagged", "survey",  "check in",
                                        "sign up",  "log in",     "visit",   "tweet",   "chat",    "welcomed"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        assert_int_equal(
            kith_policy_find_kind(policy, kith_text_of(kithp_naming_kind(kith_text_of(words[i]))), &index, NULL),
            KITH_OK);
    kith_policy_free(policy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(naming_words_are_found_in_any_spelling),
        cmocka_unit_test(naming_likelier_names_have_more_points),
        cmocka_unit_test(naming_other_things_have_no_points),
        cmocka_unit_test(naming_kinds_are_taken_for_those_of_the_default_policy),
        cmocka_unit_test(naming_kinds_are_there_in_the_default_policy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
