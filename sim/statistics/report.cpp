// Collects named values. A name that is used twice is a bug of the model that reports it, so it is checked here and not
// left to whoever reads the result.

#include "sim/statistics/report.h"

#include "sim/error/error.h"

#include <algorithm>
#include <utility>

namespace myriad {

namespace {

bool is_name(std::string_view name) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '[' || c == ']';
    };
    return !name.empty() && std::all_of(name.begin(), name.end(), allowed);
}

}  // namespace

void StatisticReport::put(std::string name, StatisticRow row) {
    MYRIAD_CHECK(is_name(name), "statistic name '" + name + "' is not made of a-z 0-9 _ . [ ]");
    const bool is_new = rows_.find(name) == rows_.end();
    MYRIAD_CHECK(is_new, "statistic '" + name + "' reported twice");
    rows_.emplace(std::move(name), std::move(row));
}

void StatisticReport::add(std::string name, Picoseconds value, std::string meaning) {
    put(std::move(name), {std::int64_t{value.count()}, "ps", std::move(meaning)});
}

void StatisticReport::add(std::string name, Bytes value, std::string meaning) {
    put(std::move(name), {value.count(), "byte", std::move(meaning)});
}

void StatisticReport::add(std::string name, BytesPerSecond value, std::string meaning) {
    put(std::move(name), {value.count(), "byte/s", std::move(meaning)});
}

void StatisticReport::add(std::string name, Flop value, std::string meaning) {
    put(std::move(name), {value.count(), "flop", std::move(meaning)});
}

void StatisticReport::add(std::string name, FlopPerSecond value, std::string meaning) {
    put(std::move(name), {value.count(), "flop/s", std::move(meaning)});
}

void StatisticReport::add_count(std::string name, std::int64_t value, std::string meaning) {
    put(std::move(name), {value, "count", std::move(meaning)});
}

void StatisticReport::add_ratio(std::string name, double value, std::string meaning) {
    put(std::move(name), {value, "ratio", std::move(meaning)});
}

void StatisticReport::add(const std::string& name, const Summary& summary, std::string_view unit,
                          const std::string& meaning) {
    put(name + ".count", {summary.count(), "count", meaning + ", samples"});
    put(name + ".mean", {summary.mean(), unit, meaning + ", mean"});
    put(name + ".min", {summary.min(), unit, meaning + ", smallest"});
    put(name + ".max", {summary.max(), unit, meaning + ", largest"});
}

void StatisticReport::add(const std::string& name, const Histogram& histogram, std::string_view unit,
                          const std::string& meaning) {
    add(name, histogram.summary(), unit, meaning);
    struct Percentile {
        const char* name;
        double percent;
    };
    for (const Percentile& p : {Percentile{"50", 50.0}, {"90", 90.0}, {"99", 99.0}, {"999", 99.9}}) {
        put(name + ".p" + p.name, {histogram.percentile(p.percent), unit, meaning + ", percentile (within 1.6 %)"});
    }
}

}  // namespace myriad
