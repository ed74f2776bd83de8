/* SPDX-License-Identifier: MIT */
/* An explanation in words, to be read out to the member. */
#include <string.h>

#include "base/versioned.h"
#include "prose/check.h"
#include "prose/telling.h"

enum { WRITE_BUFFER = 4096 };

static kith_status read_options(const kith_explanation_options *options, kith_explanation_options *read,
                                kith_error *error)
{
    memset(read, 0, sizeof *read);
    if (options) {
        kith_status status = kithp_versioned_read(read, sizeof *read, options, sizeof *read, "options", error);
        if (status != KITH_OK)
            return status;
    }
    if (read->rules > KITH_WITHOUT_RULES)
        return kithp_fail_argument(error, "options.rules", "expected KITH_WITH_RULES or KITH_WITHOUT_RULES");
    if (read->at_end > 1)
        return kithp_fail_argument(error, "options.at_end", "expected 0 or 1");
    return KITH_OK;
}

static void set_up_page(struct kithp_page *page, struct kithp_writer *writer, const kith_explanation_options *options)
{
    uint64_t columns = options->columns ? options->columns : KITHP_PAGE_COLUMNS;
    kithp_page_begin(page, writer, columns == KITH_UNBROKEN ? UINT64_MAX : columns);
    if (options->strong)
        page->strong = options->strong;
    if (options->off)
        page->off = options->off;
}

static void tell(const struct kithp_telling *telling)
{
    kithp_telling_tell_standing(telling);
    kithp_telling_tell_points(telling);
    kithp_telling_tell_score(telling);
    kithp_telling_tell_keep(telling);
    kithp_telling_tell_rise(telling);
    kithp_telling_tell_flags(telling);
    kithp_telling_tell_risk(telling);
}

kith_status kith_explanation_write(const kith_explanation *explanation, const kith_policy *policy,
                                   const kith_explanation_options *options, kith_write_fn write, void *context,
                                   kith_error *error)
{
    kith_explanation of;
    kith_explanation_options read;
    if (!policy)
        return kithp_fail_argument(error, "policy", "must not be NULL");
    if (!write)
        return kithp_fail_argument(error, "write", "must not be NULL");
    kith_status status = kithp_versioned_read(&of, sizeof of, explanation, sizeof of, "explanation", error);
    if (status == KITH_OK)
        status = read_options(options, &read, error);
    if (status == KITH_OK)
        status = kithp_check_explanation(&of, &policy->figures, error);
    if (status != KITH_OK)
        return status;
    char buffer[WRITE_BUFFER];
    struct kithp_writer writer = {write, context, buffer, sizeof buffer, 0, false};
    struct kithp_page page;
    set_up_page(&page, &writer, &read);
    tell(&(struct kithp_telling){&page, &policy->figures, &of, read.at_end, read.rules == KITH_WITH_RULES});
    if (!kithp_writer_finish(&writer))
        return kithp_fail(error, KITH_INPUT_OUTPUT, NULL, "the explanation could not be written");
    return KITH_OK;
}
