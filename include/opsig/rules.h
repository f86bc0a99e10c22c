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

/** Makes an empty set.
 *  @param out  an empty set, owned by the caller (opsig_rules_free); NULL on failure
 *  @param err  what went wrong; NULL: not wanted
 *  @return OPSIG_OK, OPSIG_NOMEM */
OPSIG_API opsig_status opsig_rules_new(opsig_rules **out, opsig_error *err);
/** Frees a set and its rules; NULL is allowed. @param rules  to be freed */
OPSIG_API void opsig_rules_free(opsig_rules *rules);

/**
 * Reads a file of rules. What is wrong in it is found in one go and kept as diagnostics; a rule
 * with an error is left out. "-" is a file of that name.
 * Time: linear in the size of the file.
 * @param rules  to add to
 * @param path   of the file
 * @param err    what went wrong; NULL: not wanted
 * @return OPSIG_OK, OPSIG_FORMAT where the file has errors, with the first of them; OPSIG_CONFLICT
 *         for an id that the set has already; OPSIG_NOT_FOUND, OPSIG_IO, OPSIG_LIMIT, OPSIG_NOMEM
 */
OPSIG_API opsig_status opsig_rules_add_file(opsig_rules *rules, const char *path,
                                            opsig_error *err);
/** As opsig_rules_add_file, from memory, which is not needed afterwards.
 *  @param rules  to add to
 *  @param name   stands for the path in messages
 *  @param text   of the rules
 *  @param len    of the text, in bytes
 *  @param err    what went wrong; NULL: not wanted
 *  @return OPSIG_OK, or as opsig_rules_add_file */
OPSIG_API opsig_status opsig_rules_add_text(opsig_rules *rules, const char *name, const char *text,
                                            size_t len, opsig_error *err);

/** An error or a warning; strings live as long as the set. */
typedef struct opsig_rules_diagnostic {
    const char *path;    /**< of the file */
    uint32_t line;       /**< from 1 */
    uint32_t column;     /**< from 1, in characters */
    bool is_warning;     /**< false: an error */
    const char *message; /**< one line */
    const char *excerpt; /**< the line, and carets under the place on a line of their own */
} opsig_rules_diagnostic;

/** Number of diagnostics. @param rules  to ask @return at most a hundred for each file */
OPSIG_API size_t opsig_rules_n_diagnostics(const opsig_rules *rules);
/** A diagnostic, in the order of files and places.
 *  @param rules  to ask
 *  @param i      below opsig_rules_n_diagnostics
 *  @return strings live as long as the set */
OPSIG_API opsig_rules_diagnostic opsig_rules_diagnostic_at(const opsig_rules *rules, size_t i);
/** Number of errors, those that are not kept included. @param rules  to ask @return how many */
OPSIG_API size_t opsig_rules_n_errors(const opsig_rules *rules);

/** Number of rules. @param rules  to ask @return how many */
OPSIG_API size_t opsig_rules_n(const opsig_rules *rules);
/** A rule, in the order of files and lines.
 *  @param rules  to ask
 *  @param i      below opsig_rules_n
 *  @return lives as long as the set */
OPSIG_API const opsig_rule *opsig_rules_at(const opsig_rules *rules, size_t i);
/** The rule with an id.
 *  @param rules  to ask
 *  @param id     whole
 *  @return NULL where there is none; lives as long as the set */
OPSIG_API const opsig_rule *opsig_rules_find(const opsig_rules *rules, const char *id);

/** How well a rule's evidence stands. */
typedef enum opsig_rule_confidence {
    OPSIG_CONFIDENCE_REPORTED = 0, /**< only the account of who met it */
    OPSIG_CONFIDENCE_MAINTAINER,   /**< a maintainer reproduced, explained or labelled it */
    OPSIG_CONFIDENCE_FIXED         /**< a merged change repairs it */
} opsig_rule_confidence;

/** A confidence in words.
 *  @param confidence  any value  @return "reported", "maintainer" or "fixed"; a static string */
OPSIG_API const char *opsig_rule_confidence_name(opsig_rule_confidence confidence);

/** Its id. @param rule  to ask @return lives as long as the set, as all that follows */
OPSIG_API const char *opsig_rule_id(const opsig_rule *rule);
/** What is wrong, in a line. @param rule  to ask @return one line */
OPSIG_API const char *opsig_rule_title(const opsig_rule *rule);
/** How bad it is. @param rule  to ask @return its severity */
OPSIG_API opsig_severity opsig_rule_severity(const opsig_rule *rule);
/** How well its evidence stands. @param rule  to ask @return its confidence */
OPSIG_API opsig_rule_confidence opsig_rule_confidence_of(const opsig_rule *rule);
/** What a user can do about it. @param rule  to ask @return "" where the rule does not say */
OPSIG_API const char *opsig_rule_fix(const opsig_rule *rule);
/** What is doubtful about the evidence.
 *  @param rule  to ask  @return "" where the rule does not say */
OPSIG_API const char *opsig_rule_note(const opsig_rule *rule);
/** File in which the rule stands. @param rule  to ask @return as it was given */
OPSIG_API const char *opsig_rule_path(const opsig_rule *rule);
/** Line at which the rule stands. @param rule  to ask @return counted from 1 */
OPSIG_API uint32_t opsig_rule_line(const opsig_rule *rule);
/** Number of those who are affected. @param rule  to ask @return how many */
OPSIG_API size_t opsig_rule_n_affects(const opsig_rule *rule);
/** Who is affected: a component with its versions.
 *  @param rule  to ask
 *  @param i     below opsig_rule_n_affects
 *  @return such as "onnxruntime 1.19 .. 1.20" */
