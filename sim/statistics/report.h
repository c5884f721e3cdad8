#pragma once
// The statistics of a run as they go into its result: each value with a name, a unit and one line that says what it
// means. Names are hierarchical and unique ("network.icn.bytes"); rows come out sorted by name.

#include "sim/statistics/statistics.h"
#include "sim/units/units.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>

namespace myriad {

struct StatisticRow {
    std::variant<std::int64_t, double> value;
    std::string_view unit;  // "ps", "byte", "byte/s", "flop", "count", "ratio"
    std::string meaning;
};

class StatisticReport {
public:
    void add(std::string name, Picoseconds value, std::string meaning);
    void add(std::string name, Bytes value, std::string meaning);
    void add(std::string name, BytesPerSecond value, std::string meaning);
    void add(std::string name, Flop value, std::string meaning);
    void add(std::string name, FlopPerSecond value, std::string meaning);
    void add_count(std::string name, std::int64_t value, std::string meaning);
    void add_ratio(std::string name, double value, std::string meaning);

    // Rows name.count, name.mean, name.min, name.max, and for a histogram name.p50, name.p90, name.p99 and name.p999.
    // `unit` is that of the samples and a literal.
    void add(const std::string& name, const Summary& summary, std::string_view unit, const std::string& meaning);
    void add(const std::string& name, const Histogram& histogram, std::string_view unit, const std::string& meaning);

    [[nodiscard]] const std::map<std::string, StatisticRow>& rows() const noexcept { return rows_; }

private:
    void put(std::string name, StatisticRow row);

    std::map<std::string, StatisticRow> rows_;
};

}  // namespace myriad
