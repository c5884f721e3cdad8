#pragma once
// The folder in which a sweep or a batch keeps what it has found out (docs/sweep_store.md): FOLDER/store beside the
// files that users read. Files are the truth; the database beside them can be made again from them.
//
//     FOLDER/store/results/ab/abcd....json   a record a scenario, under the hash of the scenario and the model
//     FOLDER/store/failures/abcd....json     why a task of a cluster has left no record; gone once it was told
//     FOLDER/store/plans/HASH.jsonl          scenarios for tasks on other machines
//     FOLDER/store/sweep.sqlite              all of it as tables

#include "app/store/point_record.h"
#include "sim/process/file_descriptor.h"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <set>
#include <string>

namespace myriad {

class Store {
public:
    // FOLDER/store, made where it is missing. Throws UserError.
    [[nodiscard]] static Store make(const std::filesystem::path& folder);
    // That of a folder or the folder itself; UserError when there is none.
    [[nodiscard]] static Store open(const std::filesystem::path& folder_or_store);
    // Whether FOLDER/store is one.
    [[nodiscard]] static bool is_in(const std::filesystem::path& folder);

    // A file that is damaged, or holds the record of another key, counts as absent.
    [[nodiscard]] std::optional<PointRecord> find(const std::string& key) const;
    [[nodiscard]] bool has(const std::string& key) const;
    void save(const PointRecord& record) const;

    void save_failure(const PointRecord& record) const;
    // Reads and removes it.
    [[nodiscard]] std::optional<PointRecord> take_failure(const std::string& key) const;

    // Removes records under other keys than these, and what writers that were killed have left; returns how many records.
    std::size_t prune(const std::set<std::string>& used) const;
    [[nodiscard]] std::size_t unused(const std::set<std::string>& used) const;  // how many prune() would remove

    [[nodiscard]] const std::filesystem::path& root() const { return root_; }

private:
    explicit Store(std::filesystem::path root) : root_(std::move(root)) {}
    [[nodiscard]] std::filesystem::path record_path(const std::string& key) const;
    std::filesystem::path root_;
};

// One coordinator a store: held while it lives, given up when the process ends however that happens.
class StoreLock {
public:
    // Throws UserError that names the process that has it.
    explicit StoreLock(const Store& store);

private:
    FileDescriptor file_;
};

}  // namespace myriad
