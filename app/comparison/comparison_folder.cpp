// The manifest tells the inputs by their hashes, so that one can see whether a comparison is of today's runs.

#include "app/comparison/comparison_folder.h"

#include "app/report/report_data.h"
#include "app/report/report_html.h"
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
    const std::string text = comparison_json(comparison);
    const std::string manifest_text = json.dump(2) + "\n";
    std::vector<ResultFile> result{
        {"comparison.json", text}, {"summary.txt", comparison_text(comparison)}, {"manifest.json", manifest_text}};
    std::vector<std::string> activities;
    for (std::size_t r = 0; r < files.size(); ++r) {
        activities.push_back(files[r].activity);
        if (!files[r].activity.empty()) {
            result.push_back({compared_activity_file(r), files[r].activity});
        }
    }
    result.push_back({kReportFile, comparison_report(text, manifest_text, activities)});
    write_files(folder, result);
}

}  // namespace myriad
