/* SPDX-License-Identifier: MIT */
/* What `kith inspect` found, as a page for a person. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "inspected.h"
#include "message.h"
#include "names.h"
#include "number.h"
#include "terminal.h"
#include "text.h"

enum {
    PAGE = 80,
    PATH_COLUMNS = 28,
    WHAT_COLUMNS = 32, /* of what a field holds */
    NAME_COLUMNS = 32, /* of a kind */
    FIELDS_MOST = 100,
    KINDS_MOST = 40,
    FAULTS_MOST = 10,
    VALUE_COLUMNS = 30,
    DAY_SECONDS = 86400
};

static void print_count(uint64_t count, const char *one, const char *many)
{
    char number[CLI_NUMBER_SIZE];
    printf("%s %s", cli_number_count(number, count), count == 1 ? one : many);
}

static const char *day_of(int64_t time, char *out)
{
    return cli_number_day(out, (time - (time % DAY_SECONDS + DAY_SECONDS) % DAY_SECONDS) / DAY_SECONDS);
}

/* ---- the exports ---- */

static void print_files(const struct cli_inspected *inspected)
{
    int all = inspected->file_count;
    if (all == 1) {
        bool is_file = strcmp(inspected->paths[0], "-") != 0;
        cli_text_print(stdout, kith_text_of(is_file ? inspected->paths[0] : "standard input"));
        return;
    }
    print_count((uint64_t)inspected->path_count, "export", "exports");
    if (inspected->path_count < all) {
        fputs(" of ", stdout);
        print_count((uint64_t)all, "file", "files");
    }
}

static void print_format(const struct cli_inspected *inspected)
{
    const kith_inspection_info *info = &inspected->info;
    const char *gzip = info->gzip ? ", packed by gzip" : "";
    if (info->format == KITH_FORMAT_NDJSON) {
        printf("NDJSON, a JSON object a line%s\n", gzip);
    } else if (info->format == KITH_FORMAT_JSON) {
        fputs("JSON, with rows in ", stdout);
        cli_text_print(stdout, info->rows_path);
        printf("%s\n", gzip);
    } else {
        const char *between = info->delimiter == '\t'  ? "tabs"
                              : info->delimiter == ' ' ? "spaces"
                              : info->delimiter == ';' ? "semicolons"
                              : info->delimiter == '|' ? "bars"
                                                       : "commas";
        printf("CSV, with %s between fields%s\n", between, gzip);
    }
}

static void print_rows(const kith_inspection_info *info)
{
    char number[CLI_NUMBER_SIZE];
    fputs("  ", stdout);
    print_count(info->rows, "row", "rows");
    fputs(" looked at", stdout);
    if (info->whole)
        fputs(", which are all", stdout);
    else if (info->bytes_total > 0)
        printf(", in %s of %s", cli_number_bytes(number, info->bytes),
               cli_number_bytes((char[CLI_NUMBER_SIZE]){0}, info->bytes_total));
    else
        printf(", in %s of text", cli_number_bytes(number, info->bytes));
    if (info->refused > 0) {
        fputs("; ", stdout);
        print_count(info->refused, "more is none", "more are none");
    }
    putchar('\n');
}

static void print_people(const kith_inspection_info *info)
{
    char first[CLI_NUMBER_SIZE], last[CLI_NUMBER_SIZE];
    if (info->members == 0 && info->first_time == KITH_NO_TIME)
        return;
    fputs("  ", stdout);
    if (info->members > 0) {
        fputs(info->about ? "about " : "", stdout);
        print_count(info->members, "member", "members");
    }
    if (info->first_time != KITH_NO_TIME)
        printf("%s%s to %s", info->members > 0 ? ", " : "", day_of(info->first_time, first),
               day_of(info->last_time, last));
    putchar('\n');
}

static void print_head(const struct cli_inspected *inspected, const struct cli_paint *paint)
{
    printf("%sInspected%s ", paint->strong, paint->off);
    print_files(inspected);
    fputs(": ", stdout);
    print_format(inspected);
    print_rows(&inspected->info);
    print_people(&inspected->info);
    if (inspected->info.headless)
        printf("\n%sNote:%s the first row looks like data, and not like a header, which kith needs: a row\n"
               "that names the columns.\n",
               paint->strong, paint->off);
}

/* ---- fields ---- */

