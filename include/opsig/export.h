/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file export.h  Visibility of the public functions. */
#ifndef OPSIG_EXPORT_H
#define OPSIG_EXPORT_H

#if defined(__GNUC__) && __GNUC__ >= 4
#define OPSIG_API __attribute__((visibility("default")))
#else
#define OPSIG_API
#endif

#ifdef __cplusplus
#define OPSIG_BEGIN_DECLS extern "C" {
#define OPSIG_END_DECLS }
#else
#define OPSIG_BEGIN_DECLS
#define OPSIG_END_DECLS
#endif

#endif
