/* SPDX-License-Identifier: MIT */
#include "inspect/naming.h"

#include <string.h>

/* Where the words of a rule must stand in a name. */
enum place {
    WHOLE, /* they are the name */
    FIRST, /* it begins with them */
    LAST,  /* it ends with them */
    ANY
};

struct rule {
    uint32_t field;
    enum place place;
    const char *words; /* with a space between */
    int points;
};

/*
 * Of the rules that apply, the one with most points counts, and all that take points away. What has 30 points or more
 * in the end may be the field, as far as its values can be one; the field with most points is. kith's own names of
 * columns have more than any other.
 */
static const struct rule rules[] = {
    /* When it happened. What was changed or ended later is another moment. */
    {KITH_FIELD_TIME, WHOLE, "time", 90},
    {KITH_FIELD_TIME, WHOLE, "timestamp", 70},
    {KITH_FIELD_TIME, WHOLE, "created at", 68},
    {KITH_FIELD_TIME, WHOLE, "created", 65},
    {KITH_FIELD_TIME, WHOLE, "ts", 65},
    {KITH_FIELD_TIME, WHOLE, "datetime", 64},
    {KITH_FIELD_TIME, WHOLE, "date time", 64},
    {KITH_FIELD_TIME, WHOLE, "date", 60},
    {KITH_FIELD_TIME, WHOLE, "when", 58},
    {KITH_FIELD_TIME, WHOLE, "at", 50},
    {KITH_FIELD_TIME, WHOLE, "day", 40},
    {KITH_FIELD_TIME, WHOLE, "epoch", 50},
    {KITH_FIELD_TIME, ANY, "occurred", 64},
    {KITH_FIELD_TIME, ANY, "happened", 64},
    {KITH_FIELD_TIME, ANY, "created", 58},
    {KITH_FIELD_TIME, ANY, "creation", 58},
    {KITH_FIELD_TIME, ANY, "event time", 62},
    {KITH_FIELD_TIME, ANY, "timestamp", 56},
    {KITH_FIELD_TIME, ANY, "sent", 54},
    {KITH_FIELD_TIME, ANY, "posted", 54},
    {KITH_FIELD_TIME, ANY, "published", 50},
    {KITH_FIELD_TIME, ANY, "submitted", 50},
    {KITH_FIELD_TIME, ANY, "time", 45},
    {KITH_FIELD_TIME, ANY, "date", 45},
    {KITH_FIELD_TIME, LAST, "at", 35},
    {KITH_FIELD_TIME, LAST, "ts", 35},
    {KITH_FIELD_TIME, LAST, "on", 30},
    {KITH_FIELD_TIME, ANY, "updated", -30},
    {KITH_FIELD_TIME, ANY, "modified", -30},
    {KITH_FIELD_TIME, ANY, "changed", -30},
    {KITH_FIELD_TIME, ANY, "edited", -30},
    {KITH_FIELD_TIME, ANY, "edit", -30},
    {KITH_FIELD_TIME, ANY, "last", -25},
    {KITH_FIELD_TIME, ANY, "deleted", -40},
    {KITH_FIELD_TIME, ANY, "closed", -30},
    {KITH_FIELD_TIME, ANY, "merged", -20},
    {KITH_FIELD_TIME, ANY, "pushed", -20},
    {KITH_FIELD_TIME, ANY, "end", -20},
    {KITH_FIELD_TIME, ANY, "due", -40},
    {KITH_FIELD_TIME, ANY, "expires", -60},
    {KITH_FIELD_TIME, ANY, "expiry", -60},
    {KITH_FIELD_TIME, ANY, "expiration", -60},
    {KITH_FIELD_TIME, ANY, "birth", -60},
    {KITH_FIELD_TIME, ANY, "joined", -15},
    {KITH_FIELD_TIME, ANY, "registered", -15},
    {KITH_FIELD_TIME, ANY, "ingested", -20},
    {KITH_FIELD_TIME, ANY, "received", -5},
    {KITH_FIELD_TIME, ANY, "zone", -90},
    {KITH_FIELD_TIME, ANY, "timezone", -90},
    {KITH_FIELD_TIME, ANY, "offset", -90},
    {KITH_FIELD_TIME, ANY, "duration", -90},

    /* Who acted. */
    {KITH_FIELD_MEMBER, WHOLE, "member", 95},
    {KITH_FIELD_MEMBER, ANY, "actor", 60},
    {KITH_FIELD_MEMBER, ANY, "acting", 72},
    {KITH_FIELD_MEMBER, ANY, "author", 58},
    {KITH_FIELD_MEMBER, ANY, "sender", 57},
    {KITH_FIELD_MEMBER, ANY, "member", 56},
    {KITH_FIELD_MEMBER, WHOLE, "username", 64},
    {KITH_FIELD_MEMBER, WHOLE, "login", 62},
    {KITH_FIELD_MEMBER, ANY, "distinct id", 56},
    {KITH_FIELD_MEMBER, ANY, "user", 54},
    {KITH_FIELD_MEMBER, ANY, "username", 54},
    {KITH_FIELD_MEMBER, ANY, "userid", 54},
    {KITH_FIELD_MEMBER, ANY, "creator", 52},
    {KITH_FIELD_MEMBER, ANY, "poster", 52},
    {KITH_FIELD_MEMBER, ANY, "by", 50},
    {KITH_FIELD_MEMBER, ANY, "contributor", 50},
    {KITH_FIELD_MEMBER, ANY, "participant", 48},
    {KITH_FIELD_MEMBER, ANY, "commenter", 50},
    {KITH_FIELD_MEMBER, ANY, "committer", 46},
    {KITH_FIELD_MEMBER, WHOLE, "from", 50},
    {KITH_FIELD_MEMBER, FIRST, "from", 46},
    {KITH_FIELD_MEMBER, WHOLE, "who", 50},
    {KITH_FIELD_MEMBER, ANY, "handle", 46},
    {KITH_FIELD_MEMBER, ANY, "nick", 46},
    {KITH_FIELD_MEMBER, ANY, "nickname", 46},
    {KITH_FIELD_MEMBER, ANY, "owner", 42},
    {KITH_FIELD_MEMBER, ANY, "account", 42},
    {KITH_FIELD_MEMBER, ANY, "person", 42},
    {KITH_FIELD_MEMBER, ANY, "profile", 38},
    {KITH_FIELD_MEMBER, ANY, "player", 42},
    {KITH_FIELD_MEMBER, ANY, "student", 42},
    {KITH_FIELD_MEMBER, ANY, "customer", 42},
    {KITH_FIELD_MEMBER, ANY, "contact", 36},
    {KITH_FIELD_MEMBER, ANY, "email", 34},
    {KITH_FIELD_MEMBER, WHOLE, "display name", 34},
    {KITH_FIELD_MEMBER, WHOLE, "full name", 34},
    {KITH_FIELD_MEMBER, WHOLE, "name", 30},
    /* What is about a member and does not name one. */
    {KITH_FIELD_MEMBER, ANY, "agent", -90},
    {KITH_FIELD_MEMBER, ANY, "type", -90},
    {KITH_FIELD_MEMBER, ANY, "role", -90},
    {KITH_FIELD_MEMBER, ANY, "count", -90},
    {KITH_FIELD_MEMBER, ANY, "url", -90},
    {KITH_FIELD_MEMBER, ANY, "avatar", -90},
    {KITH_FIELD_MEMBER, ANY, "association", -90},
    {KITH_FIELD_MEMBER, ANY, "ip", -90},
    {KITH_FIELD_MEMBER, ANY, "bot", -90},
    {KITH_FIELD_MEMBER, ANY, "admin", -90},
    {KITH_FIELD_MEMBER, ANY, "status", -90},
    {KITH_FIELD_MEMBER, ANY, "group", -60},
    {KITH_FIELD_MEMBER, ANY, "team", -60},
    {KITH_FIELD_MEMBER, ANY, "color", -90},
    {KITH_FIELD_MEMBER, ANY, "title", -90},
    {KITH_FIELD_MEMBER, ANY, "level", -90},
    {KITH_FIELD_MEMBER, ANY, "points", -90},
    {KITH_FIELD_MEMBER, ANY, "reputation", -90},
    {KITH_FIELD_MEMBER, ANY, "country", -90},
    {KITH_FIELD_MEMBER, ANY, "hash", -40},
    {KITH_FIELD_MEMBER, ANY, "last", -40},
    {KITH_FIELD_MEMBER, ANY, "editor", -40},
    {KITH_FIELD_MEMBER, ANY, "target", -60},
    {KITH_FIELD_MEMBER, ANY, "recipient", -60},
    {KITH_FIELD_MEMBER, ANY, "receiver", -60},
    {KITH_FIELD_MEMBER, ANY, "reply", -60},
    {KITH_FIELD_MEMBER, ANY, "parent", -60},
    {KITH_FIELD_MEMBER, ANY, "mentioned", -60},
    {KITH_FIELD_MEMBER, ANY, "quoted", -60},
    {KITH_FIELD_MEMBER, FIRST, "to", -60},

    /* What was done. */
    {KITH_FIELD_KIND, WHOLE, "kind", 90},
    {KITH_FIELD_KIND, ANY, "event type", 66},
    {KITH_FIELD_KIND, ANY, "event name", 66},
    {KITH_FIELD_KIND, ANY, "activity type", 66},
    {KITH_FIELD_KIND, ANY, "action type", 64},
    {KITH_FIELD_KIND, WHOLE, "event", 62},
    {KITH_FIELD_KIND, WHOLE, "action", 60},
    {KITH_FIELD_KIND, WHOLE, "activity", 58},
    {KITH_FIELD_KIND, WHOLE, "verb", 58},
    {KITH_FIELD_KIND, WHOLE, "type", 56},
    {KITH_FIELD_KIND, WHOLE, "what", 46},
    {KITH_FIELD_KIND, ANY, "post type", 52},
    {KITH_FIELD_KIND, ANY, "message type", 52},
    {KITH_FIELD_KIND, ANY, "vote type", 52},
    {KITH_FIELD_KIND, ANY, "contribution", 45},
    {KITH_FIELD_KIND, ANY, "action", 44},
    {KITH_FIELD_KIND, ANY, "activity", 42},
    {KITH_FIELD_KIND, ANY, "event", 40},
    {KITH_FIELD_KIND, ANY, "kind", 40},
    {KITH_FIELD_KIND, ANY, "type", 36},
    {KITH_FIELD_KIND, WHOLE, "subtype", 34},
    {KITH_FIELD_KIND, WHOLE, "operation", 36},
    {KITH_FIELD_KIND, WHOLE, "category", 32},
    {KITH_FIELD_KIND, ANY, "user type", -60},
    {KITH_FIELD_KIND, ANY, "content type", -60},
    {KITH_FIELD_KIND, ANY, "mime", -60},
    {KITH_FIELD_KIND, ANY, "device", -60},
    {KITH_FIELD_KIND, ANY, "time", -60},
    {KITH_FIELD_KIND, ANY, "url", -60},

    /* Whom it was aimed at. */
    {KITH_FIELD_TARGET, WHOLE, "target", 90},
    {KITH_FIELD_TARGET, ANY, "target", 56},
    {KITH_FIELD_TARGET, ANY, "recipient", 56},
    {KITH_FIELD_TARGET, ANY, "receiver", 56},
    {KITH_FIELD_TARGET, ANY, "addressee", 56},
    {KITH_FIELD_TARGET, WHOLE, "to", 50},
    {KITH_FIELD_TARGET, FIRST, "to", 44},
    {KITH_FIELD_TARGET, ANY, "reply to", 44},
    {KITH_FIELD_TARGET, ANY, "replied to", 44},
    {KITH_FIELD_TARGET, ANY, "parent", 34},
    {KITH_FIELD_TARGET, ANY, "mentioned", 36},
    {KITH_FIELD_TARGET, ANY, "quoted", 34},
    {KITH_FIELD_TARGET, WHOLE, "whom", 50},
    {KITH_FIELD_TARGET, ANY, "type", -90},
    {KITH_FIELD_TARGET, ANY, "url", -90},
    {KITH_FIELD_TARGET, ANY, "count", -90},

    /* How many. */
    {KITH_FIELD_QUANTITY, WHOLE, "quantity", 90},
    {KITH_FIELD_QUANTITY, WHOLE, "qty", 56},
    {KITH_FIELD_QUANTITY, WHOLE, "count", 50},
    {KITH_FIELD_QUANTITY, WHOLE, "times", 45},
    {KITH_FIELD_QUANTITY, WHOLE, "n", 35},
    {KITH_FIELD_QUANTITY, LAST, "quantity", 40},
    {KITH_FIELD_QUANTITY, WHOLE, "event count", 50},

    /* The event's own name. */
    {KITH_FIELD_ID, WHOLE, "id", 70},
    {KITH_FIELD_ID, WHOLE, "event id", 72},
    {KITH_FIELD_ID, WHOLE, "uuid", 60},
    {KITH_FIELD_ID, WHOLE, "guid", 60},
    {KITH_FIELD_ID, WHOLE, "event uuid", 66},
    {KITH_FIELD_ID, WHOLE, "insert id", 60},
    {KITH_FIELD_ID, WHOLE, "activity id", 60},
    {KITH_FIELD_ID, WHOLE, "action id", 60},
    {KITH_FIELD_ID, WHOLE, "message id", 56},
    {KITH_FIELD_ID, WHOLE, "msg id", 56},
    {KITH_FIELD_ID, WHOLE, "client msg id", 56},
    {KITH_FIELD_ID, WHOLE, "post id", 50},
    {KITH_FIELD_ID, WHOLE, "comment id", 50},
    {KITH_FIELD_ID, WHOLE, "row id", 45},
    {KITH_FIELD_ID, WHOLE, "seq", 45},
    {KITH_FIELD_ID, WHOLE, "sequence", 45},
    {KITH_FIELD_ID, WHOLE, "post no", 45},
    {KITH_FIELD_ID, WHOLE, "post number", 45},
    {KITH_FIELD_ID, WHOLE, "key", 30},
};