static void put_examples(FILE *out, const kith_inspected_field *field)
{
    for (uint32_t i = 0; i < field->example_count; i++) {
        fputs(i == 0 ? ": " : ", ", out);
        cli_text_print(out, field->examples[i]);
    }
}

/* "text, 7 different: post, like, reply" */
static void print_what(const kith_inspected_field *field, int columns)
{
    char number[CLI_NUMBER_SIZE];
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    if (!out)
        return;
    if (field->times.length > 0)
        fprintf(out, "%.*s", (int)field->times.length, field->times.data);
    else
        fputs(cli_name_type(field->type), out);
    if (field->distinct > 1 && field->type != KITH_TYPE_TIME && field->type != KITH_TYPE_BOOLEAN)
        fprintf(out, ", %s%s different", field->about ? "about " : "", cli_number_count(number, field->distinct));
    put_examples(out, field);
    if (fclose(out) == 0)
        cli_text_print_cut(stdout, (kith_text){text, length}, columns);
    free(text);
}

/* "96%", and no 100% or 0% of what is not quite so. */
static void print_share(const kith_inspected_field *field)
{
    uint64_t percent = field->of > 0 ? 100 * field->there / field->of : 0;
    if (percent == 0 && field->there > 0)
        fputs("   <1%", stdout);
    else
        printf("%5" PRIu64 "%%", percent);
}

static void print_field(const kith_inspected_field *field, const struct cli_paint *paint)
{
    const char *name = cli_name_field(field->field);
    printf("  %s%-8s%s ", paint->strong, name, paint->off);
    int columns = 11;
    if (cli_text_columns(field->path) > PATH_COLUMNS) {
        cli_text_print(stdout, field->path);
        printf("\n%*s", columns + PATH_COLUMNS, "");
    } else {
        cli_text_print_fitted(stdout, field->path, PATH_COLUMNS);
    }
    print_share(field);
    fputs("  ", stdout);
    print_what(field, PAGE - columns - PATH_COLUMNS - 8);
    putchar('\n');
}

static int print_fields(const struct cli_inspected *inspected, const struct cli_paint *paint)
{
    kith_error error = {.size = sizeof error};
    uint32_t count = inspected->info.fields;
    printf("\n%sFields%s, and in how many rows each is\n", paint->strong, paint->off);
    for (uint32_t i = 0; i < count && i < FIELDS_MOST; i++) {
        kith_inspected_field field = {.size = sizeof field};
        if (kith_inspection_get_field(inspected->inspection, i, &field, &error) != KITH_OK)
            return cli_fail_with(&error);
        print_field(&field, paint);
    }
    if (count > FIELDS_MOST)
        printf("  and %" PRIu32 " more, which --json tells\n", count - FIELDS_MOST);
    return CLI_DONE;
}

/* ---- kinds ---- */

static bool is_same(kith_text one, kith_text other)
{
    return one.length == other.length && memcmp(one.data, other.data, one.length) == 0;
}

/* A description that was not guessed has kinds of its own. */
static void print_kind(const kith_inspected_kind *kind, bool guessed)
{
    char number[CLI_NUMBER_SIZE];
    printf("  %13s  ", cli_number_count(number, kind->count));
    if (!guessed || is_same(kind->name, kind->kind)) {
        cli_text_print_cut(stdout, kind->name, NAME_COLUMNS);
    } else {
        cli_text_print_fitted(stdout, kind->name, NAME_COLUMNS);
        if (kind->kind.length > 0)
            printf(" as %.*s", (int)kind->kind.length, kind->kind.data);
        else
            fputs(" ?", stdout);
    }
    putchar('\n');
}

static int print_kinds(const struct cli_inspected *inspected, const struct cli_paint *paint)
{
    kith_error error = {.size = sizeof error};
    bool unknown = false, guessed = !inspected->has_ready && !inspected->run->arguments->source && !inspected->is_plain;
    uint32_t count = inspected->info.kinds;
    if (count == 0)
        return CLI_DONE;
    printf("\n%sKinds%s%s\n", paint->strong, paint->off,
           guessed ? ", and those of the default policy that they seem to be like" : "");
    for (uint32_t i = 0; i < count; i++) {
        kith_inspected_kind kind = {.size = sizeof kind};
        if (kith_inspection_get_kind(inspected->inspection, i, &kind, &error) != KITH_OK)
            return cli_fail_with(&error);
        unknown = unknown || kind.kind.length == 0;
        if (i < KINDS_MOST)
            print_kind(&kind, guessed);
    }
    if (count > KINDS_MOST)
        printf("  and %" PRIu32 " more, which --json tells\n", count - KINDS_MOST);
    if (unknown && guessed)
        puts("  Those with a question mark are like none: name them in [kinds], or give your\n"
             "  policy a section [kind NAME]. Otherwise their rows are refused.");
    return CLI_DONE;
}

