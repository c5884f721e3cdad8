// A child a point: SystemC elaborates once a process, and a point that crashes must not take the others with it.

#include "app/executor/executor.h"
#include "sim/error/error.h"

#include <utility>

namespace myriad {
namespace {

// The last line that a child printed: where an aborted check says what is wrong.
std::string last_line(std::string text) {
    text.erase(text.find_last_not_of(" \n\r\t") + 1);
    const std::size_t line_break = text.rfind('\n');
    return line_break == std::string::npos ? text : text.substr(line_break + 1);
}

PointRecord record_of(const ExecutorTask& task, const ChildResult& child) {
    if (child.succeeded()) {
        std::optional<PointRecord> record = parse_record(child.payload);
        MYRIAD_CHECK(record.has_value(), "a point returned '" + child.payload.substr(0, 80) + "'");
        record->peak_memory = child.peak_memory;
        return *std::move(record);
    }
    PointRecord record;
    record.key = task.key;
    record.outcome = child.outcome;
    record.reason = child.reason;
    record.elapsed = child.elapsed;
    record.peak_memory = child.peak_memory;
    const bool says_itself = is_final(child.outcome) || child.outcome == ChildOutcome::exception;
    if (const std::string said = says_itself ? std::string{} : last_line(child.output); !said.empty()) {
        record.reason += ": " + said;
    }
    return record;
}

class LocalExecutor final : public Executor {
public:
    LocalExecutor(std::function<std::string(const ExecutorTask&)> job, int jobs, const PointLimits& limits)
        : job_(std::move(job)), jobs_(jobs), limits_(limits) {}

    void run(const std::vector<ExecutorTask>& tasks, const std::function<void(ExecutorEnd)>& on_end) override {
        ChildOptions options{
            .parallel_max = jobs_, .timeout = limits_.time, .memory_max = limits_.memory, .on_done = {}};
        options.on_done = [&](const ChildResult& child, std::size_t) {
            on_end({child.job, record_of(tasks[child.job], child)});
        };
        static_cast<void>(run_children(
            tasks.size(), [&](std::size_t task) { return job_(tasks[task]); }, options));
    }

private:
    std::function<std::string(const ExecutorTask&)> job_;
    int jobs_;
    PointLimits limits_;
};

}  // namespace

std::unique_ptr<Executor> make_local_executor(std::function<std::string(const ExecutorTask&)> job, int jobs,
                                              const PointLimits& limits) {
    return std::make_unique<LocalExecutor>(std::move(job), jobs, limits);
}

}  // namespace myriad
