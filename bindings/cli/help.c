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
                 "  score      score the exported activity of a community\n"
                 "  update     score what is new in it, on top of what an earlier run left\n"
                 "  explain    say why a member stands where they do\n"
                 "  policy     print the default policy, or judge one\n"
                 "  calibrate  find figures of the policy that fit a community\n"
                 "  inspect    say what is in an export, and how it could be read\n"
                 "  sources    list the sources whose exports kith knows how to read\n"
                 "\n"
                 "Options:\n"
                 "  -h, --help   print this text, or that of a command behind its name\n"
                 "  --version    print the version\n"
                 "\n"
                 "Exit status: 0 done; 1 done, but rows were refused; 2 usage; 3 input or output;\n"
                 "4 policy or source description. More is in kith(1).\n");
}

int cli_help_score(void)
{
    return print("Usage: kith score [OPTION...] EXPORT...\n"
                 "\n"
                 "Score the members of a community from its exported activity: files of CSV or\n"
                 "JSON, plain or gzipped, whose columns or fields are time, member, kind and, if\n"
                 "there are any, target, quantity and id; or of any other form, with --source. An\n"
                 "EXPORT is a file, a folder of them, or a quoted pattern; '-' is standard input.\n"
                 "Several exports are one community's activity. Of rows with the same id, the\n"
                 "first alone counts.\n"
                 "\n"
                 "Options:\n"
                 "  --policy FILE          the figures of the model (default: those that come with\n"
                 "                         the source, and else those of 'kith policy')\n"
                 "  --out DIR              the result folder, made if missing (default: kith-out)\n"
                 "  --until DAY            review the weeks that are over when DAY (YYYY-MM-DD)\n"
                 "                         begins (default: all up to that of the last event)\n"
                 "  --as-of DAY            also write watch.csv: who is silent, dormant or at risk\n"
                 "                         on DAY, within a week too (implies --until DAY)\n"
                 "  --source NAME|FILE     read the exports as a source description says: one that\n"
                 "                         comes with kith (see 'kith sources'), or a file\n"
                 "  --column FIELD=HEADER  the column that holds a field: time, member, kind,\n"
                 "                         target, quantity or id (default: that of its name)\n"
                 "  --delimiter CHAR       what separates columns, 'tab' for a tab (default: found\n"
                 "                         from the header among , ; tab |)\n"
                 "  --threads N            processor cores to use, 1 to 64 (default: 1)\n"
                 "  --memory SIZE          what weeks not reviewed yet may take in memory, such as\n"
                 "                         512M; the rest goes to a temporary file (default: no\n"
                 "                         limit)\n"
                 "  --max-rejects N        fail, and change nothing, where more than N rows are\n"
                 "                         refused (default: no limit)\n"
                 "  --max-row SIZE         refuse rows of more bytes, 4K to 1G (default: 16M)\n"
                 "  --max-bytes SIZE       fail, and change nothing, where an export has more\n"
                 "                         bytes of text, once inflated (default: no limit)\n"
                 "  --max-members N        fail, and change nothing, where there are more than N\n"
                 "                         members (default: 4294967294)\n"
                 "  --history              also write each member at each review\n"
                 "  --spreadsheet          put an apostrophe before names that a spreadsheet would\n"
                 "                         take for formulas: for tables that people open in one\n"
                 "  --quiet                print no report and no notes, show no progress; but one\n"
                 "                         line where rows were refused\n"
                 "  -h, --help             print this text\n"
                 "\n"
                 "DIR gets standings.csv, changes.csv, flags.csv and weeks.csv; history.csv and\n"
                 "watch.csv on request; rejects.csv where rows were refused; and last of all\n"
                 "summary.json. They take their places when all are complete: a fault leaves what\n"
                 "stood there before.\n"
                 "\n"
                 "Exit status: 0 done; 1 done, but rows were refused; 2 usage; 3 input or output;\n"
                 "4 policy or source description.\n");
}

