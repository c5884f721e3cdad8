#pragma once
// Where the points of a sweep run: children of this process, or tasks of a Slurm cluster that share the folder.

#include "app/store/limits.h"
#include "app/store/store.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace myriad {

struct ExecutorTask {
    std::size_t index = 0;  // of the point
    std::string key;
};

struct ExecutorEnd {
    std::size_t task = 0;  // its place in the list given
    PointRecord record;    // without a scenario
};

class Executor {
public:
    virtual ~Executor() = default;
    // Calls `on_end` once for each task that came to an end, in whatever order; those of an interrupted run never do.
    virtual void run(const std::vector<ExecutorTask>& tasks, const std::function<void(ExecutorEnd)>& on_end) = 0;
    // Whether tasks read scenarios from a plan in the store; its name and size are given before run().
    [[nodiscard]] virtual bool needs_plan() const { return false; }
    virtual void set_plan(const std::string& /*name*/, std::size_t /*points*/) {}
};

// `job` runs a point in a child process and returns the text of its record.
[[nodiscard]] std::unique_ptr<Executor> make_local_executor(std::function<std::string(const ExecutorTask&)> job,
                                                            int jobs, const PointLimits& limits);

struct SlurmOptions {
    std::string sbatch_options;                               // "--partition=p --time=1:00:00", handed over as they are
    std::size_t chunk = 0;                                    // points a task; 0: about a hundred tasks
    int jobs = 1;                                             // of a task at the same time
    std::string program;                                      // myriad as the nodes find it
    double poll_s = 1.0;                                      // between looks at the queue
    HostDuration lost_after = std::chrono::seconds{30};       // without a result, gone from the queue for so long
    std::function<void(const std::string& state)> on_state;   // "12: 3 running, 5 waiting"
    std::function<void(const std::string& text)> on_message;  // a line for the user
};
[[nodiscard]] std::unique_ptr<Executor> make_slurm_executor(const Store& store, const SlurmOptions& options);

}  // namespace myriad
