#pragma once
// From scenarios to records: reads every point, takes from the store what is there, runs each distinct system that is
// not, once, and tries again what a host has spoilt. Sweeps and batches are both run by it.
//
//     Engine engine(&store, loader, {.jobs = 2});
//     const std::vector<EnginePoint> ends = engine.run({0, 1, 2});   // in the order asked for

#include "app/config_files/load.h"
#include "app/executor/executor.h"
#include "app/store/limits.h"
#include "app/store/store.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace myriad {

// The scenario of a point, with its document.
struct EngineScenario {
    Scenario scenario;
    Document document;
    std::string part;  // key of the scenario in the document; empty: the whole document

    [[nodiscard]] std::string yaml() const;  // effective, without name and title
};
// Throws UserError. Called in child processes.
using PointLoader = std::function<EngineScenario(std::size_t index)>;

enum class ExecutorKind { local, slurm, none };  // none: prepares the store for tasks that others start

struct EngineOptions {
    std::string name;  // of the sweep
    int jobs = 0;      // 0: one a core
    PointLimits limits;
    int retries = 0;  // of a point that the host has spoilt
    bool kernel_cache = false;
    bool keep_scenarios = false;  // in the records that come back
    ExecutorKind executor = ExecutorKind::local;
    SlurmOptions slurm;
    std::function<void(std::size_t known)> on_start;  // everything is read; so many need no run
};

struct EnginePoint {
    std::size_t index = 0;
    PointRecord record;
    bool reused = false;    // it was in the store before
    int attempts = 0;       // runs of this call; 0 for a reused point and for one whose scenario cannot be read
    bool prepared = false;  // it waits for a task that somebody else starts
};

class Engine {
public:
    // `store` null: nothing is kept.
    Engine(const Store* store, PointLoader loader, EngineOptions options);
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    // `on_end` is called for each point as it comes to an end. Points of an interrupted run come back as cancelled.
    [[nodiscard]] std::vector<EnginePoint> run(const std::vector<std::size_t>& points,
                                               const std::function<void(const EnginePoint&)>& on_end);
    // Points of the last run() whose scenario is that of another point of it.
    [[nodiscard]] std::size_t twins() const { return twins_; }

private:
    struct Resolved;
    [[nodiscard]] std::vector<Resolved> resolve(const std::vector<std::size_t>& points) const;
    [[nodiscard]] std::string resolve_part(const std::vector<std::size_t>& points, std::size_t first,
                                           std::size_t last) const;
    [[nodiscard]] std::vector<Resolved> resolve_in_parts(const std::vector<std::size_t>& points,
                                                         std::size_t part) const;
    void run_open(std::vector<EnginePoint>& ends, const std::vector<std::size_t>& points,
                  const std::function<void(const EnginePoint&)>& on_end);
    void plan(const std::vector<Resolved>& resolved);
    [[nodiscard]] std::unique_ptr<Executor> make_executor() const;

    const Store* store_;
    PointLoader loader_;
    EngineOptions options_;
    std::unique_ptr<Executor> executor_;
    std::size_t twins_ = 0;
};

}  // namespace myriad
