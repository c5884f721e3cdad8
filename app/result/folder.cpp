// Writing a result: everything into a folder of another name beside the wanted one, then one rename. An earlier result
// is moved aside first and removed last, so that at every moment at least one whole result exists.

#include "app/result/folder.h"

#include "app/files/whole_file.h"
#include "app/report/report_data.h"
#include "app/report/report_html.h"
#include "app/result/activity_json.h"
#include "app/result/csv.h"
#include "app/result/manifest.h"
#include "app/result/result_json.h"
#include "app/result/summary.h"
#include "sim/error/error.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <system_error>
#include <vector>

namespace myriad {
namespace {

namespace fs = std::filesystem;

constexpr const char* kManifestFile = "manifest.json";

// What the manifest in `folder` says that a run has put there; none if it is no result.
std::optional<std::set<std::string>> files_of_result(const fs::path& folder) {
    return files_of_manifest(read_whole_file(folder / kManifestFile).value_or(""));
}

bool is_empty_folder(const fs::path& folder) {
    std::error_code error;
    return fs::is_empty(folder, error) && !error;
}

// A file that the user has laid beside the result and that replacing it would take along; the first by name.
std::string stranger_in(const fs::path& folder, const std::set<std::string>& ours) {
    std::string first;
    std::error_code error;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
        const std::string name = entry.path().filename().string();
        if (!ours.contains(name) && (first.empty() || name < first)) {
            first = name;
        }
    }
    return first;
}

// What does not exist yet and an earlier result may be written; anything else is somebody's work.
bool check_place(const fs::path& folder) {
    if (folder.empty() || !folder.has_filename() || folder.filename() == "." || folder.filename() == "..") {
        refuse_result(folder, "expected the name of a folder to create, like 'results/quickstart'");
    }
    std::error_code error;
    const fs::file_status status = fs::symlink_status(folder, error);
    if (!fs::exists(status)) {
        return false;
    }
    if (!fs::is_directory(status)) {
        refuse_result(folder, "it exists and is not a folder");
    }
    if (is_empty_folder(folder)) {
        return true;
    }
    const std::optional<std::set<std::string>> files = files_of_result(folder);
    if (!files) {
        refuse_result(folder, "the folder exists and is not an earlier result (it has no manifest.json of myriad)");
    }
    if (const std::string stranger = stranger_in(folder, *files); !stranger.empty()) {
        refuse_result(folder,
                      "replacing the earlier result would delete '" + stranger + "', which is not part of a result");
    }
    return true;
}

// Removed unless it has got its final name.
class TemporaryFolder {
public:
    explicit TemporaryFolder(const fs::path& wanted) : wanted_(wanted) {
        std::error_code error;
        const fs::path parent = wanted.has_parent_path() ? wanted.parent_path() : fs::path(".");
        fs::create_directories(parent, error);
        if (error) {
            refuse_result(wanted, "its parent cannot be created: " + error.message());
        }
        // Beside the wanted one, because a rename works within one file system only.
        path_ = sibling("new");
        fs::remove_all(path_, error);
        if (!fs::create_directory(path_, error)) {
            refuse_result(wanted, error.message());
        }
    }
    ~TemporaryFolder() {
        std::error_code error;
        fs::remove_all(path_, error);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    void write(const ResultFile& result) const {
        std::error_code ignored;  // the file below cannot be written then
        fs::create_directories((path_ / result.name).parent_path(), ignored);
        std::ofstream file(path_ / result.name, std::ios::binary);
        file << result.text;
        file.close();
        if (!file) {
            refuse_result(wanted_, result.name + " cannot be written");
        }
    }

    void take_place(bool replaces) const {
        std::error_code error;
        if (!replaces) {
            rename(path_, wanted_);
            return;
        }
        const fs::path old = sibling("old");
        fs::remove_all(old, error);
        rename(wanted_, old);
        fs::rename(path_, wanted_, error);
        if (error) {
            std::error_code ignored;
            fs::rename(old, wanted_, ignored);
            refuse_result(wanted_, error.message());
        }
        fs::remove_all(old, error);
    }

private:
    // The process's number keeps runs apart that write to the same place; the last one wins.
    [[nodiscard]] fs::path sibling(const char* purpose) const {
        const std::string name = "." + wanted_.filename().string() + "." + purpose + "." + std::to_string(::getpid());
        return wanted_.parent_path() / name;
    }
    void rename(const fs::path& from, const fs::path& to) const {
        std::error_code error;
        fs::rename(from, to, error);
        if (error) {
            refuse_result(wanted_, error.message());
        }
    }

    fs::path wanted_;
    fs::path path_;
};

}  // namespace

void refuse_result(const fs::path& folder, const std::string& why) {
    throw UserError("cannot write the result to '" + folder.string() + "': " + why);
}

fs::path result_path(const std::string& folder) {
    fs::path path(folder);
    while (!path.has_filename() && path.has_relative_path()) {
        path = path.parent_path();
    }
    return path;
}

std::string default_result_folder(const std::string& scenario_name) { return "results/" + scenario_name; }

void check_result_folder(const std::string& folder) {
    const fs::path wanted = result_path(folder);
    if (check_place(wanted)) {
        return;
    }
    // The nearest folder above that exists takes what is created.
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

void write_files(const std::string& folder, const std::vector<ResultFile>& files) {
    const fs::path wanted = result_path(folder);
    (void)check_place(wanted);
    std::set<std::string> names;
    for (const ResultFile& file : files) {
        names.insert(fs::path(file.name).begin()->string());
    }
    MYRIAD_CHECK(names.contains(kManifestFile), "files of a result without a manifest");
    const TemporaryFolder temporary(wanted);
    for (const ResultFile& file : files) {
        temporary.write(file.name == kManifestFile ? ResultFile{file.name, with_files(file.text, names)} : file);
    }
    temporary.take_place(check_place(wanted));
}

void add_result_file(const std::string& folder, const ResultFile& file) {
    const fs::path place = result_path(folder);
    std::set<std::string> names = files_of_result(place).value_or(std::set<std::string>{});
    names.insert(file.name);
    write_atomically(place / file.name, file.text);
    const std::string manifest = read_whole_file(place / kManifestFile).value_or("");
    if (files_of_manifest(manifest)) {
        write_atomically(place / kManifestFile, with_files(manifest, names));
    }
}

void write_result_folder(const std::string& folder, const RunOutcome& outcome, const std::string& effective_yaml,
                         const Manifest& manifest) {
    const RunReport& report = outcome.report;
    const std::string activity = outcome.activity ? activity_json(*outcome.activity) : std::string{};
    const std::string result = result_json(report);
    const std::string made_by = manifest_json(manifest, report, effective_yaml);
    std::vector<ResultFile> files{
        {"result.json", result},
        {"summary.txt", summary_text(report)},
        {"links.csv", links_csv(report)},
        {"ops.csv", ops_csv(report)},
        {"effective.yaml", effective_yaml},
        {kManifestFile, made_by},
        {"host.json", host_json(outcome)},
        {kReportFile,
         run_report(
             {.result = result, .manifest = made_by, .activity = activity, .uncertainty = outcome.uncertainty_json})}};
    if (!activity.empty()) {
        files.push_back({"activity.json", activity});
    }
    if (!outcome.trace.empty()) {
        files.push_back({"trace.json", outcome.trace});
    }
    if (!outcome.uncertainty_json.empty()) {
        files.push_back({"uncertainty.json", outcome.uncertainty_json});
    }
    write_files(folder, files);
}

}  // namespace myriad
