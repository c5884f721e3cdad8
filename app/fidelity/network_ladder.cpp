// The times of a result by name; the levels must tell of the same things.

#include "app/fidelity/network_ladder.h"

#include "app/result/aligned_table.h"
#include "sim/error/error.h"
#include "sim/units/quantity_text.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace myriad {

namespace {

using Json = nlohmann::json;

struct NamedTime {
    std::string name;
    Picoseconds time{};
};

std::vector<NamedTime> times_of(const Json& result) {
    std::vector<NamedTime> times;
    const auto add = [&times](std::string name, const Json& time) {
        times.push_back({std::move(name), Picoseconds{time.get<std::int64_t>()}});
    };
    if (result.contains("collectives")) {
        for (const Json& row : result.at("collectives")) {
            add(fmt::format("{} of {}", row.at("operation").get<std::string>(),
                            human_text(Bytes{row.at("size_bytes").get<std::int64_t>()})),
                row.at("time_ps"));
        }
    }
    if (result.contains("traffic")) {
        const Json& traffic = result.at("traffic");
        add("last flow", traffic.at("makespan_ps"));
        add("median flow", traffic.at("completion").at("p50_ps"));
        add("99 % of flows", traffic.at("completion").at("p99_ps"));
    }
    if (result.contains("iteration")) {
        const Json& iteration = result.at("iteration");
        add("iteration", iteration.at("time_ps"));
        add("exposed tensor", iteration.at("exposed_tensor_ps"));
        add("exposed data", iteration.at("exposed_data_ps"));
    }
    return times;
}

std::string ratio_text(const NetworkLadder::Row& row, std::size_t level) {
    return row.times.front().count() == 0 ? ""
                                          : fmt::format("{:.4f}", seconds(row.times[level]) / seconds(row.times[0]));
}

}  // namespace

NetworkLadder network_ladder_of(const std::vector<std::string>& levels, const std::vector<std::string>& results) {
    NetworkLadder ladder;
    ladder.levels = levels;
    for (const std::string& text : results) {
        const Json result = Json::parse(text);
        ladder.title = result.at("title").get<std::string>();
        ladder.cluster = result.at("cluster").get<std::string>();
        const std::vector<NamedTime> times = times_of(result);
        ladder.rows.resize(times.size());
        for (std::size_t r = 0; r < times.size(); ++r) {
            MYRIAD_CHECK(ladder.rows[r].name.empty() || ladder.rows[r].name == times[r].name,
                         "levels tell of different things");
            ladder.rows[r].name = times[r].name;
            ladder.rows[r].times.push_back(times[r].time);
        }
    }
    return ladder;
}

std::string network_ladder_text(const NetworkLadder& ladder) {
    std::vector<AlignedTable::Column> columns{{"network level", Align::left}};
    for (const std::string& level : ladder.levels) {
        columns.push_back({level});
    }
    for (std::size_t level = 1; level < ladder.levels.size(); ++level) {
        columns.push_back({fmt::format("{} / {}", ladder.levels[level], ladder.levels[0])});
    }
    AlignedTable table(std::move(columns));
    for (const NetworkLadder::Row& row : ladder.rows) {
        std::vector<std::string> cells{row.name};
        for (const Picoseconds time : row.times) {
            cells.push_back(human_text(time));
        }
        for (std::size_t level = 1; level < ladder.levels.size(); ++level) {
            cells.push_back(ratio_text(row, level));
        }
        table.add(std::move(cells));
    }
    return fmt::format("{}\n\ncluster      {}\n\n{}", ladder.title, ladder.cluster, table.text(2));
}

std::string network_ladder_json(const NetworkLadder& ladder) {
    Json json = {{"schema", "myriad-network-fidelity/1"},
                 {"title", ladder.title},
                 {"cluster", ladder.cluster},
                 {"levels", ladder.levels},
                 {"rows", Json::array()}};
    for (const NetworkLadder::Row& row : ladder.rows) {
        Json times = Json::array();
        for (const Picoseconds time : row.times) {
            times.push_back(time.count());
        }
        json["rows"].push_back({{"name", row.name}, {"times_ps", std::move(times)}});
    }
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace myriad
