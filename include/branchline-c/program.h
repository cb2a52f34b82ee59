/* The functions of a shared library made by `blc compile --emit=shared`: one compiled program, JSON
 * in, JSON out. C99 and C++. docs/AOT.md has an example.
 *
 * Threads: functions may be called from any number of threads at once, but a session belongs to one
 * call at a time; only bl_session_cancel may be called while another call uses the session.
 * Ownership: what comes back through a `**` parameter belongs to the caller and goes back to the
 * function named with it. Pointers that are returned belong to the argument they came from.
 * Stability: functions and fields are only added; bl_abi_version tells which are there.
 * Every pointer may be NULL unless it says otherwise; a missing one is an error, not a crash. */
#ifndef BRANCHLINE_C_PROGRAM_H
#define BRANCHLINE_C_PROGRAM_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version this header describes. */
#define BL_ABI_VERSION 1u

/* How a call ended; the values are the exit statuses of blc. */
typedef enum bl_status {
  BL_OK = 0,
  BL_USAGE = 64,       /* an argument is wrong */
  BL_DATA = 65,        /* the document is malformed, or beyond a limit */
  BL_RUNTIME = 70,     /* the program failed, or a limit ended it */
  BL_INTERRUPTED = 130 /* bl_session_cancel ended it */
} bl_status;

typedef enum bl_layout { BL_COMPACT = 0, BL_PRETTY = 1, BL_CANONICAL = 2 } bl_layout;

/* Numbers beyond the safe range of JSON: exact and written as strings, errors, or exact numbers. */
typedef enum bl_numbers {
  BL_NUMBERS_SAFE = 0,
  BL_NUMBERS_STRICT = 1,
  BL_NUMBERS_EXTENDED = 2
} bl_numbers;

/* No limit, for the fields of bl_options that have one by default. */
#define BL_NO_LIMIT UINT64_MAX

/* What PRINT writes, one or more whole lines; borrowed for the call. */
typedef void (*bl_print)(void *context, const char *text, size_t length);

/* Zero is the default of every field but the first. */
typedef struct bl_options {
  size_t struct_size; /* sizeof(bl_options) */
  bl_layout layout;
  bl_numbers numbers;
  int numeric_keys;          /* nested keys that look like integers become integers */
  int trust_input;           /* parts that the program does not need are not checked in full */
  uint32_t max_call_depth;   /* nested calls, at most 100000; 0: 10000 */
  uint32_t max_input_depth;  /* nesting of a document, at most 10000; 0: 10000 */
  uint64_t max_input_bytes;  /* 0: what the reader can take, 4 GiB */
  uint64_t max_instructions; /* 0: any number */
  uint64_t max_memory;       /* bytes a run may hold; 0: 8 GiB */
  uint64_t max_output;       /* bytes of a result; 0: any number */
  uint64_t deadline_ms;      /* 0: any time */
  bl_print print;            /* NULL: PRINT is silent */
  void *print_context;
} bl_options;

typedef struct bl_session bl_session; /* memory and caches of runs */
typedef struct bl_error bl_error;     /* why a call failed */

/* The version of the library. */
uint32_t bl_abi_version(void);
/* The version of Branchline, such as "v0.1.0". */
const char *bl_version(void);

/* The transforms of the program, in the order of the source. The name of an anonymous one is "";
 * NULL: there is no such transform. */
size_t bl_transform_count(void);
const char *bl_transform_name(size_t index);

/* Makes a session. options may be NULL, session may not. *error is for bl_error_free. */
bl_status bl_session_open(const bl_options *options, bl_session **session, bl_error **error);
void bl_session_close(bl_session *session);

/* Runs a transform on a document. Nothing stays from one run to the next.
 *   transform  a name; NULL: the first one
 *   json       UTF-8, borrowed for the call; blank text is the empty object
 *   result     gets the text, with a zero byte behind it, for bl_text_free; NULL after a failure
 *   length     gets the bytes of the text
 * A session can be used again after any failure. */
bl_status bl_session_run(bl_session *session, const char *transform, const char *json,
                         size_t json_length, char **result, size_t *length, bl_error **error);
/* Ends the run under way at its next safe point, or else the next run. From any thread. */
void bl_session_cancel(bl_session *session);
void bl_text_free(char *text);

/* What there is to know about a failure. Texts end with a zero byte and may be empty. */
bl_status bl_error_status(const bl_error *error);
const char *bl_error_code(const bl_error *error); /* such as "BL3009" */
const char *bl_error_message(const bl_error *error);
const char *bl_error_hint(const bl_error *error);
const char *bl_error_type(const bl_error *error); /* what CATCH sees; "" but for run-time errors */
const char *bl_error_file(const bl_error *error); /* the program; "" for the document */
/* Both from 1, columns in UTF-16 units; 0: no place. */
uint32_t bl_error_line(const bl_error *error);
uint32_t bl_error_column(const bl_error *error);
/* The call stack of a run-time error, innermost first. */
size_t bl_error_frame_count(const bl_error *error);
const char *bl_error_frame_function(const bl_error *error, size_t index);
uint32_t bl_error_frame_line(const bl_error *error, size_t index);
uint32_t bl_error_frame_column(const bl_error *error, size_t index);
void bl_error_free(bl_error *error);

#ifdef __cplusplus
}
#endif

#endif
