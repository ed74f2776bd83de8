/* SPDX-License-Identifier: MIT */
#include "policy_command.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>

#include <kith/kith.h>

#include "help.h"
#include "message.h"
#include "options.h"
#include "text.h"

static const char command[] = "kith policy";

static int print_default(void)
{
    kith_policy *policy = NULL;
    kith_error error = {.size = sizeof error};
    kith_status status = kith_policy_new(NULL, &policy, &error);
    if (status == KITH_OK)
        status = kith_policy_write(policy, cli_write_stdout, NULL, &error);
    kith_policy_free(policy);
    if (status != KITH_OK && status != KITH_INPUT_OUTPUT)
        return cli_fail_with(&error);
    return cli_close_stdout(CLI_DONE);
}

static void count_fault(void *context, const kith_error *fault)
{
    uint64_t *faults = context;
    ++*faults;
    cli_say_fault(NULL, fault);
}

static int print_verdict(const char *path, const kith_policy *policy)
{
    kith_policy_info info = {.size = sizeof info};
    kith_error error = {.size = sizeof error};
    if (kith_policy_get_info(policy, &info, &error) != KITH_OK)
        return cli_fail_with(&error);
    cli_text_print(stdout, kith_text_of(path));
    printf(": a valid policy: %" PRIu32 " tiers, %" PRIu32 " %s, digest %016" PRIx64 "\n", info.tiers, info.kinds,
           info.kinds == 1 ? "kind" : "kinds", info.digest);
    return cli_close_stdout(CLI_DONE);
}

static int check(const char *path)
{
    uint64_t faults = 0;
    kith_policy *policy = NULL;
    kith_error error = {.size = sizeof error};
    kith_policy_options options = {.size = sizeof options, .fault = count_fault, .fault_context = &faults};
    kith_status status = kith_policy_load(path, &options, &policy, &error);
    if (status == KITH_BAD_POLICY)
        return cli_fail(CLI_POLICY, "%s: %" PRIu64 " %s", path, faults, faults == 1 ? "fault" : "faults");
    if (status != KITH_OK)
        return cli_fail_with(&error);
    int verdict = print_verdict(path, policy);
    kith_policy_free(policy);
    return verdict;
}

int cli_policy(int argc, char **argv)
{
    static const struct option options[] = {
        {"check", required_argument, NULL, CLI_OPTION_FIRST},
        {"help", no_argument, NULL, CLI_OPTION_HELP},
        {NULL, 0, NULL, 0},
    };
    const char *path = NULL;
    int code;
    opterr = 0;
    while ((code = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
        if (code == CLI_OPTION_HELP)
            return cli_help_policy();
        if (code != CLI_OPTION_FIRST)
            return cli_options_fail(command, code, argv);
        path = optarg;
    }
    if (optind < argc)
        return cli_fail_usage(command, "'%s' is one argument too many", argv[optind]);
    return path ? check(path) : print_default();
}
