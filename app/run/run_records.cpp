// Which ranks are noted: of inference one of each pipeline stage, of other workloads some evenly picked. A training step
// keeps its own log of all ranks, which its explanation needs.

#include "app/run/run_records.h"

#include "app/activity/rank_activity.h"
#include "app/activity/topology_activity.h"
#include "app/run/collective_bound.h"
#include "app/run/explain_training.h"
#include "sim/units/quantity_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace myriad {
namespace {

std::vector<CardId> cards_of(const Scenario& scenario, const Topology& topology) {
    if (const auto* training = std::get_if<TrainingWorkload>(&scenario.workload)) {
        return training->cards;
    }
    if (const auto* inference = std::get_if<InferenceWorkload>(&scenario.workload)) {
        return inference->cards;
    }
    if (const auto* collective = std::get_if<CollectiveWorkload>(&scenario.workload)) {
        return collective->cards;
    }
    const auto* iteration = std::get_if<IterationWorkload>(&scenario.workload);
    const auto count =
        iteration != nullptr ? static_cast<std::size_t>(iteration->iteration.ranks()) : topology.cards.size();
    std::vector<CardId> cards;
    for (std::size_t card = 0; card < count; ++card) {
        cards.push_back(CardId{static_cast<std::uint32_t>(card)});
    }
    return cards;
}

// How long the run takes at least; 0: not known before.
Picoseconds expected_time(const Scenario& scenario, const Topology& topology) {
    Picoseconds expected{0};
    if (const auto* collective = std::get_if<CollectiveWorkload>(&scenario.workload)) {
        for (const Bytes size : collective->sizes) {
            expected +=
                collective_lower_bound(topology, collective->cards, collective->op, size, collective->block_weights);
        }
    } else if (const auto* iteration = std::get_if<IterationWorkload>(&scenario.workload)) {
        expected = iteration->iteration.compute();
    }
    return expected;
}

bool sends_messages(const Scenario& scenario) {
    return std::holds_alternative<CollectiveWorkload>(scenario.workload) ||
           std::holds_alternative<OverlapWorkload>(scenario.workload) ||
           std::holds_alternative<IterationWorkload>(scenario.workload);
}

}  // namespace

RunRecords::RunRecords(Platform& platform, const Scenario& scenario, const RunOptions& options)
    : platform_(platform), scenario_(scenario), options_(options) {
    if (!wanted()) {
        return;
    }
    cards_ = cards_of(scenario, platform.topology());
    classes_.emplace(platform.topology());
    watch_ = std::make_unique<LinkWatch>(platform, expected_time(scenario, platform.topology()));
    if (const auto* inference = std::get_if<InferenceWorkload>(&scenario.workload)) {
        representatives_ = stage_heads(Layout(inference->plan.layout()));
    }
    if (!std::holds_alternative<TrainingWorkload>(scenario.workload)) {
        watch_ranks();
    }
}

// What the trace shows has no say in what activity.json shows.
void RunRecords::watch_ranks() {
    const std::vector<std::int64_t> rows = picked(kActivityRows);
    const std::vector<std::int64_t> traced = picked(options_.trace_ranks);
    std::set<std::int64_t> all(rows.begin(), rows.end());
    all.insert(traced.begin(), traced.end());
    std::vector<RankLog::Rank> ranks;
    for (const std::int64_t rank : all) {
        ranks.push_back({rank, cards_[static_cast<std::size_t>(rank)]});
    }
    log_ = std::make_unique<RankLog>(std::move(ranks));
    SpanLogOptions span_options;
    span_options.ranks = static_cast<std::int64_t>(cards_.size());
    span_options.chosen.assign(all.begin(), all.end());
    span_options.chosen_only = true;
    spans_ = std::make_unique<SpanLog>(span_options);
    if (sends_messages(scenario_)) {
        platform_.watch_messages(*log_);
    }
}

std::vector<std::int64_t> RunRecords::picked(std::int64_t wanted) const {
    if (representatives_.empty()) {
        return evenly(static_cast<std::int64_t>(cards_.size()), wanted);
    }
    std::vector<std::int64_t> ranks = evenly(static_cast<std::int64_t>(representatives_.size()), wanted);
    std::transform(ranks.begin(), ranks.end(), ranks.begin(),
                   [&](std::int64_t number) { return representatives_[static_cast<std::size_t>(number)]; });
    // More than one of a stage where there is room.
    for (const std::int64_t rank : evenly(static_cast<std::int64_t>(cards_.size()), wanted)) {
        const bool room = static_cast<std::int64_t>(ranks.size()) < wanted;
        if (room && std::find(ranks.begin(), ranks.end(), rank) == ranks.end()) {
            ranks.push_back(rank);
        }
    }
    return ranks;
}

