/* SPDX-License-Identifier: MIT */
#include "arguments.h"

#include <string.h>

#include "message.h"
#include "number.h"

static const char *const fields[CLI_FIELDS] = {"time", "member", "kind", "target", "quantity", "id"};

const char *cli_field_name(enum cli_field field)
{
    return fields[field];
}

int cli_arguments_fail_day(const struct cli_arguments *arguments, const char *option, const char *day)
{
    return cli_fail_usage(arguments->command, "%s takes a day such as 2026-03-20, not '%s'", option, day);
}

int cli_arguments_fail_as_of(const struct cli_arguments *arguments)
{
    return cli_fail_usage(arguments->command, "--as-of %s lies before --until %s", arguments->as_of, arguments->until);
}

int cli_arguments_fail_twice(const struct cli_arguments *arguments, const char *path, const char *again)
{
    if (strcmp(path, again) == 0)
        return cli_fail_usage(arguments->command, "'%s' is given twice, and its events would count twice", path);
    return cli_fail_usage(arguments->command, "'%s' and '%s' are one file, and its events would count twice", path,
                          again);
}

static int read_day(const struct cli_arguments *arguments, const char **day, const char *option, const char *value)
{
    static const char form[] = "0000-00-00";
    bool fits = strlen(value) == strlen(form);
    for (size_t i = 0; fits && form[i]; i++)
        fits = form[i] == '0' ? value[i] >= '0' && value[i] <= '9' : value[i] == form[i];
    if (!fits)
        return cli_arguments_fail_day(arguments, option, value);
    *day = value;
    return CLI_DONE;
}

static int read_column(struct cli_arguments *arguments, const char *value)
{
    const char *equals = strchr(value, '=');
    if (!equals || equals == value || equals[1] == '\0')
        return cli_fail_usage(arguments->command, "--column takes FIELD=HEADER, not '%s'", value);
    size_t length = (size_t)(equals - value);
    for (int field = 0; field < CLI_FIELDS; field++) {
        if (strlen(fields[field]) != length || memcmp(fields[field], value, length) != 0)
            continue;
        if (arguments->columns[field])
            return cli_fail_usage(arguments->command, "--column %s is given twice", fields[field]);
        arguments->columns[field] = equals + 1;
        return CLI_DONE;
    }
    return cli_fail_usage(arguments->command,
                          "--column knows the fields time, member, kind, target, quantity and id, not '%.*s'",
                          (int)length, value);
}

static int read_delimiter(struct cli_arguments *arguments, const char *value)
{
    const char *byte = strcmp(value, "tab") == 0 || strcmp(value, "\\t") == 0 ? "\t" : value;
    /* A quote or a line end has another meaning in a CSV file, and half a character has none. */
    if (strlen(byte) != 1 || strchr("\"\r\n", *byte) || (unsigned char)*byte > 0x7F)
        return cli_fail_usage(arguments->command, "--delimiter takes one character such as ';', or 'tab', not '%s'",
                              value);
    arguments->delimiter = (unsigned char)*byte;
    return CLI_DONE;
}

static int read_threads(struct cli_arguments *arguments, const char *value)
{
    uint64_t number;
    if (!cli_number_parse(value, 1, 64, &number))
        return cli_fail_usage(arguments->command, "--threads takes a whole number from 1 to 64, not '%s'", value);
    arguments->threads = (uint32_t)number;
    return CLI_DONE;
}

static int read_memory(struct cli_arguments *arguments, const char *value)
{
    if (!cli_number_parse_size(value, 1 << 20, &arguments->memory))
        return cli_fail_usage(arguments->command, "--memory takes a size of 1M at least, such as 64M or 2G, not '%s'",
                              value);
    return CLI_DONE;
}

/* Bytes of a row, within the limits of kith_export::max_row. */
static int read_max_row(struct cli_arguments *arguments, const char *value)
{
    const uint64_t least = 4096, most = 1 << 30;
    uint64_t size;
    if (!cli_number_parse_size(value, least, &size) || size > most)
        return cli_fail_usage(arguments->command, "--max-row takes a size from 4K to 1G, not '%s'", value);
    arguments->max_row = size;
    return CLI_DONE;
}

static int read_max_bytes(struct cli_arguments *arguments, const char *value)
{
    if (!cli_number_parse_size(value, 1, &arguments->max_bytes))
        return cli_fail_usage(arguments->command, "--max-bytes takes a size such as 64M or 2G, not '%s'", value);
    return CLI_DONE;
}

static int read_max_members(struct cli_arguments *arguments, const char *value)
{
    if (!cli_number_parse(value, 1, UINT64_MAX, &arguments->max_members))
        return cli_fail_usage(arguments->command, "--max-members takes a whole number from 1, not '%s'", value);
    return CLI_DONE;
}

static int read_max_rejects(struct cli_arguments *arguments, const char *value)
{
    if (!cli_number_parse(value, 0, UINT64_MAX, &arguments->max_rejects))
        return cli_fail_usage(arguments->command, "--max-rejects takes a whole number from 0, not '%s'", value);
    arguments->limited = true;
    return CLI_DONE;
}

static int read_path(const struct cli_arguments *arguments, const char **path, const char *option, const char *value)
{
    if (*value == '\0')
        return cli_fail_usage(arguments->command, "%s takes a path, not ''", option);
    *path = value;
    return CLI_DONE;
}

