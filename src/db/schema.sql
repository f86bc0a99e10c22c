-- SPDX-License-Identifier: GPL-2.0-or-later
-- Signature database, schema version 3 (docs/database.md). What stands between CREATE and its
-- semicolon is compared byte for byte when a database is opened: a change there is a new version.

-- One row. alphabet: of the symbols in patterns.
CREATE TABLE info (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  alphabet TEXT NOT NULL CHECK (alphabet IN ('op', 'op+attr', 'both'))
) STRICT;

-- Where the database comes from. value: TEXT, or BLOB where it is not UTF-8.
CREATE TABLE provenance (
  key TEXT NOT NULL PRIMARY KEY,
  value ANY NOT NULL
) STRICT, WITHOUT ROWID;

-- At most one row: intercept and calibration of the risk model, in log-odds.
CREATE TABLE risk (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  intercept REAL NOT NULL,
  "offset" REAL NOT NULL,
  slope REAL NOT NULL,
  hinge REAL NOT NULL,
  knot REAL NOT NULL
) STRICT;

-- The models of the mined corpus, from 0. path: TEXT, or BLOB where it is not UTF-8.
CREATE TABLE model (
  number INTEGER PRIMARY KEY,
  path ANY NOT NULL UNIQUE,
  sha256 TEXT CHECK (length(sha256) = 64),
  label TEXT NOT NULL CHECK (label IN ('inconsistent', 'consistent'))
) STRICT;

-- Signatures from 0, strongest first; behind them the terms of the risk model that are not
-- significant by themselves. id is computed from pattern.
CREATE TABLE signature (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  significant INTEGER NOT NULL CHECK (significant IN (0, 1)),
  kind TEXT NOT NULL CHECK (kind IN ('sequence', 'subgraph')),
  pattern TEXT NOT NULL,
  context TEXT NOT NULL,
  with_inconsistent INTEGER NOT NULL,
  n_inconsistent INTEGER NOT NULL,
  with_consistent INTEGER NOT NULL,
  n_consistent INTEGER NOT NULL,
  p REAL NOT NULL,
  p_adjusted REAL NOT NULL,
  p_order REAL,
  odds_ratio REAL NOT NULL,
  odds_ratio_low REAL NOT NULL,
  odds_ratio_high REAL NOT NULL,
  likelihood_ratio REAL NOT NULL,
  likelihood_ratio_low REAL NOT NULL,
  likelihood_ratio_high REAL NOT NULL,
  confidence REAL NOT NULL,
  confidence_low REAL NOT NULL,
  confidence_high REAL NOT NULL,
  lift REAL NOT NULL,
  weight REAL NOT NULL,
  severity TEXT NOT NULL CHECK (severity IN ('low', 'medium', 'high'))
) STRICT;

-- Models that hold a signature. nodes: labels of one match in the order of the pattern, joined
-- by newlines; TEXT, or BLOB where they are not UTF-8.
CREATE TABLE evidence (
  signature INTEGER NOT NULL REFERENCES signature (number),
  model INTEGER NOT NULL REFERENCES model (number),
  nodes ANY NOT NULL,
  PRIMARY KEY (signature, model)
) STRICT, WITHOUT ROWID;

-- Signatures that lie within others: every match of whole contains one of part, and of no signature
-- between the two. Follows from the patterns.
CREATE TABLE containment (
  whole INTEGER NOT NULL REFERENCES signature (number),
  part INTEGER NOT NULL REFERENCES signature (number),
  PRIMARY KEY (whole, part)
) STRICT, WITHOUT ROWID;

-- Rules that people wrote (docs/rules.md). text: the rule without its examples.
CREATE TABLE rule (
  id TEXT NOT NULL PRIMARY KEY,
  text TEXT NOT NULL
) STRICT, WITHOUT ROWID;
