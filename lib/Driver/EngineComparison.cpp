// Compares outcomes from what happens first to what happens last.
#include "EngineComparison.h"

#include <algorithm>
#include <fmt/format.h>

namespace branchline::driver {
namespace {

/// The part of a text around its first difference, on one line.
std::string excerpt(std::string_view text, size_t at) {
  constexpr size_t kBefore = 20, kAfter = 40;
  const size_t begin = std::min(text.size(), at < kBefore ? 0 : at - kBefore);
  std::string out(begin > 0 ? "..." : "");
  for (char c : text.substr(begin, at - begin + kAfter))
    out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  return begin + kBefore + kAfter < text.size() ? out + "..." : out;
}

std::optional<Difference> compareTexts(std::string_view what, std::string_view found,
                                       std::string_view expected) {
  if (found == expected)
    return std::nullopt;
  const auto [end, other] =
      std::mismatch(found.begin(), found.end(), expected.begin(), expected.end());
  (void)other;
  const auto at = static_cast<size_t>(end - found.begin());
  return Difference{fmt::format("{} at byte {}", what, at), excerpt(found, at),
                    excerpt(expected, at)};
}

std::string placeText(LineColumn at) { return fmt::format("{}:{}", at.line, at.column); }

std::string frameText(const runtime::TrapFrame &frame) {
  return fmt::format("{} at {}", frame.function, placeText(frame.at));
}

std::optional<Difference> compareStacks(const std::vector<runtime::TrapFrame> &found,
                                        const std::vector<runtime::TrapFrame> &expected) {
  for (size_t i = 0; i < std::min(found.size(), expected.size()); ++i)
    if (frameText(found[i]) != frameText(expected[i]))
      return Difference{fmt::format("frame {} of the call stack", i), frameText(found[i]),
                        frameText(expected[i])};
  if (found.size() != expected.size())
    return Difference{"the depth of the call stack", std::to_string(found.size()),
                      std::to_string(expected.size())};
  return std::nullopt;
}

std::string summary(const Failure *failure) {
  if (!failure)
    return "success";
  return failure->trap ? failure->trap->info().message : failure->error->message;
}

std::optional<Difference> compareFailures(const Failure &found, const Failure &expected) {
  auto differ = [](std::string what, std::string a, std::string b) {
    return a == b ? std::nullopt
                  : std::optional(Difference{std::move(what), std::move(a), std::move(b)});
  };
  if (!found.trap || !expected.trap) {
    if (found.trap || expected.trap)
      return Difference{"the kind of the failure", summary(&found), summary(&expected)};
    return differ("the error", codeText(found.error->code) + " " + found.error->message,
                  codeText(expected.error->code) + " " + expected.error->message);
  }
  const runtime::TrapInfo &a = found.trap->info(), &b = expected.trap->info();
  if (auto d = differ("the message of the error", a.message, b.message))
    return d;
  if (auto d =
          differ("the code of the error", codeText(info(a.id).code), codeText(info(b.id).code)))
    return d;
  if (auto d = differ("the type of the error", a.type, b.type))
    return d;
  if (auto d = differ("the place of the error", placeText(a.at), placeText(b.at)))
    return d;
  return compareStacks(a.stack, b.stack);
}

} // namespace

std::optional<Difference> compareOutcomes(const Outcome &found, const Outcome &expected) {
  if (auto difference = compareTexts("the text of PRINT", found.printed, expected.printed))
    return difference;
  if ((found.failure == nullptr) != (expected.failure == nullptr))
    return Difference{"whether the run fails", summary(found.failure), summary(expected.failure)};
  if (found.failure)
    return compareFailures(*found.failure, *expected.failure);
  return compareTexts("the output", found.text, expected.text);
}

} // namespace branchline::driver