/* ---- the description ---- */

static void print_description(const struct cli_inspected *inspected, const struct cli_paint *paint)
{
    if (inspected->run->arguments->source || inspected->has_ready || inspected->is_plain)
        return;
    printf("\n%sA source description%s that may fit%s\n", paint->strong, paint->off,
           inspected->info.complete ? "" : ", when what is missing has been filled in");
    const char *at = inspected->text, *end = at + inspected->text_length;
    while (at < end) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        size_t length = (size_t)((line_end ? line_end : end) - at);
        fputs(length > 0 ? "  " : "", stdout);
        cli_text_print(stdout, (kith_text){at, length});
        putchar('\n');
        at += length + 1;
    }
}

/* ---- reading ---- */

static void print_trouble(const struct cli_trouble *trouble)
{
    char number[CLI_NUMBER_SIZE];
    const struct cli_first_reject *first = &trouble->first;
    printf("  %-8s %13s  %s\n", kith_reason_name(first->reason), cli_number_count(number, trouble->count),
           cli_reason_words(first->reason));
    printf("%26sas in ", "");
    cli_text_print_cut(stdout, kith_text_of(first->file), VALUE_COLUMNS);
    printf(":%" PRIu64, first->line);
    if (first->at)
        printf(":%" PRIu64 ": ", first->at);
    if (first->at)
        cli_text_print(stdout, kith_text_of(first->words));
    if (first->column[0]) {
        fputs(": ", stdout);
        cli_text_print_cut(stdout, kith_text_of(first->column), VALUE_COLUMNS);
        fputs(" '", stdout);
        cli_text_print_cut(stdout, kith_text_of(first->value), VALUE_COLUMNS);
        putchar('\'');
    }
    putchar('\n');
}

static void print_unknown_kinds(const struct cli_kinds *kinds)
{
    char number[CLI_NUMBER_SIZE];
    const struct cli_kind *most[FAULTS_MOST];
    int shown = cli_kinds_most_frequent(kinds, most, FAULTS_MOST);
    for (int i = 0; i < shown; i++) {
        printf("%10s%13s  ", "", cli_number_count(number, most[i]->count));
        cli_text_print_cut(stdout, kith_text_of(most[i]->name), NAME_COLUMNS);
        putchar('\n');
    }
}

static void print_outcome(const struct cli_trial_reading *reading)
{
    char first[CLI_NUMBER_SIZE], last[CLI_NUMBER_SIZE];
    const kith_added *added = &reading->added;
    fputs("  ", stdout);
    print_count(added->taken, "event", "events");
    if (added->taken > 0) {
        fputs(" of ", stdout);
        print_count(reading->info.members, "member", "members");
        printf(", %s to %s", day_of(reading->info.first_event, first), day_of(reading->info.last_event, last));
    }
    putchar('\n');
    const struct {
        uint64_t count;
        const char *one, *many;
    } others[] = {
        {added->ignored, "row or event is left out on purpose", "rows or events are left out on purpose"},
        {added->skipped, "row is left out, as its id was there already",
         "rows are left out, as their ids were there already"},
        {added->rejected, "row or event is refused", "rows or events are refused"},
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (others[i].count == 0)
            continue;
        fputs("  ", stdout);
        print_count(others[i].count, others[i].one, others[i].many);
        putchar('\n');
    }
}

/* What the rows were read by. */
static void print_means(const struct cli_inspected *inspected)
{
    const struct cli_arguments *arguments = inspected->run->arguments;
    if (arguments->source) {
        fputs(" by ", stdout);
        cli_text_print(stdout, kith_text_of(arguments->source));
    } else if (inspected->has_ready) {
        printf(" by the description %s, which comes with kith:\n%s", inspected->ready.name, inspected->ready.title);
    } else if (inspected->is_plain) {
        fputs(" as it is, for kith knows these fields and kinds", stdout);
    } else {
        fputs(" by this description", stdout);
    }
    putchar('\n');
}

