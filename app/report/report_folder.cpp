// Which kind of result a folder holds is told by which of three files is in it.

#include "app/report/report_folder.h"

#include "app/report/report_data.h"
#include "sim/error/error.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>
#include <vector>

namespace myriad {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kRunsComparedMost = 64;

bool holds(const fs::path& folder, const char* name) {
    std::error_code ignored;
    return fs::is_regular_file(folder / name, ignored);
}

// Empty if there is no such file.
std::string text_of(const fs::path& folder, const char* name) {
    if (!holds(folder, name)) {
        return "";
    }
    std::ifstream file(folder / name, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    if (!file) {
        throw UserError(SourceMark{(folder / name).string(), 0, 0}, "cannot be read");
    }
    return text;
}

// Of the runs of a comparison; one whose links are not known has no file.
std::vector<std::string> activities_of(const fs::path& folder) {
    std::vector<std::string> activities;
    for (std::size_t run = 0; run < kRunsComparedMost; ++run) {
        activities.push_back(text_of(folder, compared_activity_file(run).c_str()));
    }
    while (!activities.empty() && activities.back().empty()) {
        activities.pop_back();
    }
    return activities;
}

// What is wrong with a file is told by its path, not by its name alone.
template <class Make>
std::string placed(const fs::path& folder, Make make) {
    try {
        return make();
    } catch (const UserError& error) {
        std::vector<Diagnostic> diagnostics = error.diagnostics();
        for (Diagnostic& diagnostic : diagnostics) {
            // A file that could not be read has its whole path already.
            if (diagnostic.mark.line > 0) {
                diagnostic.mark.file = (folder / diagnostic.mark.file).string();
            }
        }
        throw UserError(std::move(diagnostics));
    }
}

}  // namespace

std::string report_of_folder(const std::string& folder) {
    const fs::path path(folder);
    std::error_code ignored;
    if (!fs::is_directory(path, ignored)) {
        throw UserError(SourceMark{folder, 0, 0},
                        "there is no such folder, expected one that 'myriad run', 'sweep' or 'compare' has left");
    }
    return placed(path, [&] {
        const std::string manifest = text_of(path, "manifest.json");
        if (holds(path, "result.json")) {
            return run_report({.result = text_of(path, "result.json"),
                               .manifest = manifest,
                               .activity = text_of(path, "activity.json"),
                               .uncertainty = text_of(path, "uncertainty.json")});
        }
        if (holds(path, "sweep.json")) {
            return sweep_report(text_of(path, "sweep.json"), manifest);
        }
        if (holds(path, "comparison.json")) {
            return comparison_report(text_of(path, "comparison.json"), manifest, activities_of(path));
        }
        throw UserError(
            "'" + folder +
            "' holds no result: expected result.json, sweep.json or comparison.json in it, as 'myriad run', "
            "'sweep' and 'compare' write them");
    });
}

}  // namespace myriad
