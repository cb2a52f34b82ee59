// Sessions of a shared library with one compiled program.
#include "ProgramErrors.h"

#include "branchline/Format/JsonReader.h"
#include "branchline/Format/JsonWriter.h"
#include "branchline/Image/Image.h"
#include "branchline/Lang/Errors.h"
#include "branchline/Runtime/Ops.h"
#include "branchline/Support/OwnStack.h"
#include "branchline/Support/StackThread.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <optional>

using namespace branchline;

extern const runtime::NativeObject kProgram __asm__("branchline.program");

namespace {

/// The program of this library, made ready once and kept.
const Expected<std::unique_ptr<image::Program>, Error> &program() {
  static const auto *const kLoaded = new Expected<std::unique_ptr<image::Program>, Error>(
      image::read({kProgram.image, kProgram.imageBytes}, {kProgram.entries, kProgram.functions}));
  return *kLoaded;
}

Unexpected<Error> missing(std::string_view what) {
  return Unexpected(error::make<error::Id::NullArgument>(what));
}

/// The options of a caller that may know fewer or more fields than we do.
/// \errors NullArgument, OptionsSize
Expected<bl_options, Error> optionsOf(const bl_options *given) {
  bl_options options{};
  if (!given)
    return options;
  const size_t size = given->struct_size;
  const size_t known = std::min(size, sizeof options);
  const char *bytes = reinterpret_cast<const char *>(given);
  // A field we do not know must have its default.
  if (size < sizeof(size_t) || size > 4096 ||
      std::any_of(bytes + known, bytes + std::max(known, size), [](char c) { return c != 0; }))
    return Unexpected(error::make<error::Id::OptionsSize>(size, sizeof options));
  std::memcpy(&options, given, known);
  return options;
}

format::JsonNumbers numbersOf(const bl_options &options) {
  return options.numbers == BL_NUMBERS_STRICT     ? format::JsonNumbers::Strict
         : options.numbers == BL_NUMBERS_EXTENDED ? format::JsonNumbers::Extended
                                                  : format::JsonNumbers::Safe;
}

format::JsonReadOptions readOptionsOf(const bl_options &options) {
  format::JsonReadOptions reading;
  reading.numbers = numbersOf(options);
  reading.keys = options.numeric_keys ? format::JsonKeys::Numeric : format::JsonKeys::String;
  reading.trustInput = options.trust_input != 0;
  if (options.max_input_depth != 0)
    reading.maxDepth = std::min(options.max_input_depth, format::kMaxJsonDepth);
  if (options.max_input_bytes != 0)
    reading.maxBytes = std::min<uint64_t>(options.max_input_bytes, format::kMaxJsonBytes);
  return reading;
}

format::JsonWriteOptions writeOptionsOf(const bl_options &options) {
  format::JsonWriteOptions writing;
  writing.format = options.layout == BL_PRETTY      ? format::JsonFormat::Pretty
                   : options.layout == BL_CANONICAL ? format::JsonFormat::Canonical
                                                    : format::JsonFormat::Compact;
  writing.numbers = numbersOf(options);
  writing.maxBytes = options.max_output;
  return writing;
}

runtime::Limits limitsOf(const bl_options &options) {
  auto limit = [](uint64_t given, uint64_t byDefault) {
    return given == 0 ? byDefault : given == BL_NO_LIMIT ? 0 : given;
  };
  runtime::Limits limits;
  if (options.max_call_depth != 0)
    limits.callDepth = std::min(options.max_call_depth, runtime::kMaxCallDepth);
  limits.instructions = limit(options.max_instructions, limits.instructions);
  limits.memoryBytes = limit(options.max_memory, limits.memoryBytes);
  limits.outputBytes = limit(options.max_output, limits.outputBytes);
  limits.deadlineMs = limit(options.deadline_ms, limits.deadlineMs);
  return limits;
}

} // namespace

/// Values refer to the heap, so members are in the order in which they must be made.
struct bl_session {
  bl_session(const image::Program &of, const bl_options &given)
      : program(of), options(given), machine(of.tables, heap), writer(writeOptionsOf(given)),
        context(heap) {
    context.limits = limitsOf(given);
    heap.setMemoryLimit(context.limits.memoryBytes);
    for (const image::SharedResource &resource : of.shared)
      shared.declare(resource.name,
                     resource.single ? runtime::ResourceKind::Single : runtime::ResourceKind::Many);
    context.shared = &shared;
    if (options.print)
      context.print = [this](std::string_view text) {
        options.print(options.print_context, text.data(), text.size());
      };
  }

  bl_status run(const image::Transform &transform, std::string_view json, std::string &out,
                bl_error **error);
  bl_status produce(std::string &out, bl_error **error);
  void clear();

  const image::Program &program;
  const bl_options options;
  std::unique_ptr<OwnStack> stack; // for runs
  runtime::Heap heap;
  runtime::NativeMachine machine;
  format::JsonWriter writer;
  runtime::SharedStore shared;
  runtime::Context context;
  const image::Transform *readsFor = nullptr; // the transform that `reader` has the plan of
  std::optional<format::JsonReader> reader;
  uint64_t sweepAt = 0; // bytes in use between two runs; 0: the next run sets it
};