int cli_help_update(void)
{
    return print("Usage: kith update --state FILE [OPTION...] EXPORT...\n"
                 "\n"
                 "Score what is new in the exported activity of a community, such as last night's\n"
                 "or a log that has grown, on top of what the runs before have left in FILE. All\n"
                 "weeks before the one of the last event are reviewed, and the tables hold what\n"
                 "that brought: run after run, the rows of one 'kith score' over the same weeks.\n"
                 "\n"
                 "Options:\n"
                 "  --state FILE           where this run begins and what it leaves: the state of\n"
                 "                         all members; begun where it is missing\n"
                 "  --policy FILE          from here on, the figures of the model (default: those\n"
                 "                         of the state, at first as for 'kith score')\n"
                 "  --out DIR              the result folder, made if missing (default: kith-out)\n"
                 "  --until DAY            review the weeks that are over when DAY (YYYY-MM-DD)\n"
                 "                         begins (default: those before that of the last event)\n"
                 "  --as-of DAY            the day for which watch.csv says who is silent, dormant\n"
                 "                         or at risk (default: that of the last event; implies\n"
                 "                         --until DAY)\n"
                 "  --overlapping          the exports hold all of the weeks still open, such as\n"
                 "                         'the last 30 days' every night: take these anew (not\n"
                 "                         needed where there is a column id)\n"
                 "  --force                go on where exports do not reach back far enough for\n"
                 "                         --overlapping, or are new after a run with it\n"
                 "  --source NAME|FILE     read the exports as a source description says: one that\n"
                 "                         comes with kith (see 'kith sources'), or a file\n"
                 "  --column FIELD=HEADER  the column that holds a field: time, member, kind,\n"
                 "                         target, quantity or id (default: that of its name)\n"
                 "  --delimiter CHAR       what separates columns, 'tab' for a tab (default: found\n"
                 "                         from the header among , ; tab |)\n"
                 "  --threads N            processor cores to use, 1 to 64 (default: 1)\n"
                 "  --memory SIZE          what weeks not reviewed yet may take in memory, such as\n"
                 "                         512M; the rest goes to a temporary file (default: no\n"
                 "                         limit)\n"
                 "  --max-rejects N        fail, and change nothing, where more than N rows are\n"
                 "                         refused (default: no limit)\n"
                 "  --max-row SIZE         refuse rows of more bytes, 4K to 1G (default: 16M)\n"
                 "  --max-bytes SIZE       fail, and change nothing, where an export has more\n"
                 "                         bytes of text, once inflated (default: no limit)\n"
                 "  --max-members N        fail, and change nothing, where there are more than N\n"
                 "                         members (default: 4294967294)\n"
                 "  --spreadsheet          put an apostrophe before names that a spreadsheet would\n"
                 "                         take for formulas: for tables that people open in one\n"
                 "  --quiet                print no report and no notes, show no progress; but one\n"
                 "                         line where rows were refused\n"
                 "  -h, --help             print this text\n"
                 "\n"
                 "An export that was read before is known by its content and skipped, also where\n"
                 "it has been packed since; where it has grown, what is new is read. Rows of weeks\n"
                 "that were reviewed before are late and counted apart. The tables take their\n"
                 "places first and the state last: after any fault, or a crash, the same run again\n"
                 "gives the same result.\n"
                 "\n"
                 "Exit status: 0 done; 1 done, but rows were refused; 2 usage; 3 input or output,\n"
                 "or another run holds the state; 4 policy or source description.\n");
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
                 "  --policy FILE          the figures of the model (default: those that come with\n"
                 "                         the source, and else those of 'kith policy')\n"
                 "  --state FILE           go by what 'kith update' keeps in FILE, and its policy\n"
                 "  --until DAY            review the weeks that are over when DAY (YYYY-MM-DD)\n"
                 "                         begins (default: all up to that of the last event)\n"
                 "  --as-of DAY            explain the open week as of DAY: silence is that of the\n"
                 "                         day, events count that the week holds (implies\n"
                 "                         --until DAY)\n"
                 "  --source NAME|FILE     read the exports as a source description says: one that\n"
                 "                         comes with kith (see 'kith sources'), or a file\n"
                 "  --column FIELD=HEADER  the column that holds a field: time, member, kind,\n"
                 "                         target, quantity or id (default: that of its name)\n"
                 "  --delimiter CHAR       what separates columns, 'tab' for a tab (default: found\n"
                 "                         from the header among , ; tab |)\n"
                 "  --threads N            processor cores to use, 1 to 64 (default: 1)\n"
                 "  --memory SIZE          what weeks not reviewed yet may take in memory, such as\n"
                 "                         512M; the rest goes to a temporary file (default: no\n"
                 "                         limit)\n"
                 "  --json                 print all figures as JSON\n"
                 "  -h, --help             print this text\n"
                 "\n"
                 "Exit status: 0 done; 1 done, but rows were refused; 2 usage; 3 input or output,\n"
                 "or there is no such member; 4 policy or source description.\n");
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

