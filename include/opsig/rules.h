/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file rules.h  Rules that people write (docs/rules.md): risky patterns with their evidence. */
#ifndef OPSIG_RULES_H
#define OPSIG_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <opsig/error.h>
#include <opsig/limits.h>
#include <opsig/signature.h>

OPSIG_BEGIN_DECLS

/** Rules of any number of files. Safe to read from several threads once all files are added. */
typedef struct opsig_rules opsig_rules;
/** A rule; belongs to its set. */
typedef struct opsig_rule opsig_rule;

/** @param out  an empty set, owned by the caller (opsig_rules_free); NULL on failure */
OPSIG_API opsig_status opsig_rules_new(opsig_rules **out, opsig_error *err);
/** Frees a set and its rules; NULL is allowed. */
OPSIG_API void opsig_rules_free(opsig_rules *rules);

/**
 * Reads a file of rules. What is wrong in it is found in one go and kept as diagnostics; a rule
 * with an error is left out. "-" is a file of that name.
 * @return OPSIG_FORMAT where the file has errors, with the first of them; OPSIG_CONFLICT for an id
 *         that the set has already; OPSIG_NOT_FOUND, OPSIG_IO, OPSIG_LIMIT, OPSIG_NOMEM
 * Time: linear in the size of the file.
 */
OPSIG_API opsig_status opsig_rules_add_file(opsig_rules *rules, const char *path,
                                            opsig_error *err);
/** As opsig_rules_add_file, from memory, which is not needed afterwards.
 *  @param name  stands for the path in messages */
OPSIG_API opsig_status opsig_rules_add_text(opsig_rules *rules, const char *name, const char *text,
                                            size_t len, opsig_error *err);

/** An error or a warning; strings live as long as the set. */
typedef struct opsig_rules_diagnostic {
    const char *path;
    uint32_t line, column; /**< from 1; columns are characters */
    bool is_warning;
    const char *message; /**< one line */
    const char *excerpt; /**< the line, and carets under the place on a line of their own */
} opsig_rules_diagnostic;

/** Diagnostics in the order of files and places; at most a hundred of a file are kept. */
OPSIG_API size_t opsig_rules_n_diagnostics(const opsig_rules *rules);
OPSIG_API opsig_rules_diagnostic opsig_rules_diagnostic_at(const opsig_rules *rules, size_t i);
/** Number of errors, those that are not kept included. */
OPSIG_API size_t opsig_rules_n_errors(const opsig_rules *rules);

/** Rules in the order of files and lines. */
OPSIG_API size_t opsig_rules_n(const opsig_rules *rules);
OPSIG_API const opsig_rule *opsig_rules_at(const opsig_rules *rules, size_t i);
/** The rule with an id; NULL where there is none. */
OPSIG_API const opsig_rule *opsig_rules_find(const opsig_rules *rules, const char *id);

/** How well a rule's evidence stands. */
typedef enum opsig_rule_confidence {
    OPSIG_CONFIDENCE_REPORTED = 0, /**< only the account of who met it */
    OPSIG_CONFIDENCE_MAINTAINER,   /**< a maintainer reproduced, explained or labelled it */
    OPSIG_CONFIDENCE_FIXED         /**< a merged change repairs it */
} opsig_rule_confidence;

/** "reported", "maintainer" or "fixed"; a static string. */
OPSIG_API const char *opsig_rule_confidence_name(opsig_rule_confidence confidence);

