// Doubles are written as the shortest decimal that reads back to the same double, so a result that was read from the
// store gives the same bytes in every table as one that has just been simulated.

#include "app/store/point_record.h"

#include "app/scenario/metric.h"
#include "app/store/model_version.h"
#include "models/kernel_table/stable_hash.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdint>

namespace myriad {
namespace {

using Json = nlohmann::json;

// Parts of a scenario that are files of their own, and so have a name and a title.
constexpr std::array<std::string_view, 8> kNamedParts{"cluster", "server", "chip",  "core",
                                                      "preset",  "fabric", "model", "schedule"};

constexpr const char* kSchema = "myriad-point/2";

Json results_of(const PointRecord& record) {
    Json results = Json::object();
    for (std::size_t m = 0; m < record.values.size(); ++m) {
        if (record.values[m]) {
            results[std::string(all_metrics()[m].name)] = *record.values[m];
        }
    }
    return results;
}

PointRecord record_of(const Json& json) {
    PointRecord record;
    record.key = json.at("key").get<std::string>();
    record.outcome = outcome_of(json.at("status").get<std::string>()).value();
    record.reason = json.at("reason").get<std::string>();
    record.algorithms = json.at("algorithms").get<std::string>();
    record.scenario_yaml = json.value("scenario", std::string{});
    record.elapsed = HostDuration{json.at("host").at("run_ns").get<std::int64_t>()};
    record.cpu = HostDuration{json.at("host").at("run_cpu_ns").get<std::int64_t>()};
    record.peak_memory = Bytes{json.at("host").at("peak_memory_B").get<std::int64_t>()};
    if (record.outcome == ChildOutcome::succeeded) {
        record.values.resize(all_metrics().size());
        for (const auto& [name, value] : json.at("results").items()) {
            record.values.at(find_metric(name).value()) = value.get<double>();
        }
    }
    return record;
}

}  // namespace

std::string nameless(std::string_view scenario_yaml) {
    std::string text;
    while (!scenario_yaml.empty()) {
        const std::size_t end = std::min(scenario_yaml.find('\n'), scenario_yaml.size() - 1) + 1;
        const std::string_view line = scenario_yaml.substr(0, end);
        scenario_yaml.remove_prefix(end);
        if (!line.starts_with("name:") && !line.starts_with("title:")) {  // those of parts are indented
            text += line;
        }
    }
    return text;
}

std::string identity_of(std::string_view nameless_yaml) {
    std::string text;
    std::vector<std::string_view> parents;  // by depth: the key whose map a line stands in
    while (!nameless_yaml.empty()) {
        const std::size_t end = std::min(nameless_yaml.find('\n'), nameless_yaml.size() - 1) + 1;
        const std::string_view line = nameless_yaml.substr(0, end);
        nameless_yaml.remove_prefix(end);
        const std::size_t depth = std::min(line.find_first_not_of(' '), line.size()) / 2;
        const std::string_view key = line.substr(depth * 2, line.find(':', depth * 2) - depth * 2);
        parents.resize(std::min(parents.size(), depth));
        const std::string_view parent = parents.empty() ? std::string_view{} : parents.back();
        parents.push_back(key);
        const bool is_label = (key == "name" || key == "title") &&
                              std::find(kNamedParts.begin(), kNamedParts.end(), parent) != kNamedParts.end();
        if (is_label) {
            continue;
        }
        // {value: 1.7 GHz, status: published, source: "..."}: one line, as the effective text has it.
        const std::size_t value = line.find(": {value: ");
        const std::size_t status = value == std::string_view::npos ? value : line.find(", status: ", value);
        text += status == std::string_view::npos ? line : line.substr(0, status);
        text += status == std::string_view::npos ? "" : "\n";
    }
    return text;
}

std::string key_of(std::string_view identity_yaml) { return key_of(identity_yaml, model_version()); }

std::string key_of(std::string_view identity_yaml, std::string_view model) {
    StableHash hash;
    hash.add(kSchema);
    hash.add(model);
    hash.add(identity_yaml);
    const HashKey key = hash.key();
    return fmt::format("{:016x}{:016x}", key.high, key.low);
}

bool is_final(ChildOutcome outcome) {
    return outcome == ChildOutcome::succeeded || outcome == ChildOutcome::user_error ||
           outcome == ChildOutcome::law_error;
}

std::optional<ChildOutcome> outcome_of(std::string_view name) {
    for (int i = 0; i <= static_cast<int>(ChildOutcome::not_started); ++i) {
        if (name_of(static_cast<ChildOutcome>(i)) == name) {
            return static_cast<ChildOutcome>(i);
        }
    }
    return std::nullopt;
}

std::string text_of(const PointRecord& record, bool with_scenario) {
    Json json{{"schema", kSchema},
              {"key", record.key},
              {"model", model_version()},
              {"status", name_of(record.outcome)},
              {"reason", record.reason},
              {"algorithms", record.algorithms},
              {"results", results_of(record)},
              {"host",
               {{"run_ns", record.elapsed.count()},
                {"run_cpu_ns", record.cpu.count()},
                {"peak_memory_B", record.peak_memory.count()}}}};
    if (with_scenario) {
        json["scenario"] = record.scenario_yaml;
    }
    return json.dump(with_scenario ? 1 : -1, ' ', false, Json::error_handler_t::replace) + '\n';
}

std::optional<PointRecord> parse_record(const std::string& text) {
    const Json json = Json::parse(text, nullptr, false);
    if (!json.is_object() || json.value("schema", Json()) != kSchema) {
        return std::nullopt;
    }
    try {
        return record_of(json);
    } catch (const std::exception&) {  // a key is missing, of another type, or a word unknown
        return std::nullopt;
    }
}

}  // namespace myriad
