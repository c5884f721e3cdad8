// A job array over chunks of points. What a task finds out it writes into the store; the coordinator looks there for
// results and into the queue for who still works on them. Everything that is needed to attach to an array again stands in
// the array itself (its name is that of the store, its comment names plan, chunk and offset), so a coordinator that was
// killed at any moment, even between sbatch and its next instruction, submits nothing twice.

#include "app/executor/executor.h"
#include "app/executor/slurm_queue.h"
#include "models/kernel_table/stable_hash.h"
#include "sim/error/error.h"
#include "sim/process/interrupt_flag.h"

#include <fmt/core.h>
#include "app/files/whole_file.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace myriad {
namespace {

// A folder on the network may show a new file late: a task counts as ended without a result only after so many looks at a
// queue without it, over SlurmOptions::lost_after. One that says itself that it has ended (a file of its script's last
// line) has only to be looked for.
constexpr int kLooksMost = 3;
constexpr std::size_t kTasksWanted = 100;

std::string shell_quoted(const std::string& text) {
    std::string quoted = "'";
    for (const char c : text) {
        quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    }
    return quoted + "'";
}

std::string name_of_jobs(const std::filesystem::path& root) {
    StableHash hash;
    hash.add(root.string());
    return fmt::format("myriad-{:012x}", hash.key().high & 0xffff'ffff'ffffull);
}

class SlurmExecutor final : public Executor {
public:
    SlurmExecutor(const Store& store, const SlurmOptions& options)
        : store_(store),
          root_(std::filesystem::canonical(store.root())),
          options_(options),
          queue_(name_of_jobs(root_)) {}

    [[nodiscard]] bool needs_plan() const override { return true; }
    void set_plan(const std::string& name, std::size_t points) override {
        plan_ = name;
        // Of the whole plan, not of what is left of it: a resumed sweep must cut it the same way.
        chunk_ = options_.chunk > 0 ? options_.chunk : std::max<std::size_t>(1, points / kTasksWanted);
    }

    void run(const std::vector<ExecutorTask>& tasks, const std::function<void(ExecutorEnd)>& on_end) override {
        if (tasks.empty()) {
            return;
        }
        chunks_.clear();
        for (std::size_t t = 0; t < tasks.size(); ++t) {
            chunks_[tasks[t].index / chunk_].open.insert(t);
        }
        attach();
        submit(tasks);
        while (!chunks_.empty() && InterruptFlag::signal() == 0) {
            InterruptFlag::sleep(options_.poll_s);
            // The queue first: what has left it before that look must have left its files.
            const std::optional<std::vector<SlurmTask>> alive = queue_.tasks();
            collect(tasks, on_end);
            if (alive) {
                judge(*alive, tasks, on_end);
                tell(*alive);
            }
        }
        if (InterruptFlag::signal() != 0) {
            cancel();
        }
    }

private:
    struct Chunk {
        std::set<std::size_t> open;  // tasks without an end
        int looks = 0;               // at a queue without it
        HostDuration gone_since{};   // the first of them
        bool submitted = false;
    };

    [[nodiscard]] std::string comment(std::size_t offset) const {
        return fmt::format("{}/{}/{}", plan_, chunk_, offset);
    }

    // The chunk that a task of the queue works on; nothing if it is of another plan or cut otherwise.
    [[nodiscard]] std::optional<std::size_t> chunk_of(const SlurmTask& task) const {
        const std::string prefix = fmt::format("{}/{}/", plan_, chunk_);
        if (!task.comment.starts_with(prefix)) {
            return std::nullopt;
        }
        const std::string offset = task.comment.substr(prefix.size());
        if (offset.empty() || offset.find_first_not_of("0123456789") != std::string::npos) {
            return std::nullopt;
        }
        return task.index + std::stoull(offset);
    }

    // Takes over what an earlier coordinator has submitted, and cancels what it would not have submitted for this plan.
    void attach() {
        std::optional<std::vector<SlurmTask>> alive = queue_.tasks();
        for (int tries = 0; !alive && tries < 60 && InterruptFlag::signal() == 0; ++tries) {
            InterruptFlag::sleep(options_.poll_s);
            alive = queue_.tasks();
        }
        if (!alive) {
            throw UserError("squeue does not answer, so it is not known what runs already; try again later");
        }
        std::set<std::string> ours;
        std::set<std::string> others;
        for (const SlurmTask& task : *alive) {
            const std::optional<std::size_t> chunk = chunk_of(task);
            (chunk ? ours : others).insert(task.job);
            if (const auto at = chunk ? chunks_.find(*chunk) : chunks_.end(); at != chunks_.end()) {
                at->second.submitted = true;
            }
        }
        queue_.cancel({others.begin(), others.end()});
        for (const std::string& job : others) {
            say("slurm: cancelled job " + job + " of an earlier form of this sweep");
        }
        for (const std::string& job : ours) {
            say("slurm: attached to job " + job + ", which still runs");
        }
    }

