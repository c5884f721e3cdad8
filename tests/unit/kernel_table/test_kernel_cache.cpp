// The cache on disk: what comes back, what is refused, who may share it.

#include "app/kernel_cache/kernel_cache.h"
#include "tests/unit/kernel_table/sample.h"

#include <catch2/catch.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

using namespace myriad;
namespace fs = std::filesystem;

namespace {

struct Folder {
    Folder() {
        std::string pattern = (fs::temp_directory_path() / "myriad_cache_XXXXXX").string();
        path = mkdtemp(pattern.data());
    }
    ~Folder() { fs::remove_all(path); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    KernelCache cache() {
        return KernelCache(path / "deep" / "er", [this](const std::string& text) { warnings.push_back(text); });
    }
    fs::path path;
    std::vector<std::string> warnings;
};

const HashKey kChip{1, 2};

KernelResults results_of(std::int64_t first, std::int64_t count) {
    KernelResults results;
    for (std::int64_t n = first; n < first + count; ++n) {
        results.emplace(kernel_key(sample::gemm(n)), sample::result(n));
    }
    return results;
}

std::string text_of_file(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("what was saved is loaded, a chip at a time, and saves add up") {
    Folder folder;
    KernelCache cache = folder.cache();
    CHECK(cache.load(kChip).empty());
    cache.save(kChip, results_of(1, 3));
    cache.save(kChip, results_of(3, 3));
    cache.save(HashKey{1, 3}, results_of(9, 1));
    const KernelResults loaded = cache.load(kChip);
    CHECK(loaded.size() == 5);
    CHECK(loaded.at(kernel_key(sample::gemm(5))).body == ns(5));
    CHECK(cache.load(HashKey{1, 3}).size() == 1);
    CHECK(folder.warnings.empty());
    // Nothing temporary is left: two files and the lock.
    CHECK(std::distance(fs::directory_iterator(folder.path / "deep" / "er"), {}) == 3);
}

TEST_CASE("a damaged line costs that line, and the next save mends the file") {
    Folder folder;
    KernelCache cache = folder.cache();
    cache.save(kChip, results_of(1, 3));
    std::string text = text_of_file(cache.file_of(kChip));
    text[text.find('\n') + 5] = 'x';                                                            // in the first result
    std::ofstream(cache.file_of(kChip), std::ios::binary) << text.substr(0, text.size() - 10);  // and the last is cut
    CHECK(cache.load(kChip).size() == 1);
    REQUIRE(folder.warnings.size() == 1);
    CHECK(folder.warnings[0].find("2 lines are damaged") != std::string::npos);
    cache.save(kChip, results_of(1, 3));
    CHECK(cache.load(kChip).size() == 3);
    CHECK(folder.warnings.size() == 1);
}

TEST_CASE("a file of another kind or version is ignored, warned of and replaced") {
    Folder folder;
    KernelCache cache = folder.cache();
    cache.save(kChip, results_of(1, 1));
    for (const std::string& foreign :
         {std::string("hello\n"), std::string("\0\0\n\n", 4), "myriad-kernels 0 " + text_of(kChip) + "\n"}) {
        folder.warnings.clear();
        std::ofstream(cache.file_of(kChip), std::ios::binary) << foreign;
        CHECK(cache.load(kChip).empty());
        REQUIRE(folder.warnings.size() == 1);
        CHECK(folder.warnings[0].find("not a file of this version") != std::string::npos);
        cache.save(kChip, results_of(2, 1));
        CHECK(cache.load(kChip).size() == 1);
    }
}

TEST_CASE("a folder that cannot be written is warned of, and nothing else happens") {
    Folder folder;
    std::ofstream(folder.path / "deep") << "a file where a folder should be";
    KernelCache cache = folder.cache();
    cache.save(kChip, results_of(1, 1));
    REQUIRE(folder.warnings.size() == 1);
    CHECK(folder.warnings[0].find("cannot be written") != std::string::npos);
    CHECK(cache.load(kChip).empty());
}

TEST_CASE("processes that save at the same time lose nothing") {
    Folder folder;
    KernelCache cache = folder.cache();
    constexpr std::int64_t kProcesses = 8;
    constexpr std::int64_t kEach = 20;
    for (std::int64_t process = 0; process < kProcesses; ++process) {
        if (fork() == 0) {
            for (std::int64_t n = 0; n < kEach; ++n) {
                cache.save(kChip, results_of(1 + process * kEach + n, 1));
            }
            _exit(0);
        }
    }
    while (wait(nullptr) > 0) {
    }
    CHECK(cache.load(kChip).size() == kProcesses * kEach);
    CHECK(folder.warnings.empty());
}

TEST_CASE("where the cache is, and how it is turned off") {
    setenv("XDG_CACHE_HOME", "/somewhere", 1);
    setenv("HOME", "/nowhere", 1);
    unsetenv("MYRIAD_CACHE");
    const std::string version = "v" + std::to_string(kTileModelVersion);
    CHECK(kernel_cache_folder() == fs::path("/somewhere/myriad/kernels") / version);
    setenv("XDG_CACHE_HOME", "relative", 1);  // to be ignored, says the XDG rule
    CHECK(kernel_cache_folder() == fs::path("/nowhere/.cache/myriad/kernels") / version);
    unsetenv("XDG_CACHE_HOME");
    CHECK(kernel_cache_folder() == fs::path("/nowhere/.cache/myriad/kernels") / version);
    unsetenv("HOME");
    CHECK_FALSE(kernel_cache_folder());
    setenv("HOME", "/nowhere", 1);
    setenv("MYRIAD_CACHE", "off", 1);
    CHECK_FALSE(kernel_cache_folder());
    CHECK(open_kernel_cache() == nullptr);
}