static int read_source(struct cli_arguments *arguments, const char *value)
{
    if (*value == '\0')
        return cli_fail_usage(arguments->command, "--source takes a name or a path, not ''");
    if (arguments->source)
        return cli_fail_usage(arguments->command, "--source is given twice: exports of two sources take two runs");
    arguments->source = value;
    return CLI_DONE;
}

static int read_option(struct cli_arguments *arguments, int code, const char *value)
{
    switch (code) {
    case CLI_OPTION_POLICY:
        return read_path(arguments, &arguments->policy, "--policy", value);
    case CLI_OPTION_SOURCE:
        return read_source(arguments, value);
    case CLI_OPTION_STATE:
        return read_path(arguments, &arguments->state, "--state", value);
    case CLI_OPTION_OUT:
        arguments->has_out = true;
        return read_path(arguments, &arguments->out, "--out", value);
    case CLI_OPTION_WRITE:
        return read_path(arguments, &arguments->write, "--write", value);
    case CLI_OPTION_UNTIL:
        return read_day(arguments, &arguments->until, "--until", value);
    case CLI_OPTION_AS_OF:
        return read_day(arguments, &arguments->as_of, "--as-of", value);
    case CLI_OPTION_COLUMN:
        return read_column(arguments, value);
    case CLI_OPTION_DELIMITER:
        return read_delimiter(arguments, value);
    case CLI_OPTION_THREADS:
        return read_threads(arguments, value);
    case CLI_OPTION_MEMORY:
        return read_memory(arguments, value);
    case CLI_OPTION_MAX_REJECTS:
        return read_max_rejects(arguments, value);
    case CLI_OPTION_MAX_ROW:
        return read_max_row(arguments, value);
    case CLI_OPTION_MAX_BYTES:
        return read_max_bytes(arguments, value);
    case CLI_OPTION_MAX_MEMBERS:
        return read_max_members(arguments, value);
    case CLI_OPTION_HISTORY:
        arguments->history = true;
        return CLI_DONE;
    case CLI_OPTION_OVERLAPPING:
        arguments->overlapping = true;
        return CLI_DONE;
    case CLI_OPTION_FORCE:
        arguments->force = true;
        return CLI_DONE;
    case CLI_OPTION_SHARES:
        arguments->shares = value;
        return CLI_DONE;
    case CLI_OPTION_SPREADSHEET:
        arguments->spreadsheet = true;
        return CLI_DONE;
    case CLI_OPTION_JSON:
        arguments->json = true;
        return CLI_DONE;
    default:
        arguments->quiet = true;
        return CLI_DONE;
    }
}

/* A description says all about how exports are read, and what it says should be looked for there alone. */
static int check_source(const struct cli_arguments *arguments)
{
    const char *option = arguments->delimiter ? "--delimiter" : NULL;
    for (int field = 0; field < CLI_FIELDS; field++)
        if (arguments->columns[field])
            option = "--column";
    if (!arguments->source || !option)
        return CLI_DONE;
    return cli_fail_usage(arguments->command,
                          "--source and %s cannot be given together: the description of the source "
                          "says where each field is, and what separates columns",
                          option);
}

/* Two fields out of one column would be a mistake that looks like a result. */
static int check_columns(const struct cli_arguments *arguments)
{
    for (int field = 0; field < CLI_FIELDS; field++) {
        /* A column called id is no event's where another field is to come from it. */
        if (field == CLI_ID && !arguments->columns[field])
            continue;
        const char *header = arguments->columns[field] ? arguments->columns[field] : fields[field];
        for (int other = 0; other < field; other++) {
            const char *taken = arguments->columns[other] ? arguments->columns[other] : fields[other];
            if (strcmp(header, taken) == 0)
                return cli_fail_usage(arguments->command, "%s and %s would both be read from the column '%s'",
                                      fields[other], fields[field], header);
        }
    }
    return CLI_DONE;
}

int cli_arguments_check_exports(const struct cli_arguments *arguments)
{
    if (arguments->export_count == 0)
        return cli_fail_usage(arguments->command, "no export is given");
    int standard_inputs = 0;
    for (int i = 0; i < arguments->export_count; i++) {
        if (*arguments->exports[i] == '\0')
            return cli_fail_usage(arguments->command, "an export needs a path, not ''");
        standard_inputs += strcmp(arguments->exports[i], "-") == 0;
    }
    if (standard_inputs > 1)
        return cli_fail_usage(arguments->command, "'-', standard input, can be read only once");
    return CLI_DONE;
}

int cli_arguments_read(struct cli_arguments *arguments, const char *command, const struct option *options, int argc,
                       char **argv)
{
    *arguments = (struct cli_arguments){.command = command, .out = "kith-out", .threads = 1};
    opterr = 0;
    int code;
    while ((code = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
        if (code == CLI_OPTION_HELP) {
            arguments->help = true;
            return CLI_DONE;
        }
        if (code == '?' || code == ':')
            return cli_options_fail(arguments->command, code, argv);
        int status = read_option(arguments, code, optarg);
        if (status)
            return status;
    }
    /* Who is watched as of a day has been reviewed up to that day, or less. */
    if (arguments->as_of && !arguments->until)
        arguments->until = arguments->as_of;
    arguments->exports = argv + optind;
    arguments->export_count = argc - optind;
    int status = check_source(arguments);
    return status ? status : check_columns(arguments);
}
