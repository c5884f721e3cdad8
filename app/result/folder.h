#pragma once
// The folder that a run leaves behind (docs/results.md). It appears whole or not at all.

#include "app/run/report.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace myriad {

// What made a result, as far as it can change it. No wall clock, no path.
struct Manifest {
    std::string version;   // of the program
    std::string compiler;  // "GNU 12.2.0"
    std::string flags;     // of the compiler, those that can change a number
    std::uint64_t seed = 1;
};
// Of this program.
[[nodiscard]] Manifest make_manifest(std::uint64_t seed);

// Throws UserError: why nothing can be written there.
[[noreturn]] void refuse_result(const std::filesystem::path& folder, const std::string& why);
// "results/quickstart/" means the folder, not something nameless in it.
[[nodiscard]] std::filesystem::path result_path(const std::string& folder);

// "results/quickstart"
[[nodiscard]] std::string default_result_folder(const std::string& scenario_name);

// Writes result.json, summary.txt, links.csv, ops.csv, effective.yaml, manifest.json, host.json, report.html, and
// activity.json, uncertainty.json and trace.json where the outcome has them, into a folder beside
// `folder` and renames it. Replaces an earlier result; throws UserError if `folder` is anything else, or if it cannot
// be written.
void write_result_folder(const std::string& folder, const RunOutcome& outcome, const std::string& effective_yaml,
                         const Manifest& manifest);

// What other commands leave behind, in the same way. "points/3.yaml" stands in a folder of its own; a manifest.json of
// myriad must be among the files, or the folder could not be replaced later.
struct ResultFile {
    std::string name;
    std::string text;
};
void write_files(const std::string& folder, const std::vector<ResultFile>& files);

// Writes one file more into an earlier result, or anew, and its name into the manifest.
void add_result_file(const std::string& folder, const ResultFile& file);

// Throws what write_result_folder would throw because of what stands at `folder`, so that a long run need not be lost.
void check_result_folder(const std::string& folder);

}  // namespace myriad
