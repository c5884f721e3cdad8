// Runs: one platform, one workload after the other on it, laws at the end.

#include "app/run/run.h"

#include "app/kernel_cache/kernel_cache.h"
#include "app/run/card_totals.h"
#include "app/run/collective_bound.h"
#include "app/run/inference.h"
#include "app/run/network_report.h"
#include "app/run/overlap.h"
#include "app/run/run_progress.h"
#include "app/run/run_records.h"
#include "app/run/traffic.h"
#include "app/run/training.h"
#include "app/system/analytic_system.h"
#include "app/system/flow_system.h"
#include "app/system/folded_system.h"
#include "app/system/live_system.h"
#include "app/system/packet_system.h"
#include "models/tile/simulate_kernel.h"
#include "sim/error/error.h"
#include "sim/progress/host_clock.h"
#include "sim/progress/progress_line.h"
#include "sim/random/random_stream.h"
#include "sim/units/quantity_text.h"

#include <fmt/format.h>

#include <sys/resource.h>

#include <algorithm>
#include <map>

namespace myriad {

namespace {

double peak_memory_mib() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024.0;
}

// The hash of the fabric depends on the run's seed and, so that one of two clusters can be varied alone, on the cluster's.
std::uint64_t seed_of_routing(const Scenario& scenario) {
    const std::string name = "routing." + std::to_string(scenario.cluster.cluster.routing_seed);
    return RandomStream(scenario.seed, name).bits();
}

// The kernels of a run at card level tile, the cache behind them, and what they cost the host.
class Kernels {
public:
    Kernels(const Scenario& scenario, const RunOptions& options) {
        if (scenario.fidelity.card != CardLevel::tile) {
            return;
        }
        store_ = options.kernel_cache ? open_kernel_cache() : nullptr;
        table_ = std::make_unique<KernelTable>(scenario.cluster.chip.chip, store_.get(),
                                               [this](const ChipConfig& chip, const Kernel& kernel) {
                                                   const Stopwatch simulating;
                                                   KernelResult result = simulate_kernel(chip, kernel);
                                                   simulating_s_ += seconds(simulating.elapsed());
                                                   return result;
                                               });
    }
    [[nodiscard]] KernelTable* table() const { return table_.get(); }

    void finish(RunOutcome& outcome) const {
        if (table_) {
            table_->save();
            outcome.report.kernels = table_->distinct();
            outcome.host.kernels_simulated = table_->simulated();
            outcome.host.kernels_from_cache = table_->distinct() - table_->simulated();
            outcome.host.kernels_s = simulating_s_;
        }
    }

private:
    std::unique_ptr<KernelStore> store_;
    std::unique_ptr<KernelTable> table_;
    double simulating_s_ = 0.0;
};

std::unique_ptr<Platform> build_platform(const Scenario& scenario, const RunOptions& options, KernelTable* kernels) {
    ClusterConfig cluster = scenario.cluster.cluster;
    cluster.routing_seed = seed_of_routing(scenario);
    QueueingConfig queueing = scenario.fidelity.queueing;
    queueing.control.seed = scenario.seed;
    const ChipConfig& chip = scenario.cluster.chip.chip;
    if (scenario.fidelity.card == CardLevel::live) {
        const auto& overlap = std::get<OverlapWorkload>(scenario.workload);
        return std::make_unique<LiveSystem>(
            cluster, chip,
            LiveSystemOptions{scenario.fidelity.cell, overlap.communication_cores, options.order, queueing});
    }
    const CardOptions cards{kernels, scenario.fidelity.interference};
    if (scenario.fidelity.network == NetworkLevel::packet) {
        return std::make_unique<PacketSystem>(cluster, chip,
                                              PacketSystemOptions{scenario.fidelity.cell, options.order, cards,
                                                                  queueing, true, scenario.cluster.chip.library});
    }
    const bool with_cards = std::holds_alternative<TrainingWorkload>(scenario.workload) ||
                            std::holds_alternative<InferenceWorkload>(scenario.workload) ||
                            std::holds_alternative<OverlapWorkload>(scenario.workload);
    if (scenario.fidelity.fold && std::holds_alternative<TrainingWorkload>(scenario.workload)) {
        return std::make_unique<FoldedSystem>(cluster, chip, true, cards, scenario.cluster.chip.library);
    }
    if (scenario.fidelity.network == NetworkLevel::flow) {
        return std::make_unique<FlowSystem>(cluster, chip, with_cards, cards, scenario.cluster.chip.library);
    }
    return std::make_unique<AnalyticSystem>(cluster, chip, with_cards, cards, scenario.cluster.chip.library);
}

// Modules are never destroyed: taking 100,000 of them apart takes longer than a run. There is one such system a process,
// because SystemC elaborates once; the pointer says that it is meant to stay.
void leave_standing(std::unique_ptr<Platform> system) {
    static const Platform* standing = nullptr;
    standing = system.release();
    static_cast<void>(standing);
}

// Ranks that have not finished, and when the last one did: links may have something to do after that.
struct Finish {
    Agenda& agenda;
    std::int64_t unfinished = 0;
    RankLog* log = nullptr;
    Slice call{};
    TimePoint last{};