/** Getters; strings live as long as the set and are "" where the rule says nothing. */
OPSIG_API const char *opsig_rule_id(const opsig_rule *rule);
OPSIG_API const char *opsig_rule_title(const opsig_rule *rule);
OPSIG_API opsig_severity opsig_rule_severity(const opsig_rule *rule);
OPSIG_API opsig_rule_confidence opsig_rule_confidence_of(const opsig_rule *rule);
/** What a user can do about it. */
OPSIG_API const char *opsig_rule_fix(const opsig_rule *rule);
/** What is doubtful about the evidence. */
OPSIG_API const char *opsig_rule_note(const opsig_rule *rule);
/** Where the rule stands. */
OPSIG_API const char *opsig_rule_path(const opsig_rule *rule);
OPSIG_API uint32_t opsig_rule_line(const opsig_rule *rule);
/** Who is affected: a component with its versions, e.g. "onnxruntime 1.19 .. 1.20". */
OPSIG_API size_t opsig_rule_n_affects(const opsig_rule *rule);
OPSIG_API const char *opsig_rule_affects(const opsig_rule *rule, size_t i);
/** The component alone, e.g. "onnxruntime". */
OPSIG_API const char *opsig_rule_component(const opsig_rule *rule, size_t i);
/** Evidence: addresses of threads and changes. */
OPSIG_API size_t opsig_rule_n_refs(const opsig_rule *rule);
OPSIG_API const char *opsig_rule_ref(const opsig_rule *rule, size_t i);
OPSIG_API size_t opsig_rule_n_tags(const opsig_rule *rule);
OPSIG_API const char *opsig_rule_tag(const opsig_rule *rule, size_t i);
/** What is looked for, one line of the rule each, joined by newlines. */
OPSIG_API const char *opsig_rule_pattern(const opsig_rule *rule);
/** The whole rule in the form in which it is written by opsig: the same rule gives the same text,
 *  which can be read again. Examples keep their text. */
OPSIG_API const char *opsig_rule_text(const opsig_rule *rule);

/** Which rules count. Set by opsig_rules_filter_init first; fields are lists of n strings. */
typedef struct opsig_rules_filter {
    uint32_t version; /**< of this struct; set by opsig_rules_filter_init */
    opsig_severity min_severity;
    const char *const *targets; /**< "NAME" or "NAME=VERSION": rules that affect one of them */
    size_t n_targets;           /**< 0: all rules */
    const char *const *tags;    /**< rules with one of these tags */
    size_t n_tags;              /**< 0: all rules */
} opsig_rules_filter;

OPSIG_API void opsig_rules_filter_init(opsig_rules_filter *filter);
/** Does a rule pass? A rule that names no one affects all. O(targets * affects + tags^2) */
OPSIG_API bool opsig_rule_passes(const opsig_rule *rule, const opsig_rules_filter *filter);
/** Leaves out the rules that do not pass. */
OPSIG_API void opsig_rules_keep(opsig_rules *rules, const opsig_rules_filter *filter);

/** Compares versions such as "1.9" < "1.10" < "1.10.1": numbers as numbers, a letter behind a
 *  number comes before its end ("2.0rc1" < "2.0"). @return below, equal to or above 0 */
OPSIG_API int opsig_version_compare(const char *a, const char *b);

/** What an example says of its model. */
typedef enum opsig_example_kind {
    OPSIG_EXAMPLE_MATCH = 0, /**< the rule must find something that is certain */
    OPSIG_EXAMPLE_POSSIBLE,  /**< the rule must find something, and nothing that is certain */
    OPSIG_EXAMPLE_CLEAN      /**< the rule must find nothing */
} opsig_example_kind;

OPSIG_API size_t opsig_rule_n_examples(const opsig_rule *rule);
OPSIG_API opsig_example_kind opsig_rule_example_kind(const opsig_rule *rule, size_t i);
/** "match", "possible" or "clean"; a static string. */
OPSIG_API const char *opsig_example_kind_name(opsig_example_kind kind);
/** "" where it has none. */
OPSIG_API const char *opsig_rule_example_title(const opsig_rule *rule, size_t i);

/** What came of one example. */
typedef struct opsig_example_result {
    const opsig_rule *rule;
    size_t example; /**< of the rule */
    opsig_example_kind expected, found;
    bool is_readable; /**< the model could be read: `found` counts */
    bool passed;
    /** Where the example stands, or, where its model could not be read, the place that is wrong,
     *  with the message. Lives as long as the set. */
    opsig_rules_diagnostic place;
} opsig_example_result;

/** Called for each example, in the order of rules. @return 0 to go on; else the test ends with
 *  OPSIG_CANCELLED */
typedef int (*opsig_rules_test_callback)(const opsig_example_result *result, void *payload);

/** Looks for each rule in its own examples. A model that cannot be read is a result, not an error.
 *  @param limits  for each model  @return OPSIG_NOMEM, OPSIG_CANCELLED, OPSIG_TIMEOUT */
OPSIG_API opsig_status opsig_rules_test(const opsig_rules *rules, const opsig_limits *limits,
                                        opsig_rules_test_callback callback, void *payload,
                                        opsig_error *err);

OPSIG_END_DECLS

#endif