std::string RunRecords::name_of(std::int64_t rank) const {
    if (const auto* inference = std::get_if<InferenceWorkload>(&scenario_.workload)) {
        return name_of_rank(Layout(inference->plan.layout()), rank);
    }
    const Topology& topology = platform_.topology();
    return topology.nodes[index(node_of(topology, cards_[static_cast<std::size_t>(rank)]))].name;
}

void RunRecords::finish_links() {
    if (watch_) {
        over_time_ = watch_->finish();
        watch_.reset();
    }
}

std::vector<TimelineCounter> RunRecords::counters() const {
    std::vector<TimelineCounter> counters;
    if (!over_time_) {
        return counters;
    }
    const auto add = [&](std::string name, const std::vector<double>& values) {
        TimelineCounter counter{kNoRank, std::move(name), "percent", {}};
        for (std::size_t b = 0; b < values.size(); ++b) {
            counter.points.emplace_back(TimePoint{over_time_->bucket * static_cast<std::int64_t>(b)},
                                        100.0 * values[b]);
        }
        counter.points.emplace_back(platform_.agenda().now(), 0.0);
        counters.push_back(std::move(counter));
    };
    for (const ClassSeries& series : over_time_->classes) {
        add(series.name + " links, mean", series.mean);
        add(series.name + " links, busiest", series.most);
    }
    return counters;
}

std::vector<TimelineLane> RunRecords::lanes() const {
    if (!log_) {
        return {};
    }
    std::vector<TimelineLane> lanes;
    for (const RankLog::Rank& rank : log_->ranks()) {
        if (spans_->has(rank.rank)) {
            const std::vector<TimelineLane> told = lanes_of(*spans_, rank.rank);
            lanes.insert(lanes.end(), told.begin(), told.end());
        }
    }
    const std::vector<TimelineLane> noted = log_->lanes();
    lanes.insert(lanes.end(), noted.begin(), noted.end());
    return lanes;
}

RankActivity RunRecords::rows(const std::vector<TimelineLane>& lanes) const {
    std::vector<ActivityRow> rows;
    for (const std::int64_t rank : picked(kActivityRows)) {
        rows.push_back({rank, index(cards_[static_cast<std::size_t>(rank)]), name_of(rank), {}});
    }
    return rank_activity(std::move(rows), lanes);
}

void RunRecords::finish(RunOutcome& outcome) {
    if (!wanted()) {
        return;
    }
    finish_links();
    if (spans_) {
        spans_->finish();
    }
    const std::vector<TimelineLane> all = lanes();
    if (options_.trace_ranks > 0 && outcome.trace.empty()) {
        add_trace(log_ ? log_->lanes() : std::vector<TimelineLane>{}, outcome);
    }
    if (!options_.activity) {
        return;
    }
    Activity activity;
    activity.elapsed = outcome.report.simulated;
    activity.topology = topology_activity(platform_.topology(), *classes_, platform_.link_use(), activity.elapsed);
    activity.ranks = own_ranks_ ? std::move(*own_ranks_) : rows(all);
    if (over_time_) {
        activity.over_time = std::move(over_time_);
    } else {
        activity.no_series = activity.elapsed.count() > 0
                                 ? "at network level analytic it is known how much each link carries, but not when"
                                 : "the run takes no time";
    }
    outcome.activity = std::move(activity);
}

void RunRecords::add_trace(const std::vector<TimelineLane>& lanes, RunOutcome& outcome) const {
    if (!log_) {
        return;
    }
    TimelineOptions shown;
    shown.ranks = options_.trace_ranks;
    shown.representatives = picked(options_.trace_ranks);
    shown.counters = counters();
    shown.lanes = lanes;
    shown.names.resize(cards_.size());
    for (const std::int64_t rank : shown.representatives) {
        shown.names[static_cast<std::size_t>(rank)] = name_of(rank);
    }
    Timeline timeline = make_timeline(*spans_, CriticalPath{}, shown);
    outcome.trace_note = trace_note(timeline, false);
    outcome.trace = std::move(timeline.json);
}

std::string trace_note(const Timeline& timeline, bool has_path) {
    std::string ranks;
    for (const std::int64_t rank : timeline.ranks) {
        ranks += (ranks.empty() ? "" : ", ") + std::to_string(rank);
    }
    return fmt::format("rank{} {}{}{}", timeline.ranks.size() == 1 ? "" : "s", ranks,
                       has_path ? " and the critical path" : "",
                       timeline.resolution.count() > 0
                           ? fmt::format("; spans below {} are drawn together to keep the file below 100 MB",
                                         human_text(timeline.resolution))
                           : "");
}

}  // namespace myriad
