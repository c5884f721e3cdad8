// Failures and their texts. did_you_mean uses the optimal-string-alignment distance (insert, delete, replace, swap
// of neighbours all cost one), the distance at which typing errors happen.

#include "sim/error/error.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace myriad {

namespace {

std::string joined(const std::vector<Diagnostic>& diagnostics) {
    std::string text;
    for (const Diagnostic& diagnostic : diagnostics) {
        if (!text.empty()) {
            text += '\n';
        }
        text += diagnostic.text();
    }
    return text;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i) {
        d[i][0] = i;
    }
    for (std::size_t j = 0; j <= b.size(); ++j) {
        d[0][j] = j;
    }
    for (std::size_t i = 1; i <= a.size(); ++i) {
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replace = d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, replace});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
            }
        }
    }
    return d[a.size()][b.size()];
}

}  // namespace

std::string Diagnostic::text() const {
    std::string place = mark.file;
    if (mark.line > 0) {
        place += ':' + std::to_string(mark.line) + ':' + std::to_string(mark.column);
    }
    return place.empty() ? "error: " + message : place + ": error: " + message;
}

UserError::UserError(std::vector<Diagnostic> diagnostics)
    : std::runtime_error(joined(diagnostics)), diagnostics_(std::move(diagnostics)) {}

UserError::UserError(SourceMark mark, std::string message)
    : UserError(std::vector<Diagnostic>{Diagnostic{std::move(mark), std::move(message)}}) {}

UserError::UserError(std::string message) : UserError(SourceMark{}, std::move(message)) {}

LawError::LawError(std::string_view law, std::string_view object, std::string_view detail)
    : std::runtime_error("law broken: " + std::string(law) + ": " + std::string(object) + ": " + std::string(detail)) {}

void check_failed(const char* expression, const char* file, int line, const std::string& detail) {
    std::fprintf(stderr, "%s:%d: internal error: %s does not hold: %s\n", file, line, expression, detail.c_str());
    std::abort();
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
    constexpr std::size_t kLongestWord = 100;  // a megabyte of text is no typing error, and the distance is quadratic
    if (word.size() > kLongestWord) {
        return "";
    }
    const std::size_t tolerance = std::max<std::size_t>(1, word.size() / 3);
    std::size_t best = tolerance + 1;
    const std::string* nearest = nullptr;
    for (const std::string& candidate : candidates) {
        const std::size_t distance = edit_distance(word, candidate);
        if (distance < best) {
            best = distance;
            nearest = &candidate;
        }
    }
    return nearest == nullptr ? "" : "; did you mean '" + *nearest + "'?";
}

}  // namespace myriad
