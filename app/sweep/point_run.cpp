// Whoever asks for the point first runs it; the file of its record is the only thing that others need.

#include "app/sweep/point_run.h"

#include "app/run/run.h"
#include "app/scenario/metric.h"
#include "app/sweep/measure.h"
#include "sim/error/error.h"
#include "sim/progress/host_clock.h"
#include "sim/progress/host_cpu.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace myriad {
namespace {

std::string messages_of(const UserError& error) {
    std::string text;
    for (const Diagnostic& diagnostic : error.diagnostics()) {
        text += (text.empty() ? "" : "\n") + diagnostic.message;
    }
    return text;
}

void run_into(PointRecord& record, const Scenario& scenario, bool kernel_cache) {
    try {
        const RunOutcome outcome =
            run_scenario(scenario, RunOptions{.progress = false, .kernel_cache = kernel_cache, .explain = false});
        Measured measured = measure(outcome.report);
        record.values = std::move(measured.values);
        record.algorithms = std::move(measured.algorithms);
    } catch (const UserError& error) {
        record.outcome = ChildOutcome::user_error;
        record.reason = messages_of(error);
    } catch (const LawError& error) {
        record.outcome = ChildOutcome::law_error;
        record.reason = error.what();
    }
}

}  // namespace

PointRecord run_point(Scenario scenario, const std::string& key, const std::function<std::string()>& yaml,
                      const PointRun& options) {
    PointRecord record;
    record.key = key;
    if (options.store != nullptr) {
        if (std::optional<PointRecord> known = options.store->find(key)) {
            return *std::move(known);
        }
    }
    record.scenario_yaml = yaml();
    if (auto* collective = std::get_if<CollectiveWorkload>(&scenario.workload); collective != nullptr) {
        collective->sizes = {*std::max_element(collective->sizes.begin(), collective->sizes.end())};
    }
    const Stopwatch running;
    const HostDuration cpu_before = host_cpu();
    run_into(record, scenario, options.kernel_cache);
    record.elapsed = running.elapsed();
    record.cpu = host_cpu() - cpu_before;
    if (options.store != nullptr) {
        options.store->save(record);
    }
    return record;
}

std::string named_scenario(const std::string& nameless_yaml, const std::string& name) {
    const std::size_t kind = nameless_yaml.find("\nkind: scenario\n");
    MYRIAD_CHECK(kind != std::string::npos, "the text of a point is no scenario");
    const std::size_t after = nameless_yaml.find('\n', kind + 1) + 1;
    return nameless_yaml.substr(0, after) + "name: " + name + "\n" + nameless_yaml.substr(after);
}

}  // namespace myriad
