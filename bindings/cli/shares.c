/* SPDX-License-Identifier: MIT */
#include "shares.h"

#include <stdio.h>
#include <string.h>

#include "message.h"
#include "number.h"

enum { WHOLE = 1000000, PERCENT = WHOLE / 100, DECIMALS = 2, LIST_SIZE = 1024 };

struct reader {
    struct cli_shares *shares;
    const kith_policy *policy;
    const char *command;
    bool named[CLI_MOST_TIERS];
};

static const char *tier_name(const struct reader *reader, uint32_t index)
{
    kith_tier tier = {.size = sizeof tier};
    return kith_policy_get_tier(reader->policy, index, &tier, NULL) == KITH_OK ? tier.name : "?";
}

/* "mentor, veteran, active": the tiers that can have a share. */
static const char *list_tiers(const struct reader *reader, char *out)
{
    size_t used = 0;
    *out = '\0';
    for (uint32_t i = reader->shares->count - 1; i > 0 && used < LIST_SIZE; i--)
        used += (size_t)snprintf(out + used, LIST_SIZE - used, "%s%s", used ? ", " : "", tier_name(reader, i));
    return out;
}

/* A percentage with two decimals at most, above 0 and up to 100, in millionths. */
static bool parse_share(const char *text, size_t length, uint32_t *share)
{
    char digits[CLI_NUMBER_SIZE];
    uint64_t number = 0;
    const char *point = memchr(text, '.', length);
    size_t decimals = point ? length - (size_t)(point - text) - 1 : 0;
    size_t whole = point ? length - decimals - 1 : length;
    if (whole == 0 || whole + decimals >= sizeof digits || decimals > DECIMALS || (point && decimals == 0))
        return false;
    memcpy(digits, text, whole);
    memcpy(digits + whole, text + length - decimals, decimals);
    digits[whole + decimals] = '\0';
    if (!cli_number_parse(digits, 1, UINT32_MAX, &number))
        return false;
    for (; decimals < DECIMALS; decimals++)
        number *= 10;
    if (number > UINT64_C(100) * 100)
        return false;
    *share = (uint32_t)number * (PERCENT / 100);
    return true;
}

/* The tier whose name stands at the beginning with '=' behind it: the longest, as a name may hold any character. */
static bool find_tier(const struct reader *reader, const char *text, uint32_t *index, size_t *length)
{
    *index = 0;
    *length = 0;
    for (uint32_t i = 0; i < reader->shares->count; i++) {
        const char *name = tier_name(reader, i);
        size_t name_length = strlen(name);
        if (name_length <= *length || strncmp(text, name, name_length) != 0 || text[name_length] != '=')
            continue;
        *index = i;
        *length = name_length;
    }
    return *length > 0;
}

static int fail_tier(const struct reader *reader, const char *text)
{
    char list[LIST_SIZE];
    size_t length = strcspn(text, ",");
    const char *equals = memchr(text, '=', length);
    if (!equals)
        return cli_fail_usage(reader->command, "--shares takes TIER=PERCENT or TIER=keep, not '%.*s'", (int)length,
                              text);
    return cli_fail_usage(reader->command, "--shares: the policy has no tier '%.*s'; it has %s above the lowest",
                          (int)(equals - text), text, list_tiers(reader, list));
}

static int read_tier(struct reader *reader, uint32_t index, const char *value, size_t length)
{
    struct cli_share *share = &reader->shares->tiers[index];
    const char *name = tier_name(reader, index);
    if (index == 0)
        return cli_fail_usage(reader->command,
                              "--shares: '%s' is the lowest tier: it holds those whom the others leave", name);
    if (reader->named[index])
        return cli_fail_usage(reader->command, "--shares: '%s' is named twice", name);
    reader->named[index] = true;
    share->kept = length == 4 && memcmp(value, "keep", 4) == 0;
    reader->shares->keeps = reader->shares->keeps || share->kept;
    if (share->kept || parse_share(value, length, &share->wished))
        return CLI_DONE;
    return cli_fail_usage(reader->command,
                          "--shares: '%s' takes a percentage above 0 with up to two decimals, or 'keep', not '%.*s'",
                          name, (int)length, value);
}

static int read_text(struct reader *reader, const char *text)
{
    while (true) {
        uint32_t index;
        size_t length;
        if (!find_tier(reader, text, &index, &length))
            return fail_tier(reader, text);
        const char *value = text + length + 1;
        size_t value_length = strcspn(value, ",");
        int status = read_tier(reader, index, value, value_length);
        if (status)
            return status;
        if (value[value_length] == '\0')
            return CLI_DONE;
        text = value + value_length + 1;
    }
}

static int read_default(struct reader *reader)
{
    static const uint32_t percents[] = {0, 20, 8, 2};
    const uint32_t count = sizeof percents / sizeof *percents;
    char list[LIST_SIZE];
    if (reader->shares->count != count)
        return cli_fail_usage(reader->command,
                              "this policy takes --shares TIER=PERCENT,... with a share for each of: %s",
                              list_tiers(reader, list));
    for (uint32_t i = 1; i < count; i++)
        reader->shares->tiers[i].wished = percents[i] * PERCENT;
    return CLI_DONE;
}

/* Each tier is named, as one that is left out by mistake would go unseen; and there is something to be done. */
static int check(const struct reader *reader)
{
    uint64_t sum = 0;
    for (uint32_t i = 1; i < reader->shares->count; i++) {
        const char *name = tier_name(reader, i);
        if (!reader->named[i])
            return cli_fail_usage(reader->command,
                                  "--shares names no share for '%s'; '%s=keep' leaves that tier as it is", name, name);
        sum += reader->shares->tiers[i].wished;
    }
    if (sum > WHOLE)
        return cli_fail_usage(reader->command, "--shares: the shares sum to %.2f, and there are 100 percent",
                              (double)sum / PERCENT);
    if (sum == 0)
        return cli_fail_usage(reader->command, "--shares keeps every tier as it is, which leaves nothing to be done");
    return CLI_DONE;
}

int cli_shares_read(struct cli_shares *shares, const char *text, const kith_policy *policy, const char *command)
{
    kith_policy_info info = {.size = sizeof info};
    kith_error error = {.size = sizeof error};
    if (kith_policy_get_info(policy, &info, &error) != KITH_OK)
        return cli_fail_with(&error);
    *shares = (struct cli_shares){.count = info.tiers};
    struct reader reader = {.shares = shares, .policy = policy, .command = command};
    if (!text)
        return read_default(&reader);
    int status = read_text(&reader, text);
    return status ? status : check(&reader);
}
