// A record is written under a name of its own and renamed: killed at any moment, there is the whole file or none. Two
// processes that write the same record write the same result, so the last one may win.

#include "app/store/store.h"

#include "app/files/whole_file.h"
#include "sim/error/error.h"

#include <fcntl.h>
#include <sys/file.h>
#include <time.h>  // NOLINT(modernize-deprecated-headers): nanosleep of POSIX
#include <unistd.h>

#include <system_error>
#include <vector>

namespace myriad {
namespace {

namespace fs = std::filesystem;

constexpr const char* kMarker = "store.json";
constexpr const char* kMarkerText = "{\"schema\": \"myriad-store/1\"}\n";

std::vector<fs::path> record_files(const fs::path& root) {
    std::vector<fs::path> files;
    std::error_code error;
    for (fs::recursive_directory_iterator at(root / "results", error), end; !error && at != end; at.increment(error)) {
        if (at->is_regular_file(error)) {
            files.push_back(at->path());
        }
    }
    return files;
}

}  // namespace

Store Store::make(const fs::path& folder) {
    const fs::path root = folder / "store";
    if (!is_in(folder)) {
        write_atomically(root / kMarker, kMarkerText);
    }
    return Store(root);
}

Store Store::open(const fs::path& folder_or_store) {
    if (is_in(folder_or_store)) {
        return Store(folder_or_store / "store");
    }
    std::error_code error;
    if (fs::exists(folder_or_store / kMarker, error)) {
        return Store(folder_or_store);
    }
    throw UserError("'" + folder_or_store.string() +
                    "' holds no store of a sweep; expected a folder that 'myriad sweep' or 'myriad batch' has written");
}

bool Store::is_in(const fs::path& folder) {
    std::error_code error;
    return fs::exists(folder / "store" / kMarker, error);
}

fs::path Store::record_path(const std::string& key) const {
    return root_ / "results" / key.substr(0, 2) / (key + ".json");
}

bool Store::has(const std::string& key) const { return ::access(record_path(key).c_str(), F_OK) == 0; }

std::optional<PointRecord> Store::find(const std::string& key) const {
    const std::optional<std::string> text = read_whole_file(record_path(key));
    std::optional<PointRecord> record = text ? parse_record(*text) : std::nullopt;
    if (record && record->key != key) {
        return std::nullopt;
    }
    return record;
}

void Store::save(const PointRecord& record) const { write_atomically(record_path(record.key), text_of(record)); }

void Store::save_failure(const PointRecord& record) const {
    write_atomically(root_ / "failures" / (record.key + ".json"), text_of(record, false));
}

std::optional<PointRecord> Store::take_failure(const std::string& key) const {
    const fs::path path = root_ / "failures" / (key + ".json");
    const std::optional<std::string> text = read_whole_file(path);
    std::error_code ignored;
    fs::remove(path, ignored);
    return text ? parse_record(*text) : std::nullopt;
}

std::size_t Store::prune(const std::set<std::string>& used) const {
    std::size_t removed = 0;
    std::error_code ignored;
    for (const fs::path& file : record_files(root_)) {
        if (!used.contains(file.stem().string())) {
            removed += file.extension() == ".json" ? 1U : 0U;
            fs::remove(file, ignored);
        }
    }
    return removed;
}

std::size_t Store::unused(const std::set<std::string>& used) const {
    std::size_t count = 0;
    for (const fs::path& file : record_files(root_)) {
        count += file.extension() == ".json" && !used.contains(file.stem().string()) ? 1U : 0U;
    }
    return count;
}

StoreLock::StoreLock(const Store& store)
    : file_(::open((store.root() / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)) {
    const std::string folder = store.root().parent_path().string();
    if (file_.get() < 0) {
        throw UserError("cannot write to '" + folder + "'");
    }
    // The children of a coordinator that was killed hold it too, until they are gone: that takes a moment.
    constexpr int kLooks = 100;
    constexpr timespec kBetween{0, 20'000'000};
    bool held = ::flock(file_.get(), LOCK_EX | LOCK_NB) == 0;
    for (int look = 0; !held && look < kLooks; ++look) {
        nanosleep(&kBetween, nullptr);
        held = ::flock(file_.get(), LOCK_EX | LOCK_NB) == 0;
    }
    if (!held) {
        const std::string holder = read_whole_file(store.root() / "lock").value_or("");
        throw UserError("'" + folder + "' is in use by another myriad" + (holder.empty() ? "" : " (" + holder + ")") +
                        "; wait for it or stop it, or write elsewhere with --out");
    }
    char host[256] = "";
    ::gethostname(host, sizeof host - 1);
    const std::string text = "process " + std::to_string(::getpid()) + " on " + host;
    // Not truncated on the way out: what stands there matters only while the lock is held.
    if (::ftruncate(file_.get(), 0) != 0 || ::pwrite(file_.get(), text.data(), text.size(), 0) < 0) {
        throw UserError("cannot write to '" + folder + "'");
    }
}

}  // namespace myriad