    static void note(void* context, std::uint64_t rank) {
        auto& finish = *static_cast<Finish*>(context);
        --finish.unfinished;
        finish.last = finish.agenda.now();
        if (finish.log != nullptr) {
            finish.call.end = finish.last;
            finish.log->add(static_cast<std::int64_t>(rank), "collective", finish.call);
        }
    }
};

Slice call_slice(RankLog* log, CollectiveOp op, Bytes size, TimePoint start) {
    Slice call;
    if (log != nullptr) {
        call.label = log->keep(fmt::format("{} {}", name_of(op), human_text(size)));
        call.kind = "collective";
        call.bytes = size.count();
        call.begin = start;
    }
    return call;
}

CollectiveRow run_one_collective(Platform& platform, const CollectiveWorkload& workload, CommunicatorId group,
                                 Bytes size, RankLog* log) {
    const auto ranks = static_cast<std::int64_t>(workload.cards.size());
    const TimePoint start = platform.agenda().now();
    // Before the run: what fails during it only makes it longer.
    const Picoseconds lower_bound =
        collective_lower_bound(platform.topology(), workload.cards, workload.op, size, workload.block_weights);
    Finish finish{platform.agenda(), ranks, log, call_slice(log, workload.op, size, start)};
    for (std::int64_t rank = 0; rank < ranks; ++rank) {
        platform.network().collective(group, static_cast<int>(rank), {workload.op, size},
                                      Completion{&Finish::note, &finish, static_cast<std::uint64_t>(rank)});
    }
    platform.run();
    CollectiveRow row;
    row.op = workload.op;
    row.size = size;
    row.ranks = ranks;
    row.time = finish.last - start;
    if (const auto choice = platform.choice_of(group, {workload.op, size})) {
        row.algorithm = choice->algorithm;
        row.protocol = choice->protocol;
        row.reason = choice->reason;
    }
    row.lower_bound = lower_bound;
    if (finish.unfinished != 0) {
        std::vector<std::string> held;
        platform.check_laws(held);  // names what is stuck
        throw LawError("every operation issued has finished", std::string(name_of(workload.op)),
                       std::to_string(finish.unfinished) + " ranks have not finished");
    }
    if (row.time < row.lower_bound) {
        throw LawError(
            "result >= lower bound", std::string(name_of(workload.op)) + " of " + std::to_string(size.count()) + " B",
            std::to_string(row.time.count()) + " ps is below " + std::to_string(row.lower_bound.count()) + " ps");
    }
    if (row.time.count() > 0) {
        row.algbw = static_cast<double>(size.count()) / seconds(row.time);
        row.busbw = row.algbw * bus_bandwidth_factor(workload.op, static_cast<int>(ranks));
    }
    return row;
}

// The user's own, if there is one.
std::unique_ptr<Schedule> schedule_of(const Scenario& scenario) {
    const auto* workload = std::get_if<CollectiveWorkload>(&scenario.workload);
    return workload != nullptr && workload->schedule ? std::make_unique<ListedSchedule>(*workload->schedule) : nullptr;
}

void run_collectives(Platform& platform, const CollectiveWorkload& workload, const Schedule* schedule,
                     const RunOptions& options, RankLog* log, RunReport& report) {
    const CommunicatorId group = platform.network().create_communicator(
        {"world", "world", workload.cards, workload.algorithm, workload.hierarchy, workload.block_weights, schedule});
    const double factor = bus_bandwidth_factor(workload.op, static_cast<int>(workload.cards.size()));
    double expected = 0.0;
    for (const Bytes size : workload.sizes) {
        expected += factor * static_cast<double>(size.count()) * static_cast<double>(workload.cards.size());
    }
    const RunProgress progress(platform, std::string(name_of(workload.op)), Bytes{static_cast<std::int64_t>(expected)},
                               options.progress);
    for (const Bytes size : workload.sizes) {
        report.collectives.push_back(run_one_collective(platform, workload, group, size, log));
    }
    report.laws.emplace_back("result >= lower bound (injection and server bandwidth, shortest latency)");
}

}  // namespace

