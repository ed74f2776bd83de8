/* SPDX-License-Identifier: MIT */
/* Reading exports to see what becomes of their rows, and no more. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "again.h"
#include "inspected.h"
#include "interrupt.h"
#include "message.h"
#include "text.h"

enum { COPY_SIZE = 1 << 16, POLICY_KINDS = 64, KIND_BYTES = 64 };

/* Open weeks need not lie in memory where nothing is reviewed. */
static const uint64_t memory_for_weeks = UINT64_C(256) << 20;

/* ---- exports that can be read but once ---- */

static int fail_path(const char *path, const char *what)
{
    return cli_fail(CLI_IO, "%s: %s: %s", strcmp(path, "-") == 0 ? "standard input" : path, what, strerror(errno));
}

/* Copies all that is left of a file. */
static int copy(int from, FILE *to, const char *path)
{
    char buffer[COPY_SIZE];
    for (;;) {
        ssize_t got = read(from, buffer, sizeof buffer);
        if (cli_interrupted())
            return CLI_IO;
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail_path(path, "cannot be read");
        if (got == 0)
            return fflush(to) == 0 ? CLI_DONE : fail_path(path, "cannot be kept in a temporary file");
        if (fwrite(buffer, 1, (size_t)got, to) != (size_t)got)
            return fail_path(path, "cannot be kept in a temporary file");
    }
}

static const struct cli_spool *find_spool(const struct cli_inspected *inspected, const char *path)
{
    for (int i = 0; i < inspected->spool_count; i++)
        if (strcmp(inspected->spools[i].path, path) == 0)
            return &inspected->spools[i];
    return NULL;
}

