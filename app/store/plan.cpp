// A line a point, a head line with what holds for all.

#include "app/store/plan.h"

#include "app/files/whole_file.h"
#include "app/store/model_version.h"
#include "models/kernel_table/stable_hash.h"
#include "sim/error/error.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <cstdint>
#include <sstream>

namespace myriad {
namespace {

using Json = nlohmann::json;

constexpr const char* kSchema = "myriad-plan/1";

std::string line_of(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n'; }

std::filesystem::path path_of(const Store& store, const std::string& name) {
    return store.root() / "plans" / (name + ".jsonl");
}

Plan parse(const std::string& text) {
    std::istringstream lines(text);
    std::string line;
    std::getline(lines, line);
    const Json head = Json::parse(line);
    if (head.at("schema") != kSchema) {
        throw UserError("it is of another form");
    }
    if (head.at("model") != model_version()) {
        throw UserError("it was made by another version of myriad; call 'myriad sweep ... --prepare' again");
    }
    Plan plan;
    plan.name = head.at("name").get<std::string>();
    plan.limits.time = HostDuration{head.at("time_ns").get<std::int64_t>()};
    plan.limits.memory = Bytes{head.at("memory_B").get<std::int64_t>()};
    plan.kernel_cache = head.at("kernel_cache").get<bool>();
    while (std::getline(lines, line)) {
        const Json json = Json::parse(line);
        plan.points.push_back({.index = json.at("point").get<std::size_t>(),
                               .key = json.at("key").get<std::string>(),
                               .scenario_yaml = json.at("scenario").get<std::string>(),
                               .reason = json.at("reason").get<std::string>()});
    }
    return plan;
}

}  // namespace

std::string write_plan(const Store& store, const Plan& plan) {
    std::string text = line_of({{"schema", kSchema},
                                {"model", model_version()},
                                {"name", plan.name},
                                {"time_ns", plan.limits.time.count()},
                                {"memory_B", plan.limits.memory.count()},
                                {"kernel_cache", plan.kernel_cache}});
    for (const PlanPoint& point : plan.points) {
        text += line_of(
            {{"point", point.index}, {"key", point.key}, {"scenario", point.scenario_yaml}, {"reason", point.reason}});
    }
    StableHash hash;
    hash.add(text);
    const std::string name = fmt::format("{:016x}", hash.key().high);
    if (!std::filesystem::exists(path_of(store, name))) {
        write_atomically(path_of(store, name), text);
    }
    write_atomically(store.root() / "plans" / "current", name + "\n");
    return name;
}

Plan read_plan(const Store& store, const std::string& name) {
    std::string wanted = name;
    if (wanted.empty()) {
        wanted = read_whole_file(store.root() / "plans" / "current").value_or("");
        wanted.erase(wanted.find_last_not_of('\n') + 1);
    }
    const std::filesystem::path path = path_of(store, wanted);
    const std::optional<std::string> text = wanted.empty() ? std::nullopt : read_whole_file(path);
    if (!text) {
        throw UserError("'" + store.root().string() +
                        "' holds no plan of points; 'myriad sweep ... --prepare' writes it");
    }
    try {
        return parse(*text);
    } catch (const UserError& error) {
        throw UserError("'" + path.string() + "' cannot be used: " + error.diagnostics().front().message);
    } catch (const Json::exception&) {
        throw UserError("'" + path.string() + "' is damaged; call 'myriad sweep ... --prepare' again");
    }
}

}  // namespace myriad
