/* The functions of branchline-c/program.h as a C program sees them: opens the library made of
 * sample.bl and says what does not hold. */
#include "branchline-c/program.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

static int failures = 0;

#define CHECK(condition)                                                                           \
  do {                                                                                             \
    if (!(condition)) {                                                                            \
      printf("%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                               \
      ++failures;                                                                                  \
    }                                                                                              \
  } while (0)

/* Every function of the header, by the type it is declared with. */
#define FUNCTIONS(F)                                                                               \
  F(bl_abi_version)                                                                                \
  F(bl_version)                                                                                    \
  F(bl_transform_count)                                                                            \
  F(bl_transform_name)                                                                             \
  F(bl_session_open)                                                                               \
  F(bl_session_close)                                                                              \
  F(bl_session_run)                                                                                \
  F(bl_session_cancel)                                                                             \
  F(bl_text_free)                                                                                  \
  F(bl_error_status)                                                                               \
  F(bl_error_code)                                                                                 \
  F(bl_error_message)                                                                              \
  F(bl_error_hint)                                                                                 \
  F(bl_error_type)                                                                                 \
  F(bl_error_file)                                                                                 \
  F(bl_error_line)                                                                                 \
  F(bl_error_column)                                                                               \
  F(bl_error_frame_count)                                                                          \
  F(bl_error_frame_function)                                                                       \
  F(bl_error_frame_line)                                                                           \
  F(bl_error_frame_column)                                                                         \
  F(bl_error_free)

#define DECLARE(name) static __typeof__(&name) lib_##name;
FUNCTIONS(DECLARE)

static int load(const char *path) {
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    printf("%s\n", dlerror());
    return 0;
  }
#define LOAD(name)                                                                                 \
  *(void **)&lib_##name = dlsym(library, #name);                                                   \
  if (!lib_##name) {                                                                               \
    printf("no function %s\n", #name);                                                             \
    return 0;                                                                                      \
  }
  FUNCTIONS(LOAD)
  return 1;
}

static bl_session *openWith(const bl_options *options) {
  bl_session *session = NULL;
  bl_error *error = NULL;
  CHECK(lib_bl_session_open(options, &session, &error) == BL_OK);
  CHECK(session && !error);
  return session;
}

/* Runs a transform and compares the text. */
static void expectText(bl_session *session, const char *transform, const char *json,
                       const char *wanted) {
  char *text = NULL;
  size_t length = 0;
  bl_error *error = NULL;
  CHECK(lib_bl_session_run(session, transform, json, strlen(json), &text, &length, &error) ==
        BL_OK);
  CHECK(!error && text && length == strlen(wanted) && strcmp(text, wanted) == 0);
  lib_bl_text_free(text);
  lib_bl_error_free(error);
}

/* Runs a transform that fails. The error is the caller's. */
static bl_error *expectError(bl_session *session, const char *transform, const char *json,
                             bl_status status, const char *code) {
  char *text = (char *)"before";
  size_t length = 1;
  bl_error *error = NULL;
  CHECK(lib_bl_session_run(session, transform, json, json ? strlen(json) : 1, &text, &length,
                           &error) == status);
  CHECK(!text && length == 0 && error);
  CHECK(lib_bl_error_status(error) == status);
  if (strcmp(lib_bl_error_code(error), code) != 0) {
    printf("found %s %s, expected %s\n", lib_bl_error_code(error), lib_bl_error_message(error),
           code);
    ++failures;
  }
  return error;
}

static void testLibrary(void) {
  CHECK(lib_bl_abi_version() == BL_ABI_VERSION);
  CHECK(lib_bl_version()[0] == 'v');
  CHECK(lib_bl_transform_count() == 4);
  CHECK(strcmp(lib_bl_transform_name(1), "Deep") == 0);
  CHECK(lib_bl_transform_name(4) == NULL);
}

static void testRuns(void) {
  bl_session *session = openWith(NULL);
  int i;
  for (i = 0; i < 3; ++i)
    expectText(session, NULL, "{\"id\":7,\"items\":4,\"more\":[]}", "{\"id\":7,\"share\":25.0}");
  expectText(session, "Say", "[1,\"\\u00e4\"]", "[1,\"\xc3\xa4\"]");
  expectText(session, "Deep", "{\"n\":9000}", "9000"); /* far more than the stack of a thread */
  lib_bl_session_close(session);
}

static void testErrors(void) {
  bl_session *session = openWith(NULL);
  bl_error *error = expectError(session, NULL, "{\"items\":0}", BL_RUNTIME, "BL3009");
  CHECK(strcmp(lib_bl_error_message(error), "Division by zero") == 0);
  CHECK(strcmp(lib_bl_error_type(error), "IllegalArgumentException") == 0);
  CHECK(strstr(lib_bl_error_file(error), "sample.bl") != NULL);
  CHECK(lib_bl_error_line(error) == 3 && lib_bl_error_column(error) == 23);
  CHECK(lib_bl_error_frame_count(error) == 2);
  CHECK(strcmp(lib_bl_error_frame_function(error, 0), "divide") == 0);
  CHECK(strcmp(lib_bl_error_frame_function(error, 1), "TRANSFORM Share") == 0);
  CHECK(lib_bl_error_frame_line(error, 1) == 6 && lib_bl_error_frame_column(error, 1) == 39);
  CHECK(strcmp(lib_bl_error_frame_function(error, 2), "") == 0);
  lib_bl_error_free(error);
  error = expectError(session, NULL, "{\"items\":", BL_DATA, "BL4100");
  CHECK(lib_bl_error_line(error) == 1 && lib_bl_error_column(error) == 10);
  lib_bl_error_free(error);
  lib_bl_error_free(expectError(session, "None", "{}", BL_DATA, "BL4150"));
  expectText(session, NULL, "{\"id\":1,\"items\":1}", "{\"id\":1,\"share\":100.0}");
  lib_bl_session_close(session);
}

static void testMisuse(void) {
  bl_session *session = openWith(NULL);
  bl_options options;
  bl_error *error = NULL;
  char *text = NULL;
  lib_bl_error_free(expectError(session, NULL, NULL, BL_USAGE, "BL4340"));
  lib_bl_error_free(expectError(NULL, NULL, "{}", BL_USAGE, "BL4340"));
  CHECK(lib_bl_session_run(session, NULL, "{}", 2, NULL, NULL, NULL) == BL_USAGE);
  /* No bytes at all are a blank text, which is the empty object. */
  CHECK(lib_bl_session_run(session, "Say", NULL, 0, &text, NULL, NULL) == BL_OK);
  CHECK(text && strcmp(text, "{}") == 0);
  lib_bl_text_free(text);
  CHECK(lib_bl_session_open(NULL, NULL, &error) == BL_USAGE);
  CHECK(strcmp(lib_bl_error_message(error), "session is NULL") == 0);
  lib_bl_error_free(error);
  memset(&options, 0, sizeof options);
  lib_bl_session_close(session);
  CHECK(lib_bl_session_open(&options, &session, &error) == BL_USAGE);
  CHECK(session == NULL && strcmp(lib_bl_error_code(error), "BL4341") == 0);
  lib_bl_error_free(error);
  lib_bl_session_close(NULL);
  lib_bl_session_cancel(NULL);
  lib_bl_text_free(NULL);
  lib_bl_error_free(NULL);
  CHECK(strcmp(lib_bl_error_message(NULL), "") == 0);
}

/* Options of a later version are taken as long as their fields are zero. */
static void testLaterOptions(void) {
  struct {
    bl_options known;
    size_t later;
  } options;
  bl_session *session = NULL;
  memset(&options, 0, sizeof options);
  options.known.struct_size = sizeof options;
  options.known.layout = BL_PRETTY;
  session = openWith(&options.known);
  expectText(session, "Say", "{\"a\":1}", "{\n    \"a\": 1\n}");
  lib_bl_session_close(session);
  options.later = 1;
  CHECK(lib_bl_session_open(&options.known, &session, NULL) == BL_USAGE);
}

static void takePrint(void *context, const char *text, size_t length) {
  char *printed = context;
  strncat(printed, text, length);
}

static void testOptions(void) {
  char printed[64] = "";
  bl_options options;
  bl_session *session;
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  options.print = takePrint;
  options.print_context = printed;
  options.max_instructions = 100000;
  options.max_input_bytes = 1000;
  options.max_call_depth = 100;
  options.max_output = 10;
  session = openWith(&options);
  expectText(session, "Say", "{}", "{}");
  CHECK(strcmp(printed, "hello\n") == 0);
  lib_bl_error_free(expectError(session, "Loop", "{}", BL_RUNTIME, "BL6010"));
  lib_bl_error_free(expectError(session, "Deep", "{\"n\":100}", BL_RUNTIME, "BL6002"));
  lib_bl_error_free(expectError(session, "Say", "[1,2,3,4,5,6]", BL_RUNTIME, "BL6012"));
  {
    static char large[1002];
    memset(large, ' ', sizeof large - 1);
    lib_bl_error_free(expectError(session, "Say", large, BL_DATA, "BL4141"));
  }
  lib_bl_session_close(session);
}

static void *cancel(void *session) {
  lib_bl_session_cancel(session);
  return NULL;
}

static void testCancel(void) {
  bl_session *session = openWith(NULL);
  pthread_t other;
  CHECK(pthread_create(&other, NULL, cancel, session) == 0);
  lib_bl_error_free(expectError(session, "Loop", "{}", BL_INTERRUPTED, "BL6014"));
  pthread_join(other, NULL);
  expectText(session, "Say", "{}", "{}");
  /* A call that runs nothing leaves it to the next one. */
  lib_bl_session_cancel(session);
  lib_bl_error_free(expectError(session, "Say", "{\"items\":", BL_DATA, "BL4100"));
  lib_bl_error_free(expectError(session, "Say", "{}", BL_INTERRUPTED, "BL6014"));
  expectText(session, "Say", "{}", "{}");
  lib_bl_session_close(session);
}

static void *runMany(void *unused) {
  bl_session *session = openWith(NULL);
  int i;
  (void)unused;
  for (i = 0; i < 200; ++i)
    expectText(session, NULL, "{\"id\":1,\"items\":4}", "{\"id\":1,\"share\":25.0}");
  lib_bl_session_close(session);
  return NULL;
}

static void testThreads(void) {
  pthread_t threads[4];
  int i;
  for (i = 0; i < 4; ++i)
    CHECK(pthread_create(&threads[i], NULL, runMany, NULL) == 0);
  for (i = 0; i < 4; ++i)
    pthread_join(threads[i], NULL);
}

int main(int argc, char **argv) {
  if (argc != 2 || !load(argv[1]))
    return 2;
  testLibrary();
  testRuns();
  testErrors();
  testMisuse();
  testLaterOptions();
  testOptions();
  testCancel();
  testThreads();
  return failures == 0 ? 0 : 1;
}