RunOutcome run_scenario(const Scenario& scenario, const RunOptions& options) {
    RunOutcome outcome;
    RunReport& report = outcome.report;
    report.name = scenario.name;
    report.title = scenario.title;
    report.cluster = scenario.cluster.cluster.name;
    report.cards = scenario.cluster.cards();
    report.totals = card_totals(scenario);
    report.fidelity = scenario.fidelity;
    report.placement = scenario.placement;

    const Stopwatch building;
    const Kernels kernels(scenario, options);
    const std::unique_ptr<Schedule> own_schedule = schedule_of(scenario);  // before the platform, which refers to it
    std::unique_ptr<Platform> owned = build_platform(scenario, options, kernels.table());
    Platform& platform = *owned;
    // Where identical cards are run once, the workload says first which are, and makes them.
    auto* const folded = dynamic_cast<FoldedSystem*>(&platform);
    if (folded != nullptr || platform.counters().modules > 0) {
        leave_standing(std::move(owned));
    }
    for (const ClusterChange& change : scenario.cluster.cluster.changes) {
        report.changes.push_back(describe(platform.topology(), change));
    }
    if (folded == nullptr) {
        platform.elaborate();
    }
    outcome.host.build_s = seconds(building.elapsed());
    outcome.host.build_memory_mib = peak_memory_mib();

    const Stopwatch running;
    RunRecords records(platform, scenario, options);
    if (const auto* collective = std::get_if<CollectiveWorkload>(&scenario.workload)) {
        run_collectives(platform, *collective, own_schedule.get(), options, records.ranks(), report);
    } else if (const auto* overlap = std::get_if<OverlapWorkload>(&scenario.workload)) {
        const RunProgress progress(platform, "overlap", Bytes{0}, options.progress);
        report.overlap = run_overlap(platform, *overlap, scenario.cluster.chip.chip, kernels.table(), records.ranks());
    } else if (const auto* inference = std::get_if<InferenceWorkload>(&scenario.workload)) {
        const RunProgress progress(platform, "inference", Bytes{0}, options.progress);
        report.inference = run_inference(platform, *inference, scenario.cluster.chip, kernels.table(), records.spans());
        report.laws.emplace_back("result >= lower bound (stages in order without contention)");
        report.laws.emplace_back("every instant of a rank belongs to one kind of work");
    } else if (const auto* traffic = std::get_if<TrafficWorkload>(&scenario.workload)) {
        const RunProgress progress(platform, "traffic", Bytes{0}, options.progress);
        report.traffic = run_traffic(platform, *traffic, records.ranks());
        report.laws.emplace_back("result >= lower bound (bytes of the busiest card over its links, shortest latency)");
    } else if (const auto* iteration = std::get_if<IterationWorkload>(&scenario.workload)) {
        const RunProgress progress(platform, "iteration", Bytes{0}, options.progress);
        report.iteration = run_iteration(platform, *iteration, records.spans());
        report.laws.emplace_back("result >= lower bound (compute time)");
    } else {
        run_training(platform, folded, scenario, options, kernels.table(), records, outcome);
    }
    kernels.finish(outcome);
    outcome.host.run_s = seconds(running.elapsed());
    outcome.host.peak_memory_mib = peak_memory_mib();

    platform.check_laws(report.laws);
    report.simulated = platform.agenda().now().time_since_epoch();
    report.events = platform.agenda().delivered();
    report.counters = platform.counters();
    platform.add_statistics(report.statistics);
    report.algorithms = platform.algorithms();
    report.links = link_rows(platform.topology(), platform.link_use(), report.simulated);
    report.not_modelled = not_modelled(scenario);
    records.finish(outcome);
    return outcome;
}

}  // namespace myriad