/*
 * A member is often an object: actor.login, author.name. By which of its names a member is known best: those that are
 * one person's alone and can be read, then numbers, then names that two may have.
 */
static const struct rule names_of_members[] = {
    {KITH_FIELD_MEMBER, WHOLE, "login", 14},     {KITH_FIELD_MEMBER, WHOLE, "username", 14},
    {KITH_FIELD_MEMBER, WHOLE, "user name", 14}, {KITH_FIELD_MEMBER, WHOLE, "handle", 13},
    {KITH_FIELD_MEMBER, WHOLE, "slug", 11},      {KITH_FIELD_MEMBER, WHOLE, "screen name", 12},
    {KITH_FIELD_MEMBER, WHOLE, "uid", 9},        {KITH_FIELD_MEMBER, WHOLE, "id", 9},
    {KITH_FIELD_MEMBER, WHOLE, "uuid", 8},       {KITH_FIELD_MEMBER, WHOLE, "user id", 9},
    {KITH_FIELD_MEMBER, WHOLE, "email", 7},      {KITH_FIELD_MEMBER, WHOLE, "name", 10},
    {KITH_FIELD_MEMBER, WHOLE, "key", 6},        {KITH_FIELD_MEMBER, WHOLE, "nickname", 5},
    {KITH_FIELD_MEMBER, WHOLE, "nick", 5},       {KITH_FIELD_MEMBER, WHOLE, "display name", 4},
    {KITH_FIELD_MEMBER, WHOLE, "full name", 4},  {KITH_FIELD_MEMBER, WHOLE, "real name", 4},
};

