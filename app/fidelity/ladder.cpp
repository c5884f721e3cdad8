// Results of several levels put beside each other, by name of operator. An operator that a level does not have takes no
// time there.

#include "app/fidelity/ladder.h"

#include "sim/error/error.h"
#include "sim/process/children.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>

namespace myriad {

namespace {

using Json = nlohmann::json;

Picoseconds time_of(const Json& json) { return Picoseconds{json.get<std::int64_t>()}; }

Picoseconds kind_of(const Json& training, const char* kind) {
    const Json& times = training.at("time_per_card");
    return times.contains(kind) ? time_of(times.at(kind).at("mean_ps")) : Picoseconds{0};
}

std::string level_text(const std::string& name, const Json& result) {
    return name + (result.at("fidelity").at("interference").get<bool>() ? ", with interference" : "");
}

std::string without_prefix(std::string text) {
    constexpr std::string_view kPrefix = "error: ";
    return text.starts_with(kPrefix) ? text.substr(kPrefix.size()) : text;
}

[[noreturn]] void fail(const std::string& level, const ChildResult& child) {
    if (child.outcome == ChildOutcome::user_error) {
        throw UserError(without_prefix(child.reason));
    }
    if (child.outcome == ChildOutcome::law_error) {
        throw LawError("a level of detail runs", level, child.reason);
    }
    throw std::runtime_error("level " + level + ": " + child.reason +
                             (child.output.empty() ? "" : "\n" + child.output));
}

void add_totals(const std::vector<Json>& trainings, Ladder& ladder) {
    const auto add = [&](const char* name, auto&& time) {
        LadderRow row{name, {}};
        for (const Json& training : trainings) {
            row.cells.push_back({time(training), "", {}});
        }
        ladder.totals.push_back(std::move(row));
    };
    add("compute", [](const Json& t) { return kind_of(t, "compute"); });
    add("exposed communication", [](const Json& t) {
        Picoseconds time{0};
        for (const char* kind : {"tensor", "context", "expert", "pipeline", "data", "model"}) {
            time += kind_of(t, kind);
        }
        return time;
    });
    add("bubble", [](const Json& t) { return kind_of(t, "bubble"); });
    if (trainings.front().at("time_per_card").contains("optimizer")) {
        add("optimizer", [](const Json& t) { return kind_of(t, "optimizer"); });
    }
    add("step", [](const Json& t) { return time_of(t.at("step_time_ps")); });
}

void add_operators(const std::vector<Json>& trainings, Ladder& ladder) {
    std::map<std::string, LadderRow> rows;
    for (std::size_t level = 0; level < trainings.size(); ++level) {
        for (const Json& op : trainings[level].at("operators")) {
            const auto name = op.at("name").get<std::string>();
            LadderRow& row = rows[name];
            row.name = name;
            row.cells.resize(trainings.size());
            row.cells[level] = {time_of(op.at("mean_per_card_ps")), op.value("limit", op.value("binds", "")),
                                op.value("why", std::vector<std::string>{})};
        }
    }
    for (auto& [name, row] : rows) {
        ladder.operators.push_back(std::move(row));
    }
    std::stable_sort(ladder.operators.begin(), ladder.operators.end(),
                     [](const LadderRow& a, const LadderRow& b) { return a.cells.back().time > b.cells.back().time; });
}

}  // namespace

double LadderRow::ratio() const {
    return cells.front().time.count() > 0 ? seconds(cells.back().time) / seconds(cells.front().time) : 0.0;
}

Ladder ladder_of(const std::vector<std::string>& names, const std::vector<std::string>& results) {
    Ladder ladder;
    std::vector<Json> trainings;
    for (std::size_t level = 0; level < names.size(); ++level) {
        const Json result = Json::parse(results[level]);
        const char* const step = result.contains("inference") ? "inference" : "training";
        MYRIAD_CHECK(result.contains(step), "a ladder is of a step of training or inference");
        ladder.title = result.at("title").get<std::string>();
        ladder.cluster = result.at("cluster").get<std::string>();
        ladder.levels.push_back(level_text(names[level], result));
        trainings.push_back(result.at(step));
    }
    add_totals(trainings, ladder);
    add_operators(trainings, ladder);
    return ladder;
}

std::vector<std::string> run_levels(const std::vector<LadderLevel>& levels) {
    std::vector<ChildResult> children =
        run_children(levels.size(), [&levels](std::size_t level) { return levels[level].run(); });
    std::vector<std::string> results;
    for (std::size_t level = 0; level < levels.size(); ++level) {
        if (!children[level].succeeded()) {
            fail(levels[level].name, children[level]);
        }
        results.push_back(std::move(children[level].payload));
    }
    return results;
}

Ladder run_ladder(const std::vector<LadderLevel>& levels) {
    std::vector<std::string> names;
    for (const LadderLevel& level : levels) {
        names.push_back(level.name);
    }
    return ladder_of(names, run_levels(levels));
}

std::string ladder_json(const Ladder& ladder) {
    const auto json_of = [&ladder](const LadderRow& row) {
        Json json = {{"name", row.name}, {"ratio", row.ratio()}, {"levels", Json::array()}};
        for (const LadderCell& cell : row.cells) {
            Json level = {{"time_ps", cell.time.count()}};
            if (!cell.limit.empty()) {
                level["limit"] = cell.limit;
                level["why"] = cell.why;
            }
            json["levels"].push_back(std::move(level));
        }
        return json;
    };
    Json json = {{"schema", "myriad-fidelity/1"}, {"title", ladder.title},   {"cluster", ladder.cluster},
                 {"levels", ladder.levels},       {"totals", Json::array()}, {"operators", Json::array()}};
    for (const LadderRow& row : ladder.totals) {
        json["totals"].push_back(json_of(row));
    }
    for (const LadderRow& row : ladder.operators) {
        json["operators"].push_back(json_of(row));
    }
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace myriad