    void submit(const std::vector<ExecutorTask>& tasks) {
        const std::size_t array_max = std::max<std::size_t>(1, queue_.array_max());
        std::map<std::size_t, std::vector<std::size_t>> arrays;  // offset -> indices
        for (const auto& [chunk, state] : chunks_) {
            if (!state.submitted) {
                arrays[chunk / array_max * array_max].push_back(chunk % array_max);
                std::error_code ignored;
                std::filesystem::remove(ended_path(chunk), ignored);
                for (const std::size_t task : state.open) {
                    static_cast<void>(store_.take_failure(tasks[task].key));  // of a task long gone
                }
            }
        }
        const std::filesystem::path folder = root_ / "slurm";
        std::filesystem::create_directories(folder / "logs");
        std::filesystem::create_directories(folder / "ended");
        write_atomically(folder / "task.sh", script());
        for (const auto& [offset, indices] : arrays) {
            std::vector<std::string> words{"--chdir=" + folder.string(),
                                           "--output=" + (folder / "logs" / "%A_%a.txt").string()};
            const std::vector<std::string> given = split_words(options_.sbatch_options);
            words.insert(words.end(), given.begin(), given.end());
            const std::string job =
                queue_.submit(words, indices, comment(offset),
                              {(folder / "task.sh").string(), std::to_string(offset), std::to_string(chunk_), plan_});
            say(fmt::format("slurm: job {}, {} tasks", job, indices.size()));
            jobs_ += job + "\n";
            write_atomically(folder / "jobs", jobs_);  // for people: squeue says what is true
        }
        for (auto& [chunk, state] : chunks_) {
            state.submitted = true;
            state.looks = 0;
        }
    }

    [[nodiscard]] std::string script() const {
        return "#!/bin/sh\n# A task of a job array: the points of one chunk. Arguments: offset of the array, points a "
               "chunk, plan.\nchunk=$((SLURM_ARRAY_TASK_ID + $1))\n" +
               shell_quoted(options_.program) + " point " + shell_quoted(root_.string()) +
               " \"$chunk\" --chunk \"$2\" --plan \"$3\" -j " + std::to_string(options_.jobs) +
               "\nstatus=$?\necho $status > " + shell_quoted((root_ / "slurm" / "ended").string()) +
               "/\"$3-$2-$chunk\"\nexit $status\n";
    }

    // Where a task says that it has ended, on whatever node.
    [[nodiscard]] std::filesystem::path ended_path(std::size_t chunk) const {
        return root_ / "slurm" / "ended" / fmt::format("{}-{}-{}", plan_, chunk_, chunk);
    }

    // Ends of tasks that have left a record, or a note why there is none.
    void collect(const std::vector<ExecutorTask>& tasks, const std::function<void(ExecutorEnd)>& on_end) {
        for (auto chunk = chunks_.begin(); chunk != chunks_.end();) {
            std::set<std::size_t>& open = chunk->second.open;
            for (auto task = open.begin(); task != open.end();) {
                const std::string& key = tasks[*task].key;
                std::optional<PointRecord> record = store_.has(key) ? store_.find(key) : store_.take_failure(key);
                if (record) {
                    on_end({*task, *std::move(record)});
                    task = open.erase(task);
                } else {
                    ++task;
                }
            }
            chunk = open.empty() ? chunks_.erase(chunk) : std::next(chunk);
        }
    }

    void judge(const std::vector<SlurmTask>& alive, const std::vector<ExecutorTask>& tasks,
               const std::function<void(ExecutorEnd)>& on_end) {
        std::set<std::size_t> live;
        for (const SlurmTask& task : alive) {
            if (const std::optional<std::size_t> chunk = chunk_of(task)) {
                live.insert(*chunk);
            }
        }
        for (auto chunk = chunks_.begin(); chunk != chunks_.end();) {
            chunk->second.looks = live.contains(chunk->first) ? 0 : chunk->second.looks + 1;
            if (chunk->second.looks == 1) {
                chunk->second.gone_since = host_now();
            }
            if (chunk->second.looks < kLooksMost) {
                ++chunk;
                continue;
            }
            const bool says_so = std::filesystem::exists(ended_path(chunk->first));
            if (!says_so && host_now() - chunk->second.gone_since < options_.lost_after) {
                ++chunk;
                continue;
            }
            for (const std::size_t task : chunk->second.open) {
                PointRecord record;
                record.key = tasks[task].key;
                record.outcome = ChildOutcome::exited;
                record.reason = "its task of the Slurm array ended without a result; store/slurm/logs may say why";
                on_end({task, std::move(record)});
            }
            chunk = chunks_.erase(chunk);
        }
    }

    void tell(const std::vector<SlurmTask>& alive) const {
        const auto running = static_cast<std::size_t>(
            std::count_if(alive.begin(), alive.end(), [](const SlurmTask& t) { return t.runs; }));
        if (options_.on_state) {
            options_.on_state(fmt::format("slurm: {} running, {} waiting", running, alive.size() - running));
        }
    }

    void cancel() {
        std::set<std::string> jobs;
        for (const SlurmTask& task : queue_.tasks().value_or(std::vector<SlurmTask>{})) {
            jobs.insert(task.job);
        }
        queue_.cancel({jobs.begin(), jobs.end()});
        for (const std::string& job : jobs) {
            say("slurm: cancelled job " + job);
        }
    }

    void say(const std::string& text) const {
        if (options_.on_message) {
            options_.on_message(text);
        }
    }

    const Store& store_;
    std::filesystem::path root_;
    SlurmOptions options_;
    SlurmQueue queue_;
    std::string plan_;
    std::string jobs_;
    std::size_t chunk_ = 1;
    std::map<std::size_t, Chunk> chunks_;  // those with open tasks
};

}  // namespace

std::unique_ptr<Executor> make_slurm_executor(const Store& store, const SlurmOptions& options) {
    return std::make_unique<SlurmExecutor>(store, options);
}

}  // namespace myriad
