// Diagnostics sorted by file, line, column and text. The log itself is bounded: a file can hold a hundred thousand
// mistakes, and the first thousand found are as good as all.

#include "sim/config/error_log.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace myriad {

namespace {

constexpr std::size_t kMostKept = 1'000;
constexpr std::size_t kMostShown = 20;

auto place(const Diagnostic& d) { return std::tie(d.mark.file, d.mark.line, d.mark.column, d.message); }

}  // namespace

void ErrorLog::add(SourceMark mark, std::string message) {
    if (diagnostics_.size() < kMostKept) {
        diagnostics_.push_back(Diagnostic{std::move(mark), std::move(message)});
    }
}

void ErrorLog::throw_if_any() const {
    if (diagnostics_.empty()) {
        return;
    }
    std::vector<Diagnostic> sorted = diagnostics_;
    std::sort(sorted.begin(), sorted.end(),
              [](const Diagnostic& a, const Diagnostic& b) { return place(a) < place(b); });
    sorted.erase(std::unique(sorted.begin(), sorted.end(),
                             [](const Diagnostic& a, const Diagnostic& b) { return place(a) == place(b); }),
                 sorted.end());
    if (sorted.size() > kMostShown) {
        const bool all_kept = diagnostics_.size() < kMostKept;
        sorted[kMostShown - 1].message +=
            (all_kept ? "; " : "; at least ") + std::to_string(sorted.size() - kMostShown) + " more errors follow";
        sorted.resize(kMostShown);
    }
    throw UserError(std::move(sorted));
}

}  // namespace myriad
