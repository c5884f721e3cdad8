// Reading comes first and for all points: it gives keys, and with them what is known already, what is the same system
// twice, and what a plan for other machines has to hold. It needs no process of its own a point, because nothing is
// elaborated; the children that read take a part of the list each. Running then takes a process a point.
//
// A part whose child dies is read again point by point, so that only the culprit fails.

#include "app/sweep/engine.h"

#include "app/store/plan.h"
#include "app/sweep/point_run.h"
#include "sim/error/error.h"
#include "sim/process/children.h"
#include "sim/process/interrupt_flag.h"

#include <algorithm>
#include <map>
#include <thread>
#include <utility>

namespace myriad {

struct Engine::Resolved {
    std::size_t index = 0;
    PointRecord record;         // of the store, or why the scenario cannot be read; key empty then
    bool known = false;         // `record` is final
    std::string scenario_yaml;  // nameless; where it is wanted
};

namespace {

// Parts of the text in which a child hands over several things: each with its length before it.
void put(std::string& text, const std::string& part) { text += std::to_string(part.size()) + ":" + part; }

std::string take(std::string_view& text) {
    const std::size_t colon = text.find(':');
    MYRIAD_CHECK(colon != std::string_view::npos, "a child that reads points handed over half a list");
    const std::size_t size = std::stoull(std::string(text.substr(0, colon)));
    std::string part(text.substr(colon + 1, size));
    text.remove_prefix(colon + 1 + size);
    return part;
}

}  // namespace

std::string EngineScenario::yaml() const {
    return nameless(part.empty() ? document.effective_yaml() : document.effective_yaml(part));
}

Engine::Engine(const Store* store, PointLoader loader, EngineOptions options)
    : store_(store), loader_(std::move(loader)), options_(std::move(options)), executor_(make_executor()) {}
Engine::~Engine() = default;

std::unique_ptr<Executor> Engine::make_executor() const {
    if (options_.executor == ExecutorKind::slurm) {
        MYRIAD_CHECK(store_ != nullptr, "tasks of a cluster need a store");
        return make_slurm_executor(*store_, options_.slurm);
    }
    const auto job = [this](const ExecutorTask& task) {
        EngineScenario loaded = loader_(task.index);
        const auto yaml = [&loaded] { return loaded.yaml(); };
        return text_of(
            run_point(loaded.scenario, task.key, yaml, {.store = store_, .kernel_cache = options_.kernel_cache}),
            options_.keep_scenarios);
    };
    return make_local_executor(job, options_.jobs, options_.limits);
}

// In a child. Three parts a point: its key, or nothing; its record, or nothing, or why it has no key; its scenario where
// that is wanted.
std::string Engine::resolve_part(const std::vector<std::size_t>& points, std::size_t first, std::size_t last) const {
    const bool wanted = executor_->needs_plan() || options_.executor == ExecutorKind::none;
    std::string text;
    for (std::size_t i = first; i < last; ++i) {
        std::string yaml;
        std::string key;
        try {
            const EngineScenario loaded = loader_(points[i]);
            yaml = loaded.yaml();
            key = key_of(identity_of(yaml));
        } catch (const UserError& error) {
            put(text, "");
            put(text, error.what());
            put(text, "");
            continue;
        }
        const std::optional<PointRecord> known = store_ != nullptr ? store_->find(key) : std::nullopt;
        put(text, key);
        put(text, known ? text_of(*known, options_.keep_scenarios) : "");
        put(text, wanted ? yaml : "");
    }
    return text;
}

std::vector<Engine::Resolved> Engine::resolve_in_parts(const std::vector<std::size_t>& points, std::size_t part) const {
    const std::size_t parts = (points.size() + part - 1) / part;
    const std::vector<ChildResult> read = run_children(
        parts, [&](std::size_t p) { return resolve_part(points, p * part, std::min(points.size(), (p + 1) * part)); },
        {.parallel_max = options_.jobs, .timeout = {}, .memory_max = {}, .on_done = {}});
    std::vector<Resolved> resolved(points.size());
    for (std::size_t p = 0; p < parts; ++p) {
        const std::size_t first = p * part;
        const std::size_t last = std::min(points.size(), first + part);
        std::string_view text = read[p].payload;
        if (read[p].outcome == ChildOutcome::user_error) {
            throw UserError(read[p].reason.starts_with("error: ") ? read[p].reason.substr(7) : read[p].reason);
        }
        if (!read[p].succeeded() && last - first > 1 && read[p].outcome != ChildOutcome::cancelled) {
            std::vector<Resolved> singly = resolve_in_parts({points.begin() + static_cast<std::ptrdiff_t>(first),
                                                             points.begin() + static_cast<std::ptrdiff_t>(last)},
                                                            1);
            std::move(singly.begin(), singly.end(), resolved.begin() + static_cast<std::ptrdiff_t>(first));
            continue;
        }
        for (std::size_t i = first; i < last; ++i) {
            Resolved& point = resolved[i];
            point.index = points[i];
            if (!read[p].succeeded()) {
                point.record.outcome = read[p].outcome;
                point.record.reason = read[p].reason;
                continue;
            }
            const std::string key = take(text);
            const std::string told = take(text);
            point.scenario_yaml = take(text);
            if (key.empty()) {
                point.record.outcome = ChildOutcome::user_error;
                point.record.reason = told;
                continue;
            }
            if (std::optional<PointRecord> known = told.empty() ? std::nullopt : parse_record(told)) {
                point.record = *std::move(known);
                point.known = true;
            }
            point.record.key = key;
        }
    }
    return resolved;
}

std::vector<Engine::Resolved> Engine::resolve(const std::vector<std::size_t>& points) const {
    constexpr std::size_t kPartMost = 64;
    const std::size_t jobs =
        options_.jobs > 0 ? static_cast<std::size_t>(options_.jobs) : std::max(1u, std::thread::hardware_concurrency());
    return resolve_in_parts(points, std::clamp<std::size_t>(points.size() / (jobs * 2) + 1, 1, kPartMost));
}

void Engine::plan(const std::vector<Resolved>& resolved) {
    Plan plan{.name = options_.name, .limits = options_.limits, .kernel_cache = options_.kernel_cache, .points = {}};
    for (const Resolved& point : resolved) {
        plan.points.push_back({.index = point.index,
                               .key = point.record.key,
                               .scenario_yaml = point.scenario_yaml,
                               .reason = point.record.key.empty() ? point.record.reason : std::string{}});
    }
    executor_->set_plan(write_plan(*store_, plan), plan.points.size());
}

std::vector<EnginePoint> Engine::run(const std::vector<std::size_t>& points,
                                     const std::function<void(const EnginePoint&)>& on_end) {
    std::vector<Resolved> resolved = resolve(points);
    const bool prepares = options_.executor == ExecutorKind::none;
    if (InterruptFlag::signal() == 0 && (prepares || executor_->needs_plan())) {
        plan(resolved);
    }
    std::vector<EnginePoint> ends(points.size());
    std::vector<std::size_t> open;  // places in the list that must run
    for (std::size_t i = 0; i < resolved.size(); ++i) {
        EnginePoint& end = ends[i];
        end.index = resolved[i].index;
        end.reused = resolved[i].known;
        end.record = std::move(resolved[i].record);
        const bool unreadable = end.record.key.empty();
        if (end.reused || unreadable) {
            if (on_end && end.record.outcome != ChildOutcome::cancelled) {
                on_end(end);
            }
        } else if (prepares) {
            end.prepared = true;
        } else {
            open.push_back(i);
        }
    }
    if (options_.on_start) {
        options_.on_start(ends.size() - open.size());
    }
    run_open(ends, open, on_end);
    return ends;
}

// `open` are places in `ends`. Points of the same key are one system: it is run once and told at each.
void Engine::run_open(std::vector<EnginePoint>& ends, const std::vector<std::size_t>& open,
                      const std::function<void(const EnginePoint&)>& on_end) {
    std::map<std::string, std::vector<std::size_t>> places;
    std::vector<ExecutorTask> tasks;
    for (const std::size_t place : open) {
        EnginePoint& end = ends[place];
        std::vector<std::size_t>& same = places[end.record.key];
        if (same.empty()) {
            tasks.push_back({end.index, end.record.key});
        }
        same.push_back(place);
        end.record.outcome = ChildOutcome::cancelled;
        end.record.reason = "interrupted";
    }
    twins_ = open.size() - tasks.size();
    for (int attempt = 1; !tasks.empty() && InterruptFlag::signal() == 0; ++attempt) {
        std::vector<ExecutorTask> again;
        executor_->run(tasks, [&](const ExecutorEnd& ended) {
            const ExecutorTask& task = tasks[ended.task];
            if (ended.record.outcome == ChildOutcome::cancelled) {
                return;
            }
            if (!is_final(ended.record.outcome) && attempt <= options_.retries) {
                again.push_back(task);
                return;
            }
            for (const std::size_t place : places[task.key]) {
                ends[place].record = ended.record;
                ends[place].attempts = attempt;
                if (on_end) {
                    on_end(ends[place]);
                }
            }
        });
        std::sort(again.begin(), again.end(),
                  [](const ExecutorTask& a, const ExecutorTask& b) { return a.index < b.index; });
        tasks = std::move(again);
    }
}

}  // namespace myriad
