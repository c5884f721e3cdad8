// A layer's time is half of what two layers more add to a step of two, the optimizer taken off both.

#include "tests/validation/training/modelled_steps.h"

#include "app/config_files/load.h"
#include "app/run/run.h"
#include "sim/error/error.h"
#include "sim/process/children.h"

#include <fmt/format.h>

#include <filesystem>

namespace myriad::accuracy {
namespace {

// Of one run: the step, and its share without the optimizer.
struct Times {
    double step = 0.0;
    double passes = 0.0;
};

struct Job {
    std::string scenario;
    Overrides overrides;
};

// Beside the folder `configs` that the program finds.
std::string path_of(const std::string& scenario) {
    for (const std::string& folder : find_config_roots().folders) {
        const std::filesystem::path path =
            std::filesystem::path(folder).parent_path() / "scenarios" / (scenario + ".yaml");
        if (std::filesystem::exists(path)) {
            return path.string();
        }
    }
    throw UserError("no scenario '" + scenario + "' beside a folder 'configs'");
}

std::string run_job(const Job& job, bool kernel_cache) {
    const Scenario scenario = load_scenario(path_of(job.scenario), job.overrides).value;
    RunOptions options;
    options.progress = false;
    options.kernel_cache = kernel_cache;
    const RunOutcome outcome = run_scenario(scenario, options);
    const TrainingResult& result = outcome.report.training->result;
    const double step = seconds(result.step_time);
    return fmt::format("{:.12f} {:.12f}", step, step - seconds(result.of(SpanKind::optimizer).mean));
}

Times parse(const std::string& text) {
    const std::size_t space = text.find(' ');
    return {std::stod(text.substr(0, space)), std::stod(text.substr(space + 1))};
}

}  // namespace

std::vector<StepResult> run_steps(const std::vector<StepCase>& cases, const StepRuns& runs) {
    std::vector<Job> jobs;
    for (const StepCase& about : cases) {
        Job job{about.scenario, about.overrides};
        job.overrides.insert(job.overrides.end(), runs.overrides.begin(), runs.overrides.end());
        if (about.part == StepPart::layer) {
            for (const char* layers : {"2", "4"}) {
                jobs.push_back(job);
                jobs.back().overrides.push_back(std::string("workload.training.model.layers=") + layers);
            }
        } else {
            jobs.push_back(job);
        }
    }
    ChildOptions options;
    options.parallel_max = runs.parallel;
    const std::vector<ChildResult> ended = run_children(
        jobs.size(), [&](std::size_t i) { return run_job(jobs[i], runs.kernel_cache); }, options);
    std::vector<StepResult> results;
    std::size_t next = 0;
    for (const StepCase& about : cases) {
        const bool layer = about.part == StepPart::layer;
        StepResult result;
        for (std::size_t i = 0; i < (layer ? 2 : 1); ++i) {
            if (!ended[next + i].succeeded()) {
                result.why_not = ended[next + i].reason;
            }
        }
        if (result.why_not.empty()) {
            const Times first = parse(ended[next].payload);
            result.modelled = layer ? (parse(ended[next + 1].payload).passes - first.passes) / 2.0 : first.step;
        }
        next += layer ? 2 : 1;
        results.push_back(std::move(result));
    }
    return results;
}

}  // namespace myriad::accuracy
