/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file options.h  The options that mean the same in every command, as argp parsers that a
 *  command adds as children to its own.
 *
 *  The input of each is the `struct ops_options` that the command's arguments begin with.
 */
#ifndef OPSIG_CLI_OPTIONS_H
#define OPSIG_CLI_OPTIONS_H

#include <argp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <opsig/corpus.h>
#include <opsig/graph.h>
#include <opsig/limits.h>
#include <opsig/report.h>

/** Formats, of which a command may have only the first few. */
enum ops_output_format { OPS_FORMAT_TEXT = 0, OPS_FORMAT_JSON, OPS_FORMAT_DOT, OPS_FORMAT_GRAPHML };

enum ops_when { OPS_WHEN_AUTO = 0, OPS_WHEN_ALWAYS, OPS_WHEN_NEVER };

struct ops_options {
    const char *full_name;      /* "opsig scan", for the help */
    const char *origin;         /* of the option at hand, for messages; NULL: the command line */
    const char *const *formats; /* names by enum ops_output_format; ends with NULL */
    enum ops_output_format format;
    bool has_format;    /* it was asked for; else the output's name tells */
    const char *output; /* NULL: standard output */
    bool quiet, verbose;
    enum ops_when color, progress;
    unsigned jobs;                           /* 0: not given */
    const char *files_from;                  /* NULL: not given */
    const char *include, *exclude;           /* NULL: not given */
    opsig_limits limits;                     /* with the program's cancel flag */
    opsig_alphabet alphabet;
    const char *oracle; /* NULL: not given */
    opsig_corpus_options *corpus;  /* of a command with the options of labels.h */
    struct ops_rule_choice *rules; /* of a command with the options of rule_options.h */
    struct ops_sources *sources;   /* of a command with those of sources.h */
};

/** Names for `formats` of a command with text and JSON. */
extern const char *const ops_text_and_json[];
/** The same, and web pages. */
extern const char *const ops_text_json_and_html[];

/** Keys of long options without a letter; those of a command itself begin at OPS_KEY_OWN. */
enum { OPS_KEY_SHARED = 0x100, OPS_KEY_OWN = 0x200 };

/** Groups of the help that a command shares with the tables below. */
enum { OPS_GROUP_CORPUS = 2, OPS_GROUP_SEARCH = 3, OPS_GROUP_RULES = 4 };

extern const struct argp ops_argp_report;   /* --format --color --quiet --verbose --help */
extern const struct argp ops_argp_output;   /* --output, whose name may tell the format */
extern const struct argp ops_argp_work;     /* --jobs --progress */
extern const struct argp ops_argp_files;    /* --files-from --include --exclude */
extern const struct argp ops_argp_limits;   /* --max-file-size --max-nodes ... --timeout */
extern const struct argp ops_argp_alphabet; /* --alphabet */
extern const struct argp ops_argp_oracle;   /* --oracle */

void ops_options_init(struct ops_options *options, const char *full_name,
                      const char *const *formats);

/** Hands the options to the first n children; for ARGP_KEY_INIT. */
void ops_options_share(const struct argp_state *state, struct ops_options *options, size_t n);

/** Parses a command line. @param args  begins with a struct ops_options
 *  @return OPS_EXIT_OK, or OPS_EXIT_USAGE when what is wrong has been said */
int ops_options_parse(const struct argp *argp, int argc, char **argv, void *args);

/** Says what is wrong with the command line. @return EINVAL, which ends the parsing */
__attribute__((format(printf, 2, 3))) error_t ops_usage(const struct argp_state *state,
                                                        const char *format, ...);

/** The place of a word in a list that ends with NULL, or -1 after saying what is allowed. */
int ops_option_choice(const struct argp_state *state, const char *option, const char *arg,
                      const char *const *words);
/** A whole number from min to max. @return 0, or EINVAL after saying what is wrong */
error_t ops_option_count(const struct argp_state *state, const char *option, const char *arg,
                         uint64_t min, uint64_t max, uint64_t *out);
/** A size in bytes, with K, M, G or T behind it or nothing. */
error_t ops_option_size(const struct argp_state *state, const char *option, const char *arg,
                        uint64_t *out);
/** A finite decimal number from min to max. */
error_t ops_option_number(const struct argp_state *state, const char *option, const char *arg,
                          double min, double max, double *out);

/** How the report shall look on this stream. */
opsig_report_style ops_options_style(const struct ops_options *options, FILE *stream);

/** Workers for a number of models: as asked for, else one for each core; none for a single
 *  model, which is loaded in this process. @param n_models  SIZE_MAX where it is not known yet */
unsigned ops_options_workers(const struct ops_options *options, size_t n_models);

#endif
