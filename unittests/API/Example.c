/* The example of docs/AOT.md: linked with the library made of sample.bl. Each line of standard input
 * is a document. */
#include "branchline-c/program.h"

#include <stdio.h>
#include <string.h>

int main(void) {
  static char line[65536];
  bl_session *session = NULL;
  bl_error *error = NULL;
  if (bl_session_open(NULL, &session, &error) != BL_OK) {
    fprintf(stderr, "%s\n", bl_error_message(error));
    return 1;
  }
  while (fgets(line, sizeof line, stdin)) {
    char *text = NULL;
    size_t length = 0;
    if (bl_session_run(session, "Share", line, strlen(line), &text, &length, &error) == BL_OK)
      printf("%s\n", text);
    else
      printf("%s at %u:%u: %s\n", bl_error_code(error), (unsigned)bl_error_line(error),
             (unsigned)bl_error_column(error), bl_error_message(error));
    bl_text_free(text);
    bl_error_free(error);
  }
  bl_session_close(session);
  return 0;
}
