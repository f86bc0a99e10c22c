/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file opsig.h  All of the library. */
#ifndef OPSIG_OPSIG_H
#define OPSIG_OPSIG_H

#include <opsig/corpus.h>
#include <opsig/coverage.h>
#include <opsig/db.h>
#include <opsig/error.h>
#include <opsig/export.h>
#include <opsig/graph.h>
#include <opsig/limits.h>
#include <opsig/mine.h>
#include <opsig/model.h>
#include <opsig/nearest.h>
#include <opsig/output.h>
#include <opsig/hypothesis.h>
#include <opsig/paper.h>
#include <opsig/pattern.h>
#include <opsig/report.h>
#include <opsig/rules.h>
#include <opsig/scan.h>
#include <opsig/signature.h>
#include <opsig/slice.h>
#include <opsig/version.h>

#endif
