// The manifest names the files that are ours. It is written first with the old names and the new ones, and last with the
// new ones alone: killed in between, no file of ours looks like a stranger's.

#include "app/sweep/sweep_folder.h"

#include "app/files/whole_file.h"
#include "app/result/folder.h"
#include "app/result/manifest.h"
#include "app/store/store.h"
#include "sim/error/error.h"

#include <unistd.h>

#include <filesystem>
#include <optional>
#include <set>
#include <system_error>

namespace myriad {
namespace {

namespace fs = std::filesystem;

constexpr const char* kManifestFile = "manifest.json";
constexpr const char* kStore = "store";

std::optional<std::set<std::string>> files_of_result(const fs::path& folder) {
    return files_of_manifest(read_whole_file(folder / kManifestFile).value_or(""));
}

// ".sweep.csv.123": what a writer that was killed has left.
bool is_left_over(const std::string& name, const std::set<std::string>& ours) {
    const std::size_t dot = name.rfind('.');
    return name.starts_with('.') && dot > 0 && name.find_first_not_of("0123456789", dot + 1) == std::string::npos &&
           (ours.contains(name.substr(1, dot - 1)) || name.starts_with(std::string(".") + kManifestFile));
}

// The first by name.
std::string stranger_in(const fs::path& folder, const std::set<std::string>& ours) {
    std::string first;
    std::error_code error;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
        const std::string name = entry.path().filename().string();
        const bool is_ours =
            ours.contains(name) || (name == kStore && Store::is_in(folder)) || is_left_over(name, ours);
        if (!is_ours && (first.empty() || name < first)) {
            first = name;
        }
    }
    return first;
}

void check_new(const fs::path& wanted) {
    std::error_code error;
    fs::path above = wanted.parent_path();
    while (!above.empty() && !fs::exists(above, error)) {
        above = above.parent_path();
    }
    above = above.empty() ? fs::path(".") : above;
    if (!fs::is_directory(above, error)) {
        refuse_result(wanted, "'" + above.string() + "' is not a folder");
    }
    if (::access(above.c_str(), W_OK | X_OK) != 0) {
        refuse_result(wanted, "no right to write into '" + above.string() + "'");
    }
}

}  // namespace

void check_sweep_folder(const std::string& folder) {
    const fs::path wanted = result_path(folder);
    if (wanted.empty() || !wanted.has_filename() || wanted.filename() == "." || wanted.filename() == "..") {
        refuse_result(wanted, "expected the name of a folder to create, like 'results/quickstart'");
    }
    std::error_code error;
    const fs::file_status status = fs::symlink_status(wanted, error);
    if (!fs::exists(status)) {
        check_new(wanted);
        return;
    }
    if (!fs::is_directory(status)) {
        refuse_result(wanted, "it exists and is not a folder");
    }
    if (::access(wanted.c_str(), W_OK | X_OK) != 0) {
        refuse_result(wanted, "no right to write into it");
    }
    if (fs::is_empty(wanted, error)) {
        return;
    }
    const std::optional<std::set<std::string>> files = files_of_result(wanted);
    if (!files && !Store::is_in(wanted)) {
        refuse_result(wanted, "the folder exists and is not an earlier result (it has no manifest.json of myriad)");
    }
    if (const std::string stranger = stranger_in(wanted, files.value_or(std::set<std::string>{kManifestFile}));
        !stranger.empty()) {
        refuse_result(wanted, "'" + stranger + "' in it is not part of a result");
    }
}

void update_sweep_folder(const std::string& folder, const std::vector<ResultFile>& files) {
    check_sweep_folder(folder);
    const fs::path place = result_path(folder);
    std::set<std::string> names;
    std::string manifest;
    for (const ResultFile& file : files) {
        names.insert(file.name);
        manifest = file.name == kManifestFile ? file.text : manifest;
    }
    MYRIAD_CHECK(!manifest.empty(), "files of a result without a manifest");
    std::set<std::string> all = files_of_result(place).value_or(std::set<std::string>{});
    all.insert(names.begin(), names.end());
    write_atomically(place / kManifestFile, with_files(manifest, all));
    for (const ResultFile& file : files) {
        if (file.name != kManifestFile) {
            write_atomically(place / file.name, file.text);
        }
    }
    std::error_code ignored;
    for (const std::string& name : all) {
        if (!names.contains(name) && name != kStore) {
            fs::remove_all(place / name, ignored);
        }
    }
    for (const fs::directory_entry& entry : fs::directory_iterator(place, ignored)) {
        if (is_left_over(entry.path().filename().string(), all)) {
            fs::remove(entry.path(), ignored);
        }
    }
    write_atomically(place / kManifestFile, with_files(manifest, names));
}

}  // namespace myriad
