#pragma once
// Many unrelated scenarios through the engine of sweeps: one row each.

#include "app/store/limits.h"
#include "app/sweep/engine.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace myriad {

struct BatchRow {
    std::size_t index = 0;
    std::string file;
    // Empty where the scenario cannot be read.
    std::string name;
    std::string workload;  // "training of qwen3-32b"
    std::string cluster;
    std::string cards;
    std::string network;
    std::string card;
    EnginePoint end;
    [[nodiscard]] bool ran() const { return end.record.outcome == ChildOutcome::succeeded; }
};

struct BatchOutcome {
    std::vector<BatchRow> rows;        // in the order of files
    std::vector<std::string> skipped;  // files of other kinds, a sentence each
    HostDuration elapsed{};
    std::size_t unused_records = 0;  // of the store, that no file uses any more; removed if that was wished
    int interrupted = 0;             // the signal
};

struct BatchOptions {
    std::vector<std::string> overrides;
    std::string network;
    std::string card;
    bool progress = true;
    std::string folder;
    EngineOptions engine;
    bool prune = false;
};

// Scenario files of files, folders (*.yaml in them, folders in them too) and patterns, each once, in the order of names
// within a place. What is found in a folder or by a pattern and is no scenario goes to `skipped`; a file that is named
// must be one. Throws UserError.
[[nodiscard]] std::vector<std::string> find_scenarios(const std::vector<std::string>& places,
                                                      std::vector<std::string>& skipped);

// A scenario of several sizes of a collective is judged by its largest.
[[nodiscard]] BatchOutcome run_batch(const std::vector<std::string>& files, const BatchOptions& options);

[[nodiscard]] std::string batch_table(const BatchOutcome& outcome);
[[nodiscard]] std::string batch_csv(const BatchOutcome& outcome);
[[nodiscard]] std::string batch_json(const BatchOutcome& outcome);
// batch.csv, batch.json, summary.txt and manifest.json.
void write_batch_folder(const std::string& folder, const BatchOutcome& outcome);

}  // namespace myriad
