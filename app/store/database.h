#pragma once
// The points of a sweep or batch as tables (docs/sweep_store.md). Made anew from the files of the store at the start of
// every call and written by the coordinator alone, so that nothing is lost with it.

#include "app/store/sqlite.h"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace myriad {

struct DatabaseAxis {
    struct Value {
        std::string label;
        std::optional<double> number;
        std::string overrides;  // "path=value", a line each
    };
    std::string name;
    std::string role;
    std::vector<Value> values;
};

struct DatabasePoint {
    std::size_t index = 0;
    std::vector<std::string> labels;  // by axis
    std::string key;
    std::string status;  // "pending", "ok", or a name of ChildOutcome
    std::string reason;
    std::string algorithms;
    std::size_t stage = 0;
    int attempts = 0;
    bool reused = false;
    double host_s = 0.0;
    double host_cpu_s = 0.0;  // of the run alone, without the machinery around it
    double peak_memory_B = 0.0;
    std::vector<std::optional<double>> values;  // by index in all_metrics(); empty: none
};

class Database {
public:
    explicit Database(const std::filesystem::path& path);

    // Empties it and writes what does not change while points run.
    void begin(const std::vector<std::pair<std::string, std::string>>& meta, const std::vector<DatabaseAxis>& axes);
    // Puts or replaces points, in one transaction.
    void put(const std::vector<DatabasePoint>& points);
    // The view `wide`: a row a point, a column an axis and a result that some point has.
    void finish(const std::vector<DatabaseAxis>& axes);

    struct Known {
        std::string key;
        std::string status;
        std::string reason;
    };
    [[nodiscard]] std::optional<Known> point(std::size_t index);
    [[nodiscard]] std::string meta(const std::string& key);

private:
    SqliteDatabase database_;
};

// Opened for writing; a file that SQLite cannot read is removed first, for it can be made again.
[[nodiscard]] Database open_database(const std::filesystem::path& path);

}  // namespace myriad