/* A guess is read as if the policy had all kinds, to see what else is wrong; the default one has not. */
static void print_kinds_to_name(const struct cli_inspected *inspected)
{
    uint64_t rows = 0;
    bool is_guess = !inspected->run->arguments->source && !inspected->has_ready && !inspected->is_plain;
    for (uint32_t i = 0; i < inspected->info.kinds; i++) {
        kith_inspected_kind kind = {.size = sizeof kind};
        if (kith_inspection_get_kind(inspected->inspection, i, &kind, NULL) == KITH_OK && kind.kind.length == 0)
            rows += kind.count;
    }
    if (rows == 0 || !is_guess || inspected->run->arguments->policy)
        return;
    fputs("  ", stdout);
    print_count(rows, "row looked at is", "rows looked at are");
    puts(" of kinds with a question mark: counted here,\n  and refused until these are named");
}

static void print_reading(const struct cli_inspected *inspected, const struct cli_paint *paint)
{
    const struct cli_trial_reading *reading = &inspected->reading;
    if (!inspected->has_reading)
        return;
    printf("\n%sRead%s", paint->strong, paint->off);
    print_means(inspected);
    print_outcome(reading);
    print_kinds_to_name(inspected);
    for (int i = 0; i < reading->trouble_count; i++) {
        print_trouble(&reading->troubles[i]);
        if (reading->troubles[i].first.reason == KITH_REASON_KIND)
            print_unknown_kinds(&reading->unknown_kinds);
    }
    if (reading->error.message[0]) {
        fputs("  It cannot be read to its end: ", stdout);
        cli_text_print(stdout, kith_text_of(reading->error.message));
        putchar('\n');
    }
}

/* ---- what to do ---- */

/* A word as a shell takes it. */
static void print_word(const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+./:=@%,";
    if (*word && strspn(word, plain) == strlen(word)) {
        fputs(word, stdout);
        return;
    }
    putchar('\'');
    for (const char *at = word; *at;) {
        size_t length = strcspn(at, "'");
        cli_text_print(stdout, (kith_text){at, length});
        at += length;
        for (; *at == '\''; at++)
            fputs("'\\''", stdout);
    }
    putchar('\'');
}

static void print_command(const struct cli_inspected *inspected, const char *source)
{
    const struct cli_arguments *arguments = inspected->run->arguments;
    fputs("  kith score", stdout);
    if (source) {
        /* A name without a dot or a slash would be that of a ready description. */
        bool is_written = arguments->write && source == arguments->write;
        fputs(is_written && !strpbrk(source, "./") ? " --source ./" : " --source ", stdout);
        print_word(source);
    }
    if (arguments->policy) {
        fputs(" --policy ", stdout);
        print_word(arguments->policy);
    }
    for (int i = 0; i < arguments->export_count; i++) {
        putchar(' ');
        print_word(arguments->exports[i]);
    }
    putchar('\n');
}

static void print_next(const struct cli_inspected *inspected, const struct cli_paint *paint)
{
    const struct cli_arguments *arguments = inspected->run->arguments;
    if (arguments->source && !inspected->has_reading)
        return;
    printf("\n%sNext%s\n", paint->strong, paint->off);
    if (arguments->source || inspected->is_plain || inspected->has_ready) {
        print_command(inspected, arguments->source      ? arguments->source
                                 : inspected->has_ready ? inspected->ready.name
                                                        : NULL);
        return;
    }
    if (arguments->write) {
        fputs("  look through ", stdout);
        cli_text_print(stdout, kith_text_of(arguments->write));
        puts(inspected->info.complete ? ", then" : " and fill in what is missing, then");
    } else {
        fputs("  kith inspect --write my.ini", stdout);
        for (int i = 0; i < arguments->export_count; i++) {
            putchar(' ');
            print_word(arguments->exports[i]);
        }
        puts(inspected->info.complete ? "\n  look through my.ini, then"
                                      : "\n  fill in what is missing in my.ini, then");
    }
    print_command(inspected, arguments->write ? arguments->write : "my.ini");
}

int cli_inspected_print_text(const struct cli_inspected *inspected)
{
    struct cli_paint paint = cli_terminal_paint();
    print_head(inspected, &paint);
    int status = print_fields(inspected, &paint);
    if (!status)
        status = print_kinds(inspected, &paint);
    if (status)
        return status;
    print_description(inspected, &paint);
    print_reading(inspected, &paint);
    print_next(inspected, &paint);
    return CLI_DONE;
}