/* Objects that hold fields of the row itself, and not those of something else. */
static const char *const containers[] = {
    "properties", "props", "data", "payload", "attributes", "fields",
    "context",    "event", "body", "values",  "source",     "record",
};

/* Kinds by their words: the first line that applies counts. What is a penalty in the default policy is not guessed. */
static const struct {
    const char *words;
    const char *kind;
} kinds[] = {
    {"unlike", NULL},          {"feature flag", NULL},     {"pinned", NULL},           {"signed up", "join"},
    {"unfollow", NULL},        {"removed", NULL},          {"deleted", NULL},          {"delete", NULL},
    {"destroy", NULL},         {"edited", NULL},           {"like", "like"},           {"liked", "like"},
    {"likes", "like"},         {"upvote", "like"},         {"upvoted", "like"},        {"reaction", "like"},
    {"react", "like"},         {"reacted", "like"},        {"star", "like"},           {"starred", "like"},
    {"thumbs up", "like"},     {"thumbsup", "like"},       {"clap", "like"},           {"claps", "like"},
    {"heart", "like"},         {"kudos", "like"},          {"favorite", "favorite"},   {"favourite", "favorite"},
    {"favorited", "favorite"}, {"bookmark", "favorite"},   {"bookmarked", "favorite"}, {"share", "share"},
    {"shared", "share"},       {"repost", "share"},        {"reposted", "share"},      {"retweet", "share"},
    {"retweeted", "share"},    {"reblog", "share"},        {"boost", "share"},         {"vote", "vote"},
    {"voted", "vote"},         {"poll", "vote"},           {"accept", "accept"},       {"accepted", "accept"},
    {"solution", "accept"},    {"solved", "accept"},       {"reply", "reply"},         {"replied", "reply"},
    {"replies", "reply"},      {"comment", "comment"},     {"commented", "comment"},   {"comments", "comment"},
    {"answer", "answer"},      {"answered", "answer"},     {"question", "question"},   {"ask", "question"},
    {"asked", "question"},     {"article", "article"},     {"blog", "article"},        {"wiki", "article"},
    {"photo", "media"},        {"image", "media"},         {"video", "media"},         {"media", "media"},
    {"upload", "media"},       {"uploaded", "media"},      {"attachment", "media"},    {"file", "media"},
    {"invite", "invite"},      {"invited", "invite"},      {"invitation", "invite"},   {"welcome", "welcome"},
    {"welcomed", "welcome"},   {"help", "help"},           {"helped", "help"},         {"rsvp", "event_join"},
    {"attend", "event_join"},  {"attended", "event_join"}, {"hosted", "event_host"},   {"report", "report"},
    {"flag", "report"},        {"flagged", "report"},      {"reported", "report"},     {"feedback", "feedback"},
    {"survey", "feedback"},    {"checkin", "checkin"},     {"check in", "checkin"},    {"join", "join"},
    {"joined", "join"},        {"signup", "join"},         {"sign up", "join"},        {"register", "join"},
    {"registered", "join"},    {"login", "login"},         {"log in", "login"},        {"logged in", "login"},
    {"signin", "login"},       {"sign in", "login"},       {"signed in", "login"},     {"session", "login"},
    {"view", "view"},          {"viewed", "view"},         {"pageview", "view"},       {"visit", "view"},
    {"visited", "view"},       {"post", "post"},           {"posted", "post"},         {"posts", "post"},
    {"topic", "post"},         {"thread", "post"},         {"tweet", "post"},          {"toot", "post"},
    {"status", "post"},        {"publish", "post"},        {"published", "post"},      {"message", "comment"},
    {"msg", "comment"},        {"chat", "comment"},
};

