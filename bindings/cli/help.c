/* SPDX-License-Identifier: MIT */
#include "help.h"

#include <stdio.h>

#include <kith/kith.h>

#include "message.h"

static int print(const char *text)
{
    fputs(text, stdout);
    return cli_close_stdout(CLI_DONE);
}

int cli_help(void)
{
    return print("Usage: kith COMMAND [ARGUMENT...]\n"
                 "\n"
                 "Weekly scores, tiers and churn flags for the members of a community.\n"
                 "\n"
                 "Commands:\n"
                 "  score    score the exported activity of a community\n"
                 "  explain  say why a member stands where they do\n"
                 "  policy   print the default policy, or judge one\n"
                 "\n"
                 "Options:\n"
                 "  -h, --help   print this text, or that of a command behind its name\n"
                 "  --version    print the version\n"
                 "\n"
                 "Exit status: 0 done; 1 done, but rows were refused; 2 usage; 3 input or output;\n"
                 "4 policy. More is in kith(1).\n");
}

int cli_help_score(void)
{
    return print("Usage: kith score [OPTION...] EXPORT...\n"
                 "\n"
                 "Score the members of a community from its exported activity: CSV files, plain or\n"
                 "gzipped, with a header that names the columns time, member, kind and, if there\n"
                 "are any, target and quantity. Several exports are one community's activity; '-'\n"
                 "is standard input.\n"
                 "\n"
                 "Options:\n"
                 "  --policy FILE          the figures of the model (default: see 'kith policy')\n"
                 "  --out DIR              the result folder, made if missing (default: kith-out)\n"
                 "  --until DAY            review the weeks that are over when DAY (YYYY-MM-DD)\n"
                 "                         begins (default: all up to that of the last event)\n"
                 "  --as-of DAY            also write watch.csv: who is silent, dormant or at risk\n"
                 "                         on DAY, within a week too (implies --until DAY)\n"
                 "  --column FIELD=HEADER  the column that holds a field: time, member, kind,\n"
                 "                         target or quantity (default: the one of that name)\n"
                 "  --delimiter CHAR       what separates columns, 'tab' for a tab (default: found\n"
                 "                         from the header among , ; tab |)\n"
                 "  --threads N            processor cores to use, 1 to 64 (default: 1)\n"
                 "  --max-rejects N        fail, and change nothing, where more than N rows are\n"
                 "                         refused (default: no limit)\n"
                 "  --history              also write each member at each review\n"
                 "  --quiet                print no report and show no progress\n"
                 "  -h, --help             print this text\n"
                 "\n"
                 "DIR gets standings.csv, changes.csv, flags.csv and weeks.csv; history.csv and\n"
                 "watch.csv on request; rejects.csv where rows were refused; and last of all\n"
                 "summary.json. They take their places when all are complete: a fault leaves what\n"
                 "stood there before.\n"
                 "\n"
                 "Exit status: 0 done; 1 done, but rows were refused; 2 usage; 3 input or output;\n"
                 "4 policy.\n");
}

int cli_help_explain(void)
{
    return print("Usage: kith explain [OPTION...] MEMBER EXPORT...\n"
                 "       kith explain [OPTION...] --state FILE MEMBER\n"
                 "\n"
                 "Say why one member stands where they do: what they did and what it counted for,\n"
                 "how that makes their score, which tier it is, what is missing to rise or to keep\n"
                 "it, and what each flag rests on. Then the same of the week that is open, as if\n"
                 "nothing more came. Exports are read as by 'kith score'; nothing is written.\n"
                 "\n"
                 "Options:\n"
                 "  --policy FILE          the figures of the model (default: see 'kith policy')\n"
                 "  --state FILE           go by what 'kith update' keeps in FILE, and its policy\n"
                 "  --until DAY            review the weeks that are over when DAY (YYYY-MM-DD)\n"
                 "                         begins (default: all up to that of the last event)\n"
                 "  --as-of DAY            look at the open week as it stands when DAY begins\n"
                 "                         (implies --until DAY)\n"
                 "  --column FIELD=HEADER  the column that holds a field: time, member, kind,\n"
                 "                         target or quantity (default: the one of that name)\n"
                 "  --delimiter CHAR       what separates columns, 'tab' for a tab (default: found\n"
                 "                         from the header among , ; tab |)\n"
                 "  --threads N            processor cores to use, 1 to 64 (default: 1)\n"
                 "  --json                 print all figures as JSON\n"
                 "  -h, --help             print this text\n"
                 "\n"
                 "Exit status: 0 done; 1 done, but rows were refused; 2 usage; 3 input or output,\n"
                 "or there is no such member; 4 policy.\n");
}

int cli_help_policy(void)
{
    return print("Usage: kith policy [--check FILE]\n"
                 "\n"
                 "Print the default policy: every figure of the model, with comments. Change what\n"
                 "does not fit, and hand the file to 'kith score --policy'.\n"
                 "\n"
                 "Options:\n"
                 "  --check FILE   judge a policy instead: say every fault with its line\n"
                 "  -h, --help     print this text\n"
                 "\n"
                 "Exit status: 0 done; 2 usage; 3 input or output; 4 the policy has faults.\n");
}

int cli_help_version(void)
{
    printf("kith %s\n", kith_version());
    return cli_close_stdout(CLI_DONE);
}
