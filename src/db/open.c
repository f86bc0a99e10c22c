/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A database file is read whole before SQLite sees it, and handed to it as bytes in memory. So
 * there are no locks, no journals and no temporary files, a path may hold any bytes, the file
 * cannot change under the reader, and nothing beside it is opened or created. The header is
 * looked at first, since it tells most foreign files apart with a better message than SQLite's;
 * then the schema is compared, and then come SQLite's own checks of all pages. */
#include "db/open.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buffer.h"
#include "base/mem.h"
#include "base/reader.h"
#include "db/migrate.h"
#include "db/text.h"

/** Offsets in the header of a database file (sqlite.org/fileformat2.html, section 1.3). */
enum {
    HEADER_SIZE = 100,
    AT_PAGE_SIZE = 16, /* two bytes; 1 stands for 65536 */
    AT_WRITE_VERSION = 18,
    AT_READ_VERSION = 19,
    AT_N_PAGES = 28,
    AT_ENCODING = 56,
    AT_USER_VERSION = 60,
    AT_APPLICATION_ID = 68,
    ROLLBACK_MODE = 1,
    UTF_8 = 1
};

static const char magic[16] = "SQLite format 3";

static uint32_t big_endian(const unsigned char *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static opsig_status foreign(const char *why, opsig_error *err)
{
    return ops_error_set(err, OPSIG_FORMAT, "not-a-database", -1, "not a signature database: %s",
                         why);
}

/** Is the file as long as its header says? SQLite takes what is missing for zeros, which an empty
 *  table may be. */
static bool is_whole(const unsigned char *bytes, size_t size)
{
    const size_t given = (size_t)bytes[AT_PAGE_SIZE] << 8 | bytes[AT_PAGE_SIZE + 1];
    const size_t page_size = given == 1 ? 65536 : given;
    return page_size > 0 && size % page_size == 0 &&
           size / page_size == big_endian(bytes + AT_N_PAGES);
}

static opsig_status check_header(const unsigned char *bytes, size_t size, opsig_error *err)
{
    static const char text_head[] = OPS_DB_TEXT_HEAD;
    if (size == 0) {
        return foreign("the file is empty", err);
    }
    if (size >= strlen(text_head) && memcmp(bytes, text_head, strlen(text_head)) == 0) {
        return foreign("this is the text form, which must be imported first", err);
    }
    if (size < HEADER_SIZE || memcmp(bytes, magic, sizeof magic) != 0) {
        return foreign("not an SQLite file", err);
    }
    const uint32_t id = big_endian(bytes + AT_APPLICATION_ID);
    if (id != OPS_DB_APPLICATION_ID) {
        return ops_error_set(err, OPSIG_FORMAT, "not-a-database", -1,
                             "not a signature database: written by another program (application "
                             "id 0x%08x)",
                             id);
    }
    if (big_endian(bytes + AT_ENCODING) != UTF_8) {
        return foreign("its text is not UTF-8", err);
    }
    if (bytes[AT_WRITE_VERSION] != ROLLBACK_MODE || bytes[AT_READ_VERSION] != ROLLBACK_MODE) {
        return foreign("in write-ahead mode", err);
    }
    if (!is_whole(bytes, size)) {
        return ops_error_set(err, OPSIG_FORMAT, "damaged", -1,
                             "damaged: not as long as its header says");
    }
    return OPSIG_OK;
}

/** Gives SQLite a copy of the bytes, in memory of its own, to change in memory as it likes. */
static opsig_status hand_over(struct ops_sql *sql, const void *bytes, size_t size, opsig_error *err)
{
    const sqlite3_int64 n = (sqlite3_int64)size;
    unsigned char *const copy = sqlite3_malloc64(size);
    if (copy == NULL) {
        return ops_error_nomem(err);
    }
    memcpy(copy, bytes, size);
    const unsigned flags = SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE;
    return ops_sql_error(sql, sqlite3_deserialize(sql->db, "main", copy, n, n, flags), err);
}

/** SQLite's check of pages, cells, types and constraints. */
static opsig_status check_pages(struct ops_sql *sql, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    sqlite3_stmt *check = NULL;
    const char *verdict;
    bool row;
    TRY(ops_sql_prepare(sql, &check, "PRAGMA quick_check(1)", err));
    TRY(ops_sql_step(sql, check, &row, err));
    TRY(ops_sql_text(sql, check, 0, "quick_check", &verdict, err));
    if (strcmp(verdict, "ok") != 0) {
        status = ops_error_set(err, OPSIG_FORMAT, "damaged", -1, "damaged: %s", verdict);
    }
done:
    (void)sqlite3_finalize(check);
    return status;
}

opsig_status ops_db_open_bytes(struct ops_sql *out, const void *bytes, size_t size,
                               opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    uint32_t n_versions;
    const struct ops_db_version *const versions = ops_db_versions(&n_versions);
    *out = (struct ops_sql){0};
    TRY(check_header(bytes, size, err));
    TRY(ops_sql_open(out, OPSIG_FORMAT, err));
    TRY(hand_over(out, bytes, size, err));
    out->steps_left = 10000 + size / 8; /* thousands: 10^7 steps, and 125 for each byte */
    const uint32_t version = big_endian((const unsigned char *)bytes + AT_USER_VERSION);
    TRY(ops_db_version_check(out, versions, n_versions, version, err));
    TRY(check_pages(out, err)); /* evaluates the schema's constraints, which are known by now */
    TRY(ops_db_migrate(out, versions, n_versions, version, err));
done:
    if (status != OPSIG_OK) {
        ops_sql_close(out);
    }
    return status;
}

opsig_status ops_db_read_file(char **out, size_t *out_size, const char *path, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_reader *reader = NULL;
    char *bytes = NULL;
    *out = NULL;
    status = ops_reader_open(&reader, path, OPS_DB_MAX_FILE, err);
    if (status == OPSIG_LIMIT) {
        return foreign("larger than 1 GiB", err);
    }
    if (status != OPSIG_OK) {
        return status;
    }
    const size_t size = (size_t)ops_reader_size(reader);
    bytes = ops_mem_alloc(size + 1);
    if (bytes == NULL) {
        status = ops_error_nomem(err);
        goto done;
    }
    TRY(ops_reader_read(reader, bytes, size, err));
    bytes[size] = '\0';
    *out = bytes;
    *out_size = size;
    bytes = NULL;
done:
    ops_mem_free(bytes);
    ops_reader_free(reader);
    return status;
}

opsig_status ops_db_open(struct ops_sql *out, const char *path, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    char *bytes = NULL;
    size_t size = 0;
    *out = (struct ops_sql){0};
    TRY(ops_db_no_journal(path, err));
    TRY(ops_db_read_file(&bytes, &size, path, err));
    TRY(ops_db_open_bytes(out, bytes, size, err));
done:
    ops_mem_free(bytes);
    return status;
}

opsig_status ops_db_no_journal(const char *path, opsig_error *err)
{
    static const char *const suffixes[] = {"-journal", "-wal"};
    opsig_status status = OPSIG_OK;
    struct ops_buffer name;
    ops_buffer_init(&name, SIZE_MAX);
    char *const real = realpath(path, NULL); /* SQLite puts them beside what a link leads to */
    for (size_t i = 0; status == OPSIG_OK && i < 2; i++) {
        struct stat info;
        ops_buffer_clear(&name);
        ops_buffer_puts(&name, real != NULL ? real : path);
        ops_buffer_puts(&name, suffixes[i]);
        status = ops_buffer_status(&name, err);
        if (status == OPSIG_OK && lstat(ops_buffer_text(&name), &info) == 0 && info.st_size > 0) {
            status = ops_error_set(err, OPSIG_IO, "journal", -1,
                                   "locked by another process, or left unfinished by one: there "
                                   "is a file %s beside it",
                                   suffixes[i]);
        }
    }
    free(real);
    ops_buffer_dispose(&name);
    return status;
}