int cli_inspected_spool(struct cli_inspected *inspected, const char *path)
{
    bool is_standard_input = strcmp(path, "-") == 0;
    if (find_spool(inspected, path) || inspected->spool_count == CLI_INSPECTED_FILES)
        return cli_fail(CLI_IO, "%s: cannot be read twice, and is one too many of that sort", path);
    int from = is_standard_input ? STDIN_FILENO : cli_again_open(AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
    if (from < 0)
        return cli_interrupted() ? CLI_IO : fail_path(path, "cannot be read");
    FILE *file = tmpfile();
    int status = file ? copy(from, file, path) : fail_path(path, "cannot be kept in a temporary file");
    if (!is_standard_input)
        close(from);
    if (file)
        inspected->spools[inspected->spool_count++] = (struct cli_spool){path, file};
    return status;
}

void cli_inspected_free_spools(struct cli_inspected *inspected)
{
    for (int i = 0; i < inspected->spool_count; i++)
        fclose(inspected->spools[i].file);
    inspected->spool_count = 0;
}

static int64_t read_spooled(void *context, void *buffer, size_t capacity)
{
    struct cli_spooled *spooled = context;
    ssize_t got = pread(spooled->file, buffer, capacity, (off_t)spooled->offset);
    if (got > 0)
        spooled->offset += got;
    return got;
}

kith_export cli_inspected_export(const struct cli_inspected *inspected, const char *path, struct cli_spooled *spooled)
{
    kith_export export = {.size = sizeof export, .path = path};
    const struct cli_spool *spool = find_spool(inspected, path);
    if (!spool)
        return export;
    *spooled = (struct cli_spooled){fileno(spool->file), 0};
    export.path = NULL;
    export.name = path;
    export.read = read_spooled;
    export.read_context = spooled;
    return export;
}

/* ---- rows that are refused ---- */

/* The trouble of this reason and column, or a new one; the last where there are too many. */
static struct cli_trouble *find_trouble(struct cli_trial_reading *reading, const kith_reject *reject)
{
    char column[sizeof reading->troubles[0].first.column];
    cli_text_copy_utf8(column, sizeof column, reject->column);
    for (int i = 0; i < reading->trouble_count; i++) {
        struct cli_trouble *trouble = &reading->troubles[i];
        if (trouble->first.reason == reject->reason && strcmp(trouble->first.column, column) == 0)
            return trouble;
    }
    if (reading->trouble_count == CLI_TROUBLES_MOST)
        return &reading->troubles[CLI_TROUBLES_MOST - 1];
    struct cli_trouble *trouble = &reading->troubles[reading->trouble_count++];
    cli_rejects_note(&trouble->first, reject);
    return trouble;
}

static int take_reject(void *context, const kith_reject *reject)
{
    struct cli_trial_reading *reading = context;
    find_trouble(reading, reject)->count++;
    return reject->reason == KITH_REASON_KIND ? cli_kinds_add(&reading->unknown_kinds, reject->value) : 0;
}

/* ---- reading ---- */

/* Stops reading where enough was read. */
struct watch {
    struct cli_progress *progress;
    uint64_t most; /* bytes of an export, or 0 */
    bool enough;
};

static int step(void *context, uint64_t done, uint64_t total)
{
    struct watch *watch = context;
    watch->enough = watch->most > 0 && done > watch->most;
    return watch->enough ? 1 : cli_progress_step(watch->progress, done, total);
}

static void sum(kith_added *sum, const kith_added *added)
{
    sum->read += added->read;
    sum->taken += added->taken;
    sum->rejected += added->rejected;
    sum->skipped += added->skipped;
    sum->ignored += added->ignored;
    for (uint32_t reason = 0; reason < KITH_REASONS; reason++)
        sum->rejected_by_reason[reason] += added->rejected_by_reason[reason];
}

static kith_status read_one(const struct cli_inspected *inspected, kith_engine *engine, const kith_source *source,
                            const char *path, struct cli_trial_reading *reading)
{
    struct cli_spooled spooled;
    kith_added added = {.size = sizeof added};
    kith_export export = cli_inspected_export(inspected, path, &spooled);
    export.source = source;
    export.reject = take_reject;
    export.reject_context = reading;
    kith_status status = kith_engine_add_export(engine, &export, &added, &reading->error);
    sum(&reading->added, &added);
    return status;
}

bool cli_inspected_is_of(const struct cli_inspected *inspected, const kith_source *source, const char *path)
{
    if (!source)
        return true;
    const struct cli_arguments *arguments = inspected->run->arguments;
    for (int i = 0; i < arguments->export_count; i++) {
        size_t length = strlen(arguments->exports[i]);
        while (length > 1 && arguments->exports[i][length - 1] == '/')
            length--;
        if (strncmp(path, arguments->exports[i], length) == 0 && path[length] == '/')
            return kith_source_takes_file(source, kith_text_of(path + length + 1));
    }
    return true;
}

static int read_all(struct cli_inspected *inspected, kith_engine *engine, struct watch *watch,
                    const kith_source *source, struct cli_trial_reading *reading)
{
    kith_status status = KITH_OK;
    for (int i = 0; i < inspected->path_count && status == KITH_OK; i++) {
        struct cli_input input = {.path = inspected->paths[i]};
        if (!cli_inspected_is_of(inspected, source, inspected->paths[i]))
            continue;
        cli_progress_enter_files(watch->progress, &input, 1);
        status = read_one(inspected, engine, source, inspected->paths[i], reading);
        if (status == KITH_CANCELLED && watch->enough)
            status = KITH_OK;
    }
    cli_progress_clear(watch->progress);
    if (status == KITH_OK)
        reading->error.message[0] = '\0';
    if (status == KITH_CANCELLED)
        return cli_interrupted() ? CLI_IO : cli_fail(CLI_IO, "not enough memory");
    if (status == KITH_NO_MEMORY)
        return cli_fail_with(&reading->error);
    reading->info.size = sizeof reading->info;
    kith_error error = {.size = sizeof error};
    return kith_engine_get_info(engine, &reading->info, &error) == KITH_OK ? CLI_DONE : cli_fail_with(&error);
}

int cli_inspected_read(struct cli_inspected *inspected, const kith_source *source, const kith_policy *policy,
                       uint64_t most, struct cli_trial_reading *reading)
{
    struct watch watch = {.progress = &inspected->run->progress, .most = most};
    kith_engine *engine = NULL;
    kith_error error = {.size = sizeof error};
    kith_engine_options options = {
        .size = sizeof options,
        .members = KITH_NAMED,
        .tables = KITH_STANDINGS,
        .memory = memory_for_weeks,
        .progress = step,
        .progress_context = &watch,
    };
    *reading = (struct cli_trial_reading){.error.size = sizeof reading->error};
    if (kith_engine_new(policy, &options, &engine, &error) != KITH_OK)
        return cli_fail_with(&error);
    int status = read_all(inspected, engine, &watch, source, reading);
    kith_engine_free(engine);
    return status;
}

void cli_trial_reading_free(struct cli_trial_reading *reading)
{
    cli_kinds_free(&reading->unknown_kinds);
}

/* ---- a policy for kinds that are guessed ---- */

/* What can stand in a heading of a policy: neither a comment nor a line end, and no blank at an end. */
static bool can_be_named(kith_text name)
{
    if (name.length == 0 || name.length > KIND_BYTES || name.data[0] == ' ' || name.data[name.length - 1] == ' ')
        return false;
    for (uint64_t i = 0; i < name.length; i++) {
        unsigned char byte = (unsigned char)name.data[i];
        if (byte < 0x20 || byte == 0x7F || byte == ';')
            return false;
    }
    return true;
}

static bool is_among(const kith_text *names, int count, kith_text name)
{
    for (int i = 0; i < count; i++)
        if (names[i].length == name.length && memcmp(names[i].data, name.data, name.length) == 0)
            return true;
    return false;
}

/* The kinds that rows will have: the policy's that were guessed, and where none was, the export's own. */
static int list_kinds(const struct cli_inspected *inspected, kith_text *names)
{
    int count = 0;
    if (inspected->info.one_kind.length > 0)
        names[count++] = inspected->info.one_kind;
    for (uint32_t i = 0; i < inspected->info.kinds && count < POLICY_KINDS; i++) {
        kith_inspected_kind kind = {.size = sizeof kind};
        if (kith_inspection_get_kind(inspected->inspection, i, &kind, NULL) != KITH_OK)
            break;
        kith_text name = kind.kind.length > 0 ? kind.kind : kind.name;
        if (can_be_named(name) && !is_among(names, count, name))
            names[count++] = name;
    }
    return count;
}

static char *write_policy(const kith_text *names, int count, size_t *length)
{
    char *text = NULL;
    FILE *stream = open_memstream(&text, length);
    if (!stream)
        return NULL;
    for (int i = 0; i < count; i++)
        fprintf(stream, "[kind %.*s]\n", (int)names[i].length, names[i].data);
    bool written = !ferror(stream);
    if (fclose(stream) == 0 && written)
        return text;
    free(text);
    return NULL;
}

int cli_inspected_make_policy(const struct cli_inspected *inspected, kith_policy **policy)
{
    kith_text names[POLICY_KINDS];
    kith_error error = {.size = sizeof error};
    size_t length = 0;
    int count = list_kinds(inspected, names);
    char *text = write_policy(names, count, &length);
    if (!text)
        return cli_fail(CLI_IO, "not enough memory");
    kith_status status = kith_policy_parse((kith_text){text, length}, "kinds", NULL, policy, &error);
    free(text);
    /* A name that no policy can have: then its rows are refused. */
    if (status == KITH_BAD_POLICY)
        status = kith_policy_new(NULL, policy, &error);
    return status == KITH_OK ? CLI_DONE : cli_fail_with(&error);
}
