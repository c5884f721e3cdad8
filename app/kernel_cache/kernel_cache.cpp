// The file of a chip is read whole, and written whole: a training step has some hundred distinct kernels of 400 bytes.
// rename() makes a reader see the old file or the new one, never a part; flock() keeps two writers from losing each
// other's lines. Where the file system has no locks, lines may be lost and are simulated again.

#include "app/kernel_cache/kernel_cache.h"

#include "models/kernel_table/result_text.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string_view>

namespace myriad {

namespace {

namespace fs = std::filesystem;

std::string head_of(const HashKey& chip) {
    return "myriad-kernels " + std::to_string(kTileModelVersion) + ' ' + text_of(chip);
}

// Held from construction to destruction; without effect where it cannot be had.
class FileLock {
public:
    explicit FileLock(const fs::path& path) : descriptor_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)) {
        if (descriptor_ >= 0) {
            static_cast<void>(::flock(descriptor_, LOCK_EX));
        }
    }
    ~FileLock() {
        if (descriptor_ >= 0) {
            ::close(descriptor_);  // unlocks
        }
    }
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;

private:
    int descriptor_;
};

// An absolute folder of the environment; the XDG rules say to ignore a relative one.
std::optional<fs::path> folder_of(const char* variable) {
    const char* value = std::getenv(variable);
    if (value == nullptr || value[0] != '/') {
        return std::nullopt;
    }
    return fs::path(value);
}

}  // namespace

std::optional<fs::path> kernel_cache_folder() {
    const char* wanted = std::getenv("MYRIAD_CACHE");
    if (wanted != nullptr && std::string_view(wanted) == "off") {
        return std::nullopt;
    }
    std::optional<fs::path> base = folder_of("XDG_CACHE_HOME");
    if (!base) {
        base = folder_of("HOME");
        if (!base) {
            return std::nullopt;
        }
        *base /= ".cache";
    }
    return *base / "myriad" / "kernels" / ("v" + std::to_string(kTileModelVersion));
}

fs::path KernelCache::file_of(const HashKey& chip) const { return folder_ / (text_of(chip) + ".txt"); }

KernelResults KernelCache::read(const HashKey& chip, bool warn) const {
    KernelResults results;
    const fs::path path = file_of(chip);
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        return results;
    }
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    std::string_view rest = text;
    bool first = true;
    std::size_t bad = 0;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        const std::string_view line = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (first) {
            first = false;
            if (line != head_of(chip)) {
                bad = 1;
                break;
            }
        } else if (auto entry = parse_line(line)) {
            results.insert(std::move(*entry));
        } else {
            ++bad;
        }
    }
    if (bad > 0 && warn) {
        warn_("warning: kernel cache '" + path.string() + "': " +
              (results.empty() ? "it is not a file of this version" : std::to_string(bad) + " lines are damaged") +
              "; what is missing is simulated again");
    }
    return results;
}

KernelResults KernelCache::load(const HashKey& chip) { return read(chip, true); }

void KernelCache::save(const HashKey& chip, const KernelResults& fresh) {
    std::error_code error;
    fs::create_directories(folder_, error);
    const fs::path path = file_of(chip);
    const fs::path temporary = folder_ / ("." + text_of(chip) + "." + std::to_string(::getpid()));
    const FileLock lock(folder_ / ".lock");
    KernelResults all = read(chip, false);
    all.insert(fresh.begin(), fresh.end());
    std::ofstream file(temporary, std::ios::binary);
    file << head_of(chip) << '\n';
    for (const auto& [key, result] : all) {
        file << line_of(key, result) << '\n';
    }
    file.close();
    if (file) {
        fs::rename(temporary, path, error);
    }
    if (!file || error) {
        std::error_code ignored;
        fs::remove(temporary, ignored);
        warn_("warning: kernel cache '" + folder_.string() +
              "' cannot be written: kernels will be simulated again; MYRIAD_CACHE=off silences this");
    }
}

std::unique_ptr<KernelStore> open_kernel_cache() {
    const std::optional<fs::path> folder = kernel_cache_folder();
    if (!folder) {
        return nullptr;
    }
    return std::make_unique<KernelCache>(*folder, [](const std::string& text) { std::cerr << text << '\n'; });
}

}  // namespace myriad
