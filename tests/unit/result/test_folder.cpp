#include "app/result/folder.h"
#include "app/result/manifest.h"
#include "app/result/summary.h"
#include "sim/error/error.h"
#include "tests/unit/result/reports.h"

#include <unistd.h>
#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

namespace myriad {
namespace {

namespace fs = std::filesystem;

const Manifest kManifest{.version = "1", .compiler = "c", .flags = "f", .seed = 1};

class ScratchFolder {
public:
    ScratchFolder() {
        std::string name = (fs::temp_directory_path() / "myriad_result_XXXXXX").string();
        folder_ = ::mkdtemp(name.data());
    }
    ~ScratchFolder() {
        std::error_code error;
        fs::remove_all(folder_, error);
    }
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    [[nodiscard]] std::string path(const std::string& name) const { return (folder_ / name).string(); }

private:
    fs::path folder_;
};

std::string read(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::set<std::string> names_in(const fs::path& folder) {
    std::set<std::string> names;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
        names.insert(entry.path().filename().string());
    }
    return names;
}

void write(const std::string& folder, const RunReport& report) {
    write_result_folder(folder, {report, {}}, "myriad: 1\n", kManifest);
}

std::string refusal(const std::string& folder) {
    try {
        write(folder, collective_run());
    } catch (const UserError& error) {
        return error.what();
    }
    return "";
}

const std::set<std::string> kAll = {"effective.yaml", "host.json",   "links.csv",   "manifest.json",
                                    "ops.csv",        "report.html", "result.json", "summary.txt"};

TEST_CASE("a result folder holds its files and nothing is left beside it") {
    const ScratchFolder scratch;
    write(scratch.path("results/one"), training_run());
    CHECK(names_in(scratch.path("results/one")) == kAll);
    CHECK(names_in(scratch.path("results")) == std::set<std::string>{"one"});
    CHECK(read(scratch.path("results/one/effective.yaml")) == "myriad: 1\n");
    CHECK(read(scratch.path("results/one/summary.txt")) == summary_text(training_run()));
}

TEST_CASE("an earlier result is replaced") {
    const ScratchFolder scratch;
    write(scratch.path("one"), training_run());
    write(scratch.path("one/"), collective_run());
    CHECK(read(scratch.path("one/summary.txt")) == summary_text(collective_run()));
    CHECK(names_in(scratch.path("")) == std::set<std::string>{"one"});
}

TEST_CASE("an empty folder is taken") {
    const ScratchFolder scratch;
    fs::create_directory(scratch.path("one"));
    write(scratch.path("one"), training_run());
    CHECK(names_in(scratch.path("one")) == kAll);
}

TEST_CASE("the same report gives the same bytes in every file") {
    const ScratchFolder scratch;
    write(scratch.path("a"), training_run());
    write(scratch.path("b"), training_run());
    for (const std::string& name : kAll) {
        INFO(name);
        CHECK_FALSE(read(scratch.path("a/" + name)).empty());
        CHECK(read(scratch.path("a/" + name)) == read(scratch.path("b/" + name)));
    }
}

TEST_CASE("somebody's folder is refused and stays as it was") {
    const ScratchFolder scratch;
    fs::create_directory(scratch.path("work"));
    std::ofstream(scratch.path("work/thesis.tex")) << "words";
    CHECK(refusal(scratch.path("work")) ==
          "error: cannot write the result to '" + scratch.path("work") +
              "': the folder exists and is not an earlier result (it has no manifest.json of myriad)");
    CHECK(names_in(scratch.path("work")) == std::set<std::string>{"thesis.tex"});
    CHECK_THROWS_AS(check_result_folder(scratch.path("work")), UserError);
    std::ofstream(scratch.path("work/manifest.json")) << "{\"schema\": \"npm\"}";
    CHECK(refusal(scratch.path("work")).find("is not an earlier result") != std::string::npos);
}

TEST_CASE("a result into which the user has put a file of his own is refused") {
    const ScratchFolder scratch;
    write(scratch.path("one"), training_run());
    std::ofstream(scratch.path("one/notes.txt")) << "mine";
    CHECK(refusal(scratch.path("one")).find("would delete 'notes.txt'") != std::string::npos);
    CHECK(read(scratch.path("one/notes.txt")) == "mine");
    CHECK(read(scratch.path("one/summary.txt")) == summary_text(training_run()));
}

TEST_CASE("other files than a run's are written and replaced in the same way") {
    const ScratchFolder scratch;
    const std::string manifest = manifest_json(kManifest, RunReport{}, "");
    write_files(scratch.path("sweep"), {{"manifest.json", manifest}, {"points/0.yaml", "0"}, {"sweep.csv", "x"}});
    CHECK(names_in(scratch.path("sweep")) == std::set<std::string>{"manifest.json", "points", "sweep.csv"});
    CHECK(read(scratch.path("sweep/points/0.yaml")) == "0");
    CHECK_NOTHROW(check_result_folder(scratch.path("sweep")));
    write(scratch.path("sweep"), training_run());
    CHECK(names_in(scratch.path("sweep")) == kAll);
}

TEST_CASE("a file, a link and a nameless place are refused") {
    const ScratchFolder scratch;
    std::ofstream(scratch.path("file")) << "x";
    CHECK(refusal(scratch.path("file")).find("it exists and is not a folder") != std::string::npos);
    fs::create_directory(scratch.path("target"));
    fs::create_directory_symlink(scratch.path("target"), scratch.path("link"));
    CHECK(refusal(scratch.path("link")).find("it exists and is not a folder") != std::string::npos);
    CHECK(refusal("").find("expected the name of a folder") != std::string::npos);
    CHECK(refusal("/").find("expected the name of a folder") != std::string::npos);
    CHECK(refusal("..").find("expected the name of a folder") != std::string::npos);
    CHECK(refusal(scratch.path("file/below")).find("its parent cannot be created") != std::string::npos);
}

TEST_CASE("a place is checked before a run without touching it") {
    const ScratchFolder scratch;
    CHECK_NOTHROW(check_result_folder(scratch.path("new/one")));
    CHECK_FALSE(fs::exists(scratch.path("new")));
}

TEST_CASE("the default folder carries the scenario's name") {
    CHECK(default_result_folder("quickstart") == "results/quickstart");
}

}  // namespace
}  // namespace myriad