OPSIG_API const char *opsig_rule_affects(const opsig_rule *rule, size_t i);
/** The component alone.
 *  @param rule  to ask
 *  @param i     below opsig_rule_n_affects
 *  @return such as "onnxruntime" */
OPSIG_API const char *opsig_rule_component(const opsig_rule *rule, size_t i);
/** Number of references. @param rule  to ask @return how many */
OPSIG_API size_t opsig_rule_n_refs(const opsig_rule *rule);
/** Evidence: the address of a thread or a change.
 *  @param rule  to ask
 *  @param i     below opsig_rule_n_refs
 *  @return an address */
OPSIG_API const char *opsig_rule_ref(const opsig_rule *rule, size_t i);
/** Number of tags. @param rule  to ask @return how many */
OPSIG_API size_t opsig_rule_n_tags(const opsig_rule *rule);
/** A tag.
 *  @param rule  to ask
 *  @param i     below opsig_rule_n_tags
 *  @return a word */
OPSIG_API const char *opsig_rule_tag(const opsig_rule *rule, size_t i);
/** What is looked for, one line of the rule each, joined by newlines.
 *  @param rule  to ask  @return the lines */
OPSIG_API const char *opsig_rule_pattern(const opsig_rule *rule);
/** The whole rule in the form in which it is written by opsig: the same rule gives the same text,
 *  which can be read again. Examples keep their text.
 *  @param rule  to ask  @return lives as long as the set */
OPSIG_API const char *opsig_rule_text(const opsig_rule *rule);

/** Which rules count. Set by opsig_rules_filter_init first; fields are lists of n strings. */
typedef struct opsig_rules_filter {
    uint32_t version; /**< of this struct; set by opsig_rules_filter_init */
    opsig_severity min_severity; /**< rules below are left out; default low */
    const char *const *targets; /**< "NAME" or "NAME=VERSION": rules that affect one of them */
    size_t n_targets;           /**< 0: all rules */
    const char *const *tags;    /**< rules with one of these tags */
    size_t n_tags;              /**< 0: all rules */
} opsig_rules_filter;

/** Lets all rules pass. @param filter  all members are set */
OPSIG_API void opsig_rules_filter_init(opsig_rules_filter *filter);
/** Does a rule pass? A rule that names no one affects all. Time: targets * affects + tags^2.
 *  @param rule    to ask
 *  @param filter  set by opsig_rules_filter_init
 *  @return true where it does */
OPSIG_API bool opsig_rule_passes(const opsig_rule *rule, const opsig_rules_filter *filter);
/** Leaves out the rules that do not pass.
 *  @param rules   to be changed
 *  @param filter  which to keep */
OPSIG_API void opsig_rules_keep(opsig_rules *rules, const opsig_rules_filter *filter);

/** Compares versions such as "1.9" < "1.10" < "1.10.1": numbers as numbers, a letter behind a
 *  number comes before its end ("2.0rc1" < "2.0").
 *  @param a  a version
 *  @param b  another one
 *  @return below, equal to or above 0 */
OPSIG_API int opsig_version_compare(const char *a, const char *b);

/** What an example says of its model. */
typedef enum opsig_example_kind {
    OPSIG_EXAMPLE_MATCH = 0, /**< the rule must find something that is certain */
    OPSIG_EXAMPLE_POSSIBLE,  /**< the rule must find something, and nothing that is certain */
    OPSIG_EXAMPLE_CLEAN      /**< the rule must find nothing */
} opsig_example_kind;

/** Number of examples that the rule carries. @param rule  to ask @return how many */
OPSIG_API size_t opsig_rule_n_examples(const opsig_rule *rule);
/** What an example says of its model.
 *  @param rule  to ask
 *  @param i     below opsig_rule_n_examples
 *  @return its kind */
OPSIG_API opsig_example_kind opsig_rule_example_kind(const opsig_rule *rule, size_t i);
/** The kind of an example in words.
 *  @param kind  any value  @return "match", "possible" or "clean"; a static string */
OPSIG_API const char *opsig_example_kind_name(opsig_example_kind kind);
/** What an example is called.
 *  @param rule  to ask
 *  @param i     below opsig_rule_n_examples
 *  @return "" where it has no title */
OPSIG_API const char *opsig_rule_example_title(const opsig_rule *rule, size_t i);

/** What came of one example. */
typedef struct opsig_example_result {
    const opsig_rule *rule;      /**< whose example it is */
    size_t example;              /**< of the rule */
    opsig_example_kind expected; /**< what the example says */
    opsig_example_kind found;    /**< what the rule found */
    bool is_readable;            /**< the model could be read: `found` counts */
    bool passed;                 /**< it could, and found is expected */
    /** Where the example stands, or, where its model could not be read, the place that is wrong,
     *  with the message. Lives as long as the set. */
    opsig_rules_diagnostic place;
} opsig_example_result;

/** Called for each example, in the order of rules. @return 0 to go on; else the test ends with
 *  OPSIG_CANCELLED */
typedef int (*opsig_rules_test_callback)(const opsig_example_result *result, void *payload);

/** Looks for each rule in its own examples. A model that cannot be read is a result, not an
 *  error.
 *  @param rules     with examples
 *  @param limits    for each model
 *  @param callback  called for each example
 *  @param payload   handed to the callback
 *  @param err       what went wrong; NULL: not wanted
 *  @return OPSIG_OK, OPSIG_NOMEM, OPSIG_CANCELLED, OPSIG_TIMEOUT */
OPSIG_API opsig_status opsig_rules_test(const opsig_rules *rules, const opsig_limits *limits,
                                        opsig_rules_test_callback callback, void *payload,
                                        opsig_error *err);

OPSIG_END_DECLS

#endif
