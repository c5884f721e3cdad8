// Manifest and host figures as JSON. MYRIAD_VERSION and the compiler's name and flags come from CMake.

#include "app/result/manifest.h"

#include "app/result/result_json.h"
#include "app/result/words.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace myriad {
namespace {

using Json = nlohmann::json;

// Version of the files under configs/ and scenarios/: the `myriad: 1` of their first line.
constexpr int kInputVersion = 1;

std::string text_of(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n'; }

}  // namespace

std::uint64_t fnv1a_64(std::string_view bytes) {
    constexpr std::uint64_t kOffset = 0xcbf29ce484222325;
    constexpr std::uint64_t kPrime = 0x100000001b3;
    std::uint64_t hash = kOffset;
    for (const char byte : bytes) {
        hash ^= static_cast<unsigned char>(byte);
        hash *= kPrime;
    }
    return hash;
}

Manifest make_manifest(std::uint64_t seed) {
    return {.version = MYRIAD_VERSION, .compiler = MYRIAD_COMPILER, .flags = MYRIAD_FLAGS, .seed = seed};
}

std::string manifest_json(const Manifest& manifest, const RunReport& report, std::string_view effective_yaml) {
    return text_of({{"schema", kManifestSchema},
                    {"program", {{"name", "myriad"}, {"version", manifest.version}}},
                    {"schemas", {{"input", kInputVersion}, {"result", kResultSchema}, {"host", kHostSchema}}},
                    {"effective_yaml",
                     {{"hash", "FNV-1a 64"},
                      {"value", fmt::format("{:016x}", fnv1a_64(effective_yaml))},
                      {"bytes", effective_yaml.size()}}},
                    {"seed", manifest.seed},
                    {"fidelity",
                     {{"network", name_of(report.fidelity.network)},
                      {"card", name_of(report.fidelity.card)},
                      {"cell_bytes", report.fidelity.cell.count()}}},
                    {"build", {{"compiler", manifest.compiler}, {"flags", manifest.flags}}}});
}

std::string host_json(const RunOutcome& outcome) {
    const HostReport& host = outcome.host;
    const auto rate = [&](double amount) { return host.run_s > 0.0 ? amount / host.run_s : 0.0; };
    return text_of({{"schema", kHostSchema},
                    {"read_s", host.read_s},
                    {"build_s", host.build_s},
                    {"run_s", host.run_s},
                    {"build_memory_mib", host.build_memory_mib},
                    {"peak_memory_mib", host.peak_memory_mib},
                    {"kernels_simulated", host.kernels_simulated},
                    {"kernels_from_cache", host.kernels_from_cache},
                    {"kernels_s", host.kernels_s},
                    {"events_per_s", rate(static_cast<double>(outcome.report.events))},
                    {"packet_hops_per_s", rate(static_cast<double>(outcome.report.counters.hops))}});
}

std::string with_files(const std::string& manifest, const std::set<std::string>& names) {
    Json json = Json::parse(manifest);
    json["files"] = names;
    return text_of(json);
}

std::optional<std::set<std::string>> files_of_manifest(const std::string& text) {
    const Json json = Json::parse(text, nullptr, false);
    if (!json.is_object()) {  // what is no JSON at all is "discarded", no object either
        return std::nullopt;
    }
    const auto schema = json.find("schema");
    if (schema == json.end() || !schema->is_string() || !schema->get<std::string>().starts_with("myriad-manifest/")) {
        return std::nullopt;
    }
    std::set<std::string> names;
    const auto files = json.find("files");
    if (files != json.end() && files->is_array()) {
        for (const Json& name : *files) {
            if (name.is_string()) {
                names.insert(name.get<std::string>());
            }
        }
    }
    return names;
}

}  // namespace myriad
