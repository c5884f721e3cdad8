// Edges of each signal are sorted and counted: it is 1 while more intervals have begun than ended.

#include "sim/trace/value_change_dump.h"

#include "sim/error/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace myriad {
namespace {

// Identifiers are words of printable characters, '!' to '~'.
std::string code_of(std::size_t signal) {
    constexpr std::size_t kCharacters = 94;
    std::string code;
    do {
        code += static_cast<char>('!' + signal % kCharacters);
        signal /= kCharacters;
    } while (signal > 0);
    return code;
}

// Instants at which the signal changes, alternately to 1 and to 0.
std::vector<TimePoint> changes(std::vector<std::pair<TimePoint, int>> edges) {
    std::sort(edges.begin(), edges.end());
    std::vector<TimePoint> result;
    int depth = 0;
    for (std::size_t i = 0; i < edges.size();) {
        const TimePoint at = edges[i].first;
        const bool before = depth > 0;
        for (; i < edges.size() && edges[i].first == at; ++i) {
            depth += edges[i].second;
        }
        if (before != (depth > 0)) {
            result.push_back(at);
        }
    }
    MYRIAD_CHECK(depth == 0, "every interval of a signal ends");
    return result;
}

}  // namespace

std::size_t ValueChangeDump::add_signal(const std::string& scope, const std::string& name) {
    signals_.push_back({scope, name, {}});
    return signals_.size() - 1;
}

void ValueChangeDump::busy(std::size_t signal, TimePoint begin, TimePoint end) {
    MYRIAD_CHECK(signal < signals_.size() && begin <= end, "an interval ends before it begins");
    if (begin < end) {
        signals_[signal].edges.emplace_back(begin, 1);
        signals_[signal].edges.emplace_back(end, -1);
    }
}

std::string ValueChangeDump::finish(const std::string& top, TimePoint end) const {
    std::string file = fmt::format("$timescale 1 ps $end\n$scope module {} $end\n", top);
    for (std::size_t i = 0; i < signals_.size(); ++i) {
        const bool opens = i == 0 || signals_[i - 1].scope != signals_[i].scope;
        const bool closes = i + 1 == signals_.size() || signals_[i + 1].scope != signals_[i].scope;
        file += opens ? fmt::format("$scope module {} $end\n", signals_[i].scope) : "";
        file += fmt::format("$var wire 1 {} {} $end\n", code_of(i), signals_[i].name);
        file += closes ? "$upscope $end\n" : "";
    }
    file += "$upscope $end\n$enddefinitions $end\n";
    std::string initial;
    std::map<TimePoint, std::string> later;
    for (std::size_t i = 0; i < signals_.size(); ++i) {
        initial += fmt::format("0{}\n", code_of(i));
        bool high = false;
        for (const TimePoint at : changes(signals_[i].edges)) {
            high = !high;
            later[at] += fmt::format("{}{}\n", high ? 1 : 0, code_of(i));
        }
    }
    file += "#0\n$dumpvars\n" + initial + "$end\n";
    for (const auto& [at, text] : later) {
        file += at == TimePoint{} ? text : fmt::format("#{}\n{}", at.time_since_epoch().count(), text);
    }
    if (later.empty() || later.rbegin()->first < end) {
        file += fmt::format("#{}\n", end.time_since_epoch().count());
    }
    return file;
}

}  // namespace myriad
