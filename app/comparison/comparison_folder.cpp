// The manifest tells the inputs by their hashes, so that one can see whether a comparison is of today's runs.

#include "app/comparison/comparison_folder.h"

#include "app/result/folder.h"
#include "app/result/manifest.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace myriad {

void write_comparison_folder(const std::string& folder, const Comparison& comparison,
                             const std::vector<RunFiles>& files) {
    const Manifest manifest = make_manifest(0);
    nlohmann::json runs = nlohmann::json::array();
    for (std::size_t r = 0; r < files.size(); ++r) {
        runs.push_back({{"name", comparison.runs[r].name},
                        {"effective_yaml", fmt::format("{:016x}", fnv1a_64(files[r].effective))},
                        {"result_json", fmt::format("{:016x}", fnv1a_64(files[r].result))}});
    }
    const nlohmann::json json = {{"schema", kManifestSchema},
                                 {"program", {{"name", "myriad"}, {"version", manifest.version}}},
                                 {"schemas", {{"comparison", kComparisonSchema}}},
                                 {"hash", "FNV-1a 64"},
                                 {"runs", runs},
                                 {"build", {{"compiler", manifest.compiler}, {"flags", manifest.flags}}}};
    write_files(folder, {{"comparison.json", comparison_json(comparison)},
                         {"summary.txt", comparison_text(comparison)},
                         {"manifest.json", json.dump(2) + "\n"}});
}

}  // namespace myriad
