// Speed of reading a JSON document into values and of writing it again, in bytes of JSON a second.
// Takes the document as its first argument; the rest are options of Google Benchmark.
#include "branchline/Format/InputBuffer.h"
#include "branchline/Format/JsonReader.h"
#include "branchline/Format/JsonWriter.h"

#include <benchmark/benchmark.h>
#include <cstdio>
#include <string>
#include <string_view>

namespace {

using namespace branchline;

void readDocument(benchmark::State &state, std::string_view text) {
  runtime::Heap heap;
  format::JsonReader reader(heap);
  for (auto _ : state) {
    {
      auto value = reader.read(text);
      if (!value) {
        state.SkipWithError(value.error().message.c_str());
        return;
      }
      // The run ends by dropping everything at once.
      benchmark::DoNotOptimize(*value);
      new runtime::Value(std::move(*value));
    }
    heap.reset();
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * text.size()));
}

void writeDocument(benchmark::State &state, std::string_view text, format::JsonFormat format) {
  runtime::Heap heap;
  auto value = format::readJson(heap, text);
  if (!value) {
    state.SkipWithError(value.error().message.c_str());
    return;
  }
  format::JsonWriteOptions options;
  options.format = format;
  format::JsonWriter writer(options);
  std::string out;
  size_t bytes = 0;
  for (auto _ : state) {
    out.clear();
    if (!writer.write(out, *value)) {
      state.SkipWithError("not written");
      return;
    }
    bytes += out.size();
  }
  state.SetBytesProcessed(static_cast<int64_t>(bytes));
}

} // namespace

int main(int argc, char **argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: %s document.json [benchmark options]\n", argv[0]);
    return 64;
  }
  auto buffer = format::InputBuffer::fromFile(argv[1]);
  if (!buffer) {
    std::fprintf(stderr, "%s\n", buffer.error().message.c_str());
    return 74;
  }
  const std::string_view text = buffer->text();
  benchmark::RegisterBenchmark("read", readDocument, text);
  benchmark::RegisterBenchmark("write/compact", writeDocument, text, format::JsonFormat::Compact);
  benchmark::RegisterBenchmark("write/pretty", writeDocument, text, format::JsonFormat::Pretty);
  benchmark::RegisterBenchmark("write/canonical", writeDocument, text,
                               format::JsonFormat::Canonical);
  --argc;
  ++argv;
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