int cli_help_calibrate(void)
{
    return print("Usage: kith calibrate [OPTION...] EXPORT...\n"
                 "\n"
                 "Score a community's own history by one set of figures after the other, and print\n"
                 "a policy whose half_points and thresholds give each tier the wished share of the\n"
                 "members who acted in the last four weeks, over the last half year, on average.\n"
                 "Exports are read as by 'kith score', and a report says what was found.\n"
                 "\n"
                 "Options:\n"
                 "  --shares TIER=PERCENT,...\n"
                 "                         the share of each tier but the lowest; TIER=keep leaves\n"
                 "                         a tier, and half_points, as they are (default where a\n"
                 "                         policy has four tiers: 2, 8 and 20, from the highest)\n"
                 "  --policy FILE          the policy to start from, whose other figures, comments\n"
                 "                         and order stay (default: as for 'kith score')\n"
                 "  --out FILE             write the policy there, and the report to standard\n"
                 "                         output (default: the policy to standard output, and the\n"
                 "                         report to standard error)\n"
                 "  --force                write over FILE if it is there, and go on where there\n"
                 "                         are fewer than 30 active members\n"
                 "  --until DAY            review the weeks that are over when DAY (YYYY-MM-DD)\n"
                 "                         begins (default: all up to that of the last event)\n"
                 "  --source NAME|FILE     read the exports as a source description says: one that\n"
                 "                         comes with kith (see 'kith sources'), or a file\n"
                 "  --column FIELD=HEADER  the column that holds a field: time, member, kind,\n"
                 "                         target, quantity or id (default: that of its name)\n"
                 "  --delimiter CHAR       what separates columns, 'tab' for a tab (default: found\n"
                 "                         from the header among , ; tab |)\n"
                 "  --threads N            processor cores to use, 1 to 64 (default: 1)\n"
                 "  --memory SIZE          what weeks not reviewed yet may take in memory, such as\n"
                 "                         512M; the rest goes to a temporary file (default: no\n"
                 "                         limit)\n"
                 "  --quiet                print no report and no notes, show no progress; but one\n"
                 "                         line where rows were refused\n"
                 "  -h, --help             print this text\n"
                 "\n"
                 "Exit status: 0 done; 1 done, but rows were refused; 2 usage; 3 input or output,\n"
                 "or too little history; 4 policy or source description.\n");
}

int cli_help_inspect(void)
{
    return print("Usage: kith inspect [OPTION...] EXPORT...\n"
                 "\n"
                 "Say what is in exports that kith has not read before: their format, the fields\n"
                 "and what they hold, the kinds; a source description that may fit, or one that\n"
                 "comes with kith and fits; and what becomes of the rows when it reads them.\n"
                 "Exports are CSV, NDJSON or JSON files, plain or gzipped, or folders of such;\n"
                 "'-' is standard input. Of more than eight files, eight are looked at.\n"
                 "\n"
                 "Options:\n"
                 "  --source NAME|FILE   read the exports by this description, and guess none\n"
                 "  --policy FILE        the policy whose kinds are known (default: the source's;\n"
                 "                       for one that is guessed, a policy with all its kinds)\n"
                 "  --write FILE         write the description that was guessed to a new file\n"
                 "  --json               print all of it as JSON\n"
                 "  -h, --help           print this text\n"
                 "\n"
                 "Exit status: 0 done; 1 done, but rows would be refused, or no description was\n"
                 "found; 2 usage; 3 input or output; 4 policy or source description.\n");
}

int cli_help_sources(void)
{
    return print("Usage: kith sources [[--policy] NAME]\n"
                 "       kith sources --check FILE\n"
                 "\n"
                 "List the sources that kith knows: platforms and feeds whose exports it reads as\n"
                 "they are, with 'kith score --source NAME'. With a NAME, print how these are\n"
                 "read, as a file to start from for a source of your own.\n"
                 "\n"
                 "Options:\n"
                 "  --policy       print the policy that goes with the source instead\n"
                 "  --check FILE   judge a source description instead: say all its faults\n"
                 "  -h, --help     print this text\n"
                 "\n"
                 "Exit status: 0 done; 2 usage, or there is no such source; 3 input or output; 4\n"
                 "the description has faults.\n");
}

int cli_help_version(void)
{
    printf("kith %s\n", kith_version());
    return cli_close_stdout(CLI_DONE);
}
