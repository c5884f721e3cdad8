#pragma once
// What is noted of a run for activity.json and for the trace. Noting changes nothing of the run.

#include "app/activity/link_watch.h"
#include "app/activity/rank_log.h"
#include "app/run/report.h"
#include "app/run/run.h"
#include "app/system/platform.h"
#include "app/timeline/timeline.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace myriad {

class RunRecords {
public:
    // Before anything runs. Everything given outlives the records.
    RunRecords(Platform& platform, const Scenario& scenario, const RunOptions& options);

    // Activity or a trace is wanted; else the rest does nothing.
    [[nodiscard]] bool wanted() const { return options_.activity || options_.trace_ranks > 0; }
    // Where a run notes what ranks do; null: not wanted.
    [[nodiscard]] RankLog* ranks() { return log_.get(); }
    // Where programs tell their spans; null: not wanted, or the workload has a log of its own.
    [[nodiscard]] SpanSink* spans() { return spans_.get(); }

    // After the last event, before counters() and finish(); again does nothing.
    void finish_links();
    // Of link classes, for a trace.
    [[nodiscard]] std::vector<TimelineCounter> counters() const;
    // Rows of a workload that has a log of its own.
    void set_ranks(RankActivity ranks) { own_ranks_ = std::move(ranks); }

    // After `outcome.report` is complete: puts the activity, and the trace if there is none yet, into the outcome.
    void finish(RunOutcome& outcome);

private:
    void watch_ranks();
    [[nodiscard]] std::vector<std::int64_t> picked(std::int64_t wanted) const;
    [[nodiscard]] std::string name_of(std::int64_t rank) const;
    [[nodiscard]] std::vector<TimelineLane> lanes() const;
    [[nodiscard]] RankActivity rows(const std::vector<TimelineLane>& lanes) const;
    void add_trace(const std::vector<TimelineLane>& lanes, RunOutcome& outcome) const;

    Platform& platform_;
    const Scenario& scenario_;
    const RunOptions& options_;
    std::vector<CardId> cards_;                  // by rank
    std::vector<std::int64_t> representatives_;  // empty: any rank is as good as another
    std::unique_ptr<RankLog> log_;
    std::unique_ptr<SpanLog> spans_;
    std::optional<LinkClasses> classes_;
    std::unique_ptr<LinkWatch> watch_;
    std::optional<LinksOverTime> over_time_;
    std::optional<RankActivity> own_ranks_;
};

// "rank 0 ...; spans below 1 us are drawn together ...": what a trace shows.
[[nodiscard]] std::string trace_note(const Timeline& timeline, bool has_path);

}  // namespace myriad
