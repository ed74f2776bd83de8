/* SPDX-License-Identifier: MIT */
#include "support.h"

#include "exports/kinds.h"

/* Looks for a name that other bytes stand behind; the kind, or -1. */
static int find(const struct kithp_kinds *kinds, const char *name, size_t length, char behind)
{
    char room[300];
    memset(room, behind, sizeof room);
    memcpy(room, name, length);
    uint8_t kind;
    return kithp_kinds_find(kinds, room, length, &kind) ? kind : -1;
}

static int find_slowly(const struct kithp_figures *figures, const char *name, size_t length)
{
    for (uint32_t i = 0; i < figures->kind_count; i++)
        if (strlen(figures->kinds[i].name) == length && memcmp(figures->kinds[i].name, name, length) == 0)
            return (int)i;
    return -1;
}

static void kinds_of_the_default_policy_are_found_and_nothing_else(void **state)
{
    (void)state;
    struct kithp_kinds kinds;
    kithp_kinds_init(&kinds, &kithp_policy_defaults);
    for (uint32_t i = 0; i < kithp_policy_defaults.kind_count; i++) {
        const char *name = kithp_policy_defaults.kinds[i].name;
        size_t length = strlen(name);
        assert_int_equal(find(&kinds, name, length, ','), i);
        assert_int_equal(find(&kinds, name, length, 0), i);
        /* With a byte less, a byte more, or another one. */
        for (size_t cut = 0; cut < length; cut++)
            assert_int_equal(find(&kinds, name, cut, ','), find_slowly(&kithp_policy_defaults, name, cut));
        char other[300];
        strcpy(other, name);
        strcat(other, "s");
        assert_int_equal(find(&kinds, other, length + 1, ','), -1);
        for (size_t at = 0; at < length; at++) {
            strcpy(other, name);
            other[at] ^= 0x20;
            assert_int_equal(find(&kinds, other, length, ','), -1);
        }
    }
    char nothing[256] = {0};
    for (size_t length = 0; length < sizeof nothing; length++)
        assert_int_equal(find(&kinds, nothing, length, 0), -1);
}

static struct kithp_figures policy_of_names(void (*name)(char *out, uint32_t kind))
{
    struct kithp_figures figures = kithp_policy_defaults;
    figures.kind_count = KITHP_KINDS_MOST;
    for (uint32_t i = 0; i < KITHP_KINDS_MOST; i++)
        name(figures.kinds[i].name, i);
    return figures;
}

static void assert_all_found(const struct kithp_figures *figures)
{
    struct kithp_kinds kinds;
    kithp_kinds_init(&kinds, figures);
    for (uint32_t i = 0; i < figures->kind_count; i++)
        assert_int_equal(find(&kinds, figures->kinds[i].name, strlen(figures->kinds[i].name), 'x'), i);
}

static void name_short(char *out, uint32_t kind)
{
    out[0] = (char)('!' + kind);
    out[1] = '\0';
}

static void name_numbered(char *out, uint32_t kind)
{
    sprintf(out, "action_%u", kind);
}

/* Of 1 to 64 bytes of one letter. */
static void name_repeated(char *out, uint32_t kind)
{
    memset(out, 'a', kind + 1);
    out[kind + 1] = '\0';
}

static void name_long(char *out, uint32_t kind)
{
    sprintf(out, "%02u_the_same_from_here_on_for_all_of_them", kind);
}

static void name_differing_in_the_middle(char *out, uint32_t kind)
{
    sprintf(out, "the same %02u and again", kind);
}

static void kinds_of_full_policies_are_told_apart(void **state)
{
    (void)state;
    struct kithp_figures figures = policy_of_names(name_short);
    assert_all_found(&figures);
    figures = policy_of_names(name_numbered);
    assert_all_found(&figures);
    figures = policy_of_names(name_repeated);
    assert_all_found(&figures);
    figures = policy_of_names(name_long);
    assert_all_found(&figures);
}

static void kinds_that_differ_in_the_middle_alone_are_never_mistaken(void **state)
{
    (void)state;
    struct kithp_figures figures = policy_of_names(name_differing_in_the_middle);
    struct kithp_kinds kinds;
    kithp_kinds_init(&kinds, &figures);
    int found = 0;
    for (uint32_t i = 0; i < KITHP_KINDS_MOST; i++) {
        const char *name = figures.kinds[i].name;
        int kind = find(&kinds, name, strlen(name), ',');
        assert_true(kind == -1 || kind == (int)i);
        found += kind >= 0;
    }
    assert_true(found >= 1);
    assert_int_equal(find(&kinds, "the same 64 and again", 21, ','), -1);
}

static void kinds_of_a_policy_without_any_are_not_found(void **state)
{
    (void)state;
    struct kithp_figures figures = kithp_policy_defaults;
    figures.kind_count = 0;
    struct kithp_kinds kinds;
    kithp_kinds_init(&kinds, &figures);
    assert_int_equal(find(&kinds, "post", 4, ','), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_of_the_default_policy_are_found_and_nothing_else),
        cmocka_unit_test(kinds_of_full_policies_are_told_apart),
        cmocka_unit_test(kinds_that_differ_in_the_middle_alone_are_never_mistaken),
        cmocka_unit_test(kinds_of_a_policy_without_any_are_not_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
