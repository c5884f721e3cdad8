// `myriad fidelity`: one scenario at every level of the card, with what differs and why. Training and inference run at the levels
// that have one; a workload without kernels at every level of the network instead; an overlap workload also at live, where the scenario is one that live takes.

#include "app/commands/commands.h"
#include "app/commands/outcome.h"
#include "app/fidelity/ladder.h"
#include "app/fidelity/network_ladder.h"
#include "app/fidelity/overlap_ladder.h"
#include "app/result/result_json.h"
#include "sim/error/error.h"

#include <ostream>

namespace myriad {

namespace {

// From the coarsest to the finest.
constexpr const char* kLevels[] = {"roofline", "tile"};
constexpr const char* kNetworkLevels[] = {"packet", "flow", "analytic"};
constexpr const char* kLive = "live";

Loaded<Scenario> load_level(const FidelityArguments& arguments, const std::string& level) {
    std::vector<std::string> overrides = arguments.overrides;
    if (level == kLive) {
        overrides.emplace_back("fidelity.interference=automatic");  // a switch of the others; live has it in any case
    }
    return load_run({.scenario = arguments.scenario,
                     .overrides = std::move(overrides),
                     .network = arguments.network,
                     .card = level});
}

std::string run_level(const FidelityArguments& arguments, const std::string& level) {
    const RunOptions options{.progress = false, .kernel_cache = !arguments.no_kernel_cache};
    return result_json(run_loaded(load_level(arguments, level), options).report);
}

// Why the scenario is none for level live, without the places in the file; empty: it is one.
std::string obstacle_to_live(const FidelityArguments& arguments) {
    try {
        static_cast<void>(load_level(arguments, kLive));
        return "";
    } catch (const UserError& error) {
        constexpr std::string_view kError = "error: ";
        const std::string text = error.what();
        std::string reasons;
        for (std::size_t at = text.find(kError); at != std::string::npos; at = text.find(kError, at)) {
            at += kError.size();
            reasons += (reasons.empty() ? "" : "; ") + text.substr(at, text.find('\n', at) - at);
        }
        return reasons;
    }
}

std::string compare_overlap(const FidelityArguments& arguments, std::vector<LadderLevel> levels) {
    std::vector<std::string> left_out;
    if (const std::string obstacle = obstacle_to_live(arguments); !obstacle.empty()) {
        left_out.push_back("live: " + obstacle);
    } else {
        levels.push_back({kLive, [&arguments] { return run_level(arguments, kLive); }});
    }
    std::vector<std::string> names;
    for (const LadderLevel& level : levels) {
        names.push_back(level.name);
    }
    const OverlapLadder ladder = overlap_ladder_of(names, run_levels(levels), std::move(left_out));
    return arguments.json ? overlap_ladder_json(ladder) : overlap_ladder_text(ladder);
}

// A workload without kernels: the levels of the card do not differ, those of the network do.
std::string compare_networks(const FidelityArguments& arguments) {
    if (!arguments.network.empty()) {
        throw UserError("'" + arguments.scenario +
                        "' runs no kernels, so it is run at every level of the network; leave "
                        "--network out");
    }
    std::vector<LadderLevel> levels;
    std::vector<std::string> names;
    for (const char* level : kNetworkLevels) {
        names.emplace_back(level);
        levels.push_back({level, [&arguments, level] {
                              const RunOptions options{.progress = false, .kernel_cache = false};
                              return result_json(run_loaded(load_run({.scenario = arguments.scenario,
                                                                      .overrides = arguments.overrides,
                                                                      .network = level,
                                                                      .card = ""}),
                                                            options)
                                                     .report);
                          }});
    }
    const NetworkLadder ladder = network_ladder_of(names, run_levels(levels));
    return arguments.json ? network_ladder_json(ladder) : network_ladder_text(ladder);
}

}  // namespace

void fidelity_command(const FidelityArguments& arguments, std::ostream& out) {
    // What is wrong with the scenario is told before anything runs.
    const Loaded<Scenario> loaded = load_level(arguments, kLevels[0]);
    if (!std::holds_alternative<TrainingWorkload>(loaded.value.workload) &&
        !std::holds_alternative<InferenceWorkload>(loaded.value.workload) &&
        !std::holds_alternative<OverlapWorkload>(loaded.value.workload)) {
        out << compare_networks(arguments);
        return;
    }
    std::vector<LadderLevel> levels;
    for (const char* level : kLevels) {
        static_cast<void>(load_level(arguments, level));
        levels.push_back({level, [&arguments, level] { return run_level(arguments, level); }});
    }
    if (std::holds_alternative<OverlapWorkload>(loaded.value.workload)) {
        out << compare_overlap(arguments, std::move(levels));
        return;
    }
    const Ladder ladder = run_ladder(levels);
    out << (arguments.json ? ladder_json(ladder) : ladder_text(ladder));
}

}  // namespace myriad
