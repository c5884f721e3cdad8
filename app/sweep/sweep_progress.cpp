// "Best" is the first objective, or the first column where the sweep has none, in the metric's better direction.

#include "app/sweep/sweep_progress.h"

#include "app/scenario/metric.h"
#include "app/sweep/metric_text.h"

#include <utility>

namespace myriad {

SweepProgress::SweepProgress(const Sweep& sweep, const SweepStage* stage, std::size_t points, bool wanted,
                             ProgressSink sink)
    : sweep_(sweep),
      label_(sweep.name + (stage != nullptr ? " " + stage->name : std::string{})),
      points_(points),
      wanted_(wanted),
      sink_(std::move(sink)) {
    const std::string name = !sweep.objectives.empty() ? sweep.objectives.front().metric
                             : !sweep.columns.empty()  ? sweep.columns.front()
                                                       : std::string{};
    metric_ = find_metric(name);
    if (metric_ && all_metrics()[*metric_].better == MetricBetter::neither) {
        metric_.reset();
    }
}

void SweepProgress::start(std::size_t known) {
    known_ = known;
    if (wanted_) {
        line_.emplace(label_, static_cast<std::int64_t>(points_), sink_, static_cast<std::int64_t>(known));
        draw();
    }
}

void SweepProgress::add(const EnginePoint& end) {
    ++done_;
    const bool ran = end.record.outcome == ChildOutcome::succeeded;
    failed_ += ran ? 0U : 1U;
    if (ran && metric_ && end.record.values[*metric_]) {
        const double value = *end.record.values[*metric_];
        const bool higher = all_metrics()[*metric_].better == MetricBetter::higher;
        if (!best_ || (higher ? value > *best_ : value < *best_)) {
            best_ = value;
            best_point_ = end.index;
        }
    }
    draw();
}

void SweepProgress::say(const std::string& state) {
    state_ = state;
    draw();
}

std::string SweepProgress::detail() const {
    std::string text = state_;
    const auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
    if (known_ > 0) {
        add(std::to_string(known_) + " known");
    }
    if (failed_ > 0) {
        add(std::to_string(failed_) + " failed");
    }
    if (best_) {
        const Metric& metric = all_metrics()[*metric_];
        const MetricScale scale(metric, {*best_});
        std::string best = "best " + scale.text(*best_);
        best += scale.unit().empty() ? "" : " " + std::string(scale.unit());
        const SweepPoint& point = sweep_.points[best_point_];
        for (std::size_t a = 0; a < sweep_.axes.size(); ++a) {
            best += (a == 0 ? " at " : " ") + sweep_.axes[a].values[point.choice[a]].label;
        }
        add(best);
    }
    return text;
}

void SweepProgress::draw() {
    if (line_) {
        line_->update(static_cast<std::int64_t>(done_), detail());
    }
}

}  // namespace myriad
