// Rows travel from child to parent as text, one a line, so that the parent never holds a platform.

#include "app/compare/collective_comparison.h"

#include "sim/error/error.h"
#include "sim/progress/progress_line.h"

#include <fmt/format.h>

#include <optional>
#include <sstream>
#include <string_view>

namespace myriad {
namespace {

constexpr const char* kNoProtocol = "-";

std::string encode(const std::vector<CollectiveRow>& rows) {
    std::string text;
    for (const CollectiveRow& row : rows) {
        text += fmt::format("{} {} {} {} {} {} {}\n", static_cast<int>(row.op), row.size.count(), row.ranks,
                            row.time.count(), row.lower_bound.count(), static_cast<int>(row.algorithm),
                            row.protocol.empty() ? kNoProtocol : row.protocol);
    }
    return text;
}

std::vector<CollectiveRow> decode(const std::string& text) {
    std::vector<CollectiveRow> rows;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        int op = 0;
        int algorithm = 0;
        std::int64_t size = 0;
        std::int64_t time = 0;
        std::int64_t bound = 0;
        CollectiveRow row;
        words >> op >> size >> row.ranks >> time >> bound >> algorithm >> std::ws;
        std::getline(words, row.protocol);  // a name may have blanks
        MYRIAD_CHECK(!words.bad() && !row.protocol.empty(), "a row of a child has seven parts: " + line);
        row.op = static_cast<CollectiveOp>(op);
        row.size = Bytes{size};
        row.time = Picoseconds{time};
        row.lower_bound = Picoseconds{bound};
        row.algorithm = static_cast<CollectiveAlgorithm>(algorithm);
        row.protocol = row.protocol == kNoProtocol ? "" : row.protocol;
        if (time > 0) {
            row.algbw = static_cast<double>(size) / seconds(row.time);
            row.busbw = row.algbw * bus_bandwidth_factor(row.op, static_cast<int>(row.ranks));
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

// "--ranks 12: error: too many\nerror: none left" -> "too many; none left": what stands before is told by the table.
std::string without_places(const std::string& reason) {
    constexpr std::string_view kError = "error: ";
    std::string text;
    std::istringstream lines(reason);
    for (std::string line; std::getline(lines, line);) {
        const auto at = line.find(kError);
        text += (text.empty() ? "" : "; ") + (at == std::string::npos ? line : line.substr(at + kError.size()));
    }
    return text;
}

}  // namespace

void run_series(std::vector<CollectiveSeries>& series,
                const std::function<std::vector<CollectiveRow>(std::size_t)>& rows_of, int jobs, bool progress) {
    ChildOptions children{.parallel_max = jobs, .timeout = {}, .on_done = {}};
    std::optional<ProgressLine> line;
    if (progress) {
        line.emplace("collectives", static_cast<std::int64_t>(series.size()));
        children.on_done = [&](const ChildResult&, std::size_t done) { line->update(static_cast<std::int64_t>(done)); };
    }
    const std::vector<ChildResult> results = run_children(
        series.size(), [&](std::size_t index) { return encode(rows_of(index)); }, children);
    for (std::size_t i = 0; i < series.size(); ++i) {
        series[i].outcome = results[i].outcome;
        series[i].reason = without_places(results[i].reason);
        if (series[i].ran()) {
            series[i].rows = decode(results[i].payload);
        }
    }
}

std::string series_name(const CollectiveComparison& comparison, const CollectiveSeries& series) {
    const CollectiveSeries& first = comparison.series.front();
    bool clusters = false;
    bool algorithms = false;
    for (const CollectiveSeries& other : comparison.series) {
        clusters = clusters || other.cluster != first.cluster;
        algorithms = algorithms || other.wanted != first.wanted;
    }
    if (clusters && algorithms) {
        return series.cluster + ", " + series.wanted;
    }
    return algorithms ? series.wanted : series.cluster;
}

}  // namespace myriad