bl_status bl_session::run(const image::Transform &transform, std::string_view json,
                          std::string &out, bl_error **error) {
  if (readsFor != &transform) {
    reader.emplace(heap, readOptionsOf(options),
                   options.layout == BL_COMPACT ? &transform.texts : &transform.values);
    readsFor = &transform;
  }
  auto input = reader->read(json);
  if (!input)
    return api::report(input.error(), error);
  context.input = std::move(*input);
  context.instructionsUsed = 0;
  context.started = std::chrono::steady_clock::now();
  const runtime::Result<void> ended = machine.run(transform.function, context);
  if (!ended) {
    if (ended.error().id() == TrapId::Interrupted)
      context.cancelled = false; // it has done what it was for
    return api::report(ended.error(), program.sourceName, error);
  }
  return produce(out, error);
}

/// The text of the result, as `blc run` writes it.
bl_status bl_session::produce(std::string &out, bl_error **error) {
  auto trapped = [&](const runtime::Trap &trap) {
    return api::report(trap, program.sourceName, error);
  };
  const auto result = context.collapse();
  if (!result)
    return trapped(result.error());
  const auto keyed = runtime::stringifyKeys(heap, *result);
  if (!keyed)
    return trapped(keyed.error());
  const auto written = writer.write(out, *keyed);
  if (written)
    return BL_OK;
  if (written.error().code == error::info(error::Id::OutputSize).code)
    return trapped(runtime::makeTrap<TrapId::OutputLimit>(context.limits.outputBytes));
  return api::report(written.error(), error);
}

/// Forgets the run. Closures that hold each other outlive it, so the heap is emptied when they have
/// become many.
void bl_session::clear() {
  constexpr uint64_t kSlack = uint64_t(1) << 20;
  context.outputs.clear();
  context.input = runtime::Value();
  if (!shared.empty())
    shared.clear();
  if (heap.stats().bytesInUse <= sweepAt)
    return;
  if (sweepAt == 0) {
    sweepAt = heap.stats().bytesInUse + kSlack;
    return;
  }
  machine.releaseValues();
  heap.reset();
  sweepAt = 0;
}

uint32_t bl_abi_version(void) { return BL_ABI_VERSION; }

const char *bl_version(void) { return "v" BRANCHLINE_VERSION; }

size_t bl_transform_count(void) { return program() ? (*program())->transforms.size() : 0; }

const char *bl_transform_name(size_t index) {
  return index < bl_transform_count() ? (*program())->transforms[index].name.c_str() : nullptr;
}

bl_status bl_session_open(const bl_options *options, bl_session **session, bl_error **error) {
  if (error)
    *error = nullptr;
  if (!session)
    return api::report(missing("session").error(), error);
  *session = nullptr;
  if (!program())
    return api::report(program().error(), error);
  const auto known = optionsOf(options);
  if (!known)
    return api::report(known.error(), error);
  auto made = std::make_unique<bl_session>(**program(), *known);
  if (const uint32_t least = (*program())->minCallDepth; made->context.limits.callDepth < least)
    return api::report(
        error::make<error::Id::InlinedCallDepth>(least, made->context.limits.callDepth), error);
  made->stack = OwnStack::make(kLargeStack);
  if (!made->stack)
    return api::report(error::make<error::Id::NoLargeStack>(), error);
  *session = made.release();
  return BL_OK;
}

void bl_session_close(bl_session *session) { delete session; }

bl_status bl_session_run(bl_session *session, const char *transform, const char *json,
                         size_t json_length, char **result, size_t *length, bl_error **error) {
  if (error)
    *error = nullptr;
  if (result)
    *result = nullptr;
  if (length)
    *length = 0;
  for (const auto &[given, name] : {std::pair<bool, const char *>{session, "session"},
                                    {result, "result"},
                                    {json || json_length == 0, "json"}})
    if (!given)
      return api::report(missing(name).error(), error);
  const std::vector<image::Transform> &transforms = session->program.transforms;
  const auto chosen = transform ? std::find_if(transforms.begin(), transforms.end(),
                                               [&](const auto &t) { return t.name == transform; })
                                : transforms.begin();
  if (chosen == transforms.end())
    return api::report(error::make<error::Id::TransformNotFound>(transform), error);
  std::string text;
  bl_status status = BL_OK;
  // The stack of the caller is too small for the calls that the limit allows.
  session->stack->run([&] {
    status = session->run(*chosen, {json, json_length}, text, error);
    session->clear();
  });
  if (status != BL_OK)
    return status;
  *result = static_cast<char *>(std::malloc(text.size() + 1));
  if (!*result)
    return api::report(error::make<error::Id::OutputSize>(text.size()), error);
  std::memcpy(*result, text.c_str(), text.size() + 1);
  if (length)
    *length = text.size();
  return BL_OK;
}

void bl_session_cancel(bl_session *session) {
  if (session)
    session->context.cancelled = true;
}

void bl_text_free(char *text) { std::free(text); }