/* The default policy's own names, which stand for themselves. */
static const char *const own_kinds[] = {
    "article",  "post",    "media",   "question", "answer", "comment", "reply",      "like",       "favorite",
    "share",    "vote",    "invite",  "welcome",  "help",   "accept",  "event_join", "event_host", "report",
    "feedback", "checkin", "removed", "warned",   "leave",  "join",    "login",      "view",
};

/* ---- words ---- */

static bool is_lower(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (unsigned char)byte >= 0x80;
}

static bool is_upper(char byte)
{
    return byte >= 'A' && byte <= 'Z';
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* Whether a word ends between two bytes of a name: camelCase, HTTPServer, but not "id2". */
static bool ends_word(kith_text name, uint64_t at)
{
    char before = name.data[at - 1], byte = name.data[at];
    if (is_upper(byte) && (is_lower(before) || is_digit(before)))
        return true;
    return is_upper(byte) && is_upper(before) && at + 1 < name.length && is_lower(name.data[at + 1]);
}

void kithp_naming_of(struct kithp_naming *words, kith_text name)
{
    memset(words, 0, sizeof *words);
    size_t length = 0;
    for (uint64_t i = 0; i < name.length; i++) {
        char byte = name.data[i];
        bool is_part = is_lower(byte) || is_upper(byte) || is_digit(byte);
        if (length > 0 && (!is_part || ends_word(name, i))) {
            words->count++;
            length = 0;
        }
        if (words->count == KITHP_NAMING_WORDS_MOST)
            return;
        if (is_part && length < KITHP_NAMING_WORD_BYTES - 1)
            words->words[words->count][length++] = is_upper(byte) ? (char)(byte - 'A' + 'a') : byte;
    }
    words->count += length > 0;
}

/* Whether words with spaces between stand in a name from one of its words on; sets *behind to the one behind them. */
static bool stand_at(const struct kithp_naming *name, uint32_t from, const char *words, uint32_t *behind)
{
    uint32_t at = from;
    while (*words) {
        size_t length = strcspn(words, " ");
        if (at == name->count || strlen(name->words[at]) != length || memcmp(name->words[at], words, length) != 0)
            return false;
        at++;
        words += length;
        words += *words == ' ';
    }
    *behind = at;
    return true;
}

static bool applies(const struct kithp_naming *name, enum place place, const char *words)
{
    uint32_t behind;
    for (uint32_t from = 0; from < name->count; from++) {
        if (from > 0 && (place == WHOLE || place == FIRST))
            return false;
        if (!stand_at(name, from, words, &behind))
            continue;
        if ((place != WHOLE && place != LAST) || behind == name->count)
            return true;
    }
    return false;
}

/* ---- fields ---- */

static int best_of(const struct rule *table, size_t count, const struct kithp_naming *name, uint32_t field)
{
    int best = 0, taken = 0;
    for (size_t i = 0; i < count; i++) {
        const struct rule *rule = &table[i];
        if (rule->field != field || !applies(name, rule->place, rule->words))
            continue;
        if (rule->points < 0)
            taken += rule->points;
        else if (rule->points > best)
            best = rule->points;
    }
    return best + taken;
}

static int points_of(const struct kithp_naming *name, uint32_t field)
{
    return best_of(rules, sizeof rules / sizeof *rules, name, field);
}

static int points_as_name(const struct kithp_naming *name)
{
    return best_of(names_of_members, sizeof names_of_members / sizeof *names_of_members, name, KITH_FIELD_MEMBER);
}

/* What a word at the end of a name says about how it names a member: user_id, author_name. */
static int points_of_ending(const struct kithp_naming *name)
{
    struct kithp_naming ending = {.count = 1};
    if (name->count < 2)
        return points_as_name(name) > 0 ? points_as_name(name) : 10;
    memcpy(ending.words[0], name->words[name->count - 1], KITHP_NAMING_WORD_BYTES);
    return points_as_name(&ending);
}

static bool is_container(const struct kithp_naming *name)
{
    for (size_t i = 0; i < sizeof containers / sizeof *containers; i++)
        if (applies(name, WHOLE, containers[i]))
            return true;
    return false;
}

int kithp_naming_judge(const struct kithp_naming_place *place, uint32_t field)
{
    bool is_person = field == KITH_FIELD_MEMBER || field == KITH_FIELD_TARGET;
    int points = points_of(&place->name, field);
    bool is_other = place->above.count > 0 && !is_container(&place->above);
    /* The id of something that the row holds is not the row's. */
    if (field == KITH_FIELD_ID && is_other)
        return points / 3;
    if (!is_person)
        return points;
    if (place->above.count == 0)
        return points > 0 ? points + points_of_ending(&place->name) : points;
    /* In an object, what holds the name tells whose it is: parent.author.login is another one's. */
    int whose = points_of(&place->above, field), which = points_as_name(&place->name);
    int other = points_of(&place->further, KITH_FIELD_TARGET);
    if (other > 0)
        whose = field == KITH_FIELD_TARGET ? other : whose - other;
    if (whose > 0 && which > 0)
        return whose + which;
    if (points > 0 && !is_other)
        return points + points_of_ending(&place->name);
    return points < 0 ? points : points / 2;
}

bool kithp_naming_is_bot(const struct kithp_naming *name)
{
    return applies(name, ANY, "bot") || applies(name, ANY, "robot");
}

/* ---- kinds ---- */

const char *kithp_naming_kind(kith_text name)
{
    for (size_t i = 0; i < sizeof own_kinds / sizeof *own_kinds; i++)
        if (strlen(own_kinds[i]) == name.length && memcmp(own_kinds[i], name.data, name.length) == 0)
            return own_kinds[i];
    struct kithp_naming words;
    kithp_naming_of(&words, name);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (applies(&words, ANY, kinds[i].words))
            return kinds[i].kind;
    return NULL;
}
