// Numbers are exact: whole ones as integers, others as the shortest decimal that reads back to the same double. Axes and
// metrics are told by name, values of axes by index, so that a reader needs nothing but this file.

#include "app/sweep/sweep_json.h"

#include "app/analysis/analysis.h"
#include "app/scenario/metric.h"
#include "app/sweep/columns.h"
#include "app/sweep/metric_text.h"

#include <nlohmann/json.hpp>

#include <cmath>

namespace myriad {
namespace {

using Json = nlohmann::json;

bool is_whole(const Metric& metric) {
    return metric.kind == MetricKind::time || metric.kind == MetricKind::size || metric.kind == MetricKind::count;
}

Json number(const Metric& metric, double value) { return is_whole(metric) ? Json(std::llround(value)) : Json(value); }

template <class T>
Json or_null(const std::optional<T>& value) {
    return value ? Json(*value) : Json();
}

template <class T>
Json list_of(const std::vector<std::optional<T>>& values) {
    Json list = Json::array();
    for (const std::optional<T>& value : values) {
        list.push_back(or_null(value));
    }
    return list;
}

std::string name_of_metric(std::size_t metric) { return std::string(all_metrics()[metric].name); }

const char* name_of_kind(MetricKind kind) {
    constexpr const char* kNames[] = {"time", "bandwidth", "size", "share", "rate", "count", "money", "power", "rent"};
    return kNames[static_cast<std::size_t>(kind)];
}

const char* name_of_better(MetricBetter better) {
    constexpr const char* kNames[] = {"neither", "lower", "higher"};
    return kNames[static_cast<std::size_t>(better)];
}

const char* name_of_role(AxisRole role) {
    constexpr const char* kNames[] = {"design", "load", "tuning"};
    return kNames[static_cast<std::size_t>(role)];
}

Json axes_json(const Sweep& sweep) {
    Json axes = Json::array();
    for (const SweepAxis& axis : sweep.axes) {
        Json values = Json::array();
        Json numbers = Json::array();
        for (const AxisValue& value : axis.values) {
            values.push_back(value.label);
            numbers.push_back(or_null(value.number));
        }
        axes.push_back(
            {{"name", axis.name}, {"role", name_of_role(axis.role)}, {"values", values}, {"numbers", numbers}});
    }
    return axes;
}

Json metrics_json(const std::vector<std::size_t>& used) {
    Json metrics = Json::array();
    for (const std::size_t m : used) {
        const Metric& metric = all_metrics()[m];
        metrics.push_back({{"name", std::string(metric.name)},
                           {"column", column_name(metric)},
                           {"unit", std::string(metric.unit)},
                           {"kind", name_of_kind(metric.kind)},
                           {"better", name_of_better(metric.better)},
                           {"meaning", std::string(metric.meaning)}});
    }
    return metrics;
}

Json points_json(const SweepOutcome& outcome, const std::vector<std::size_t>& used) {
    Json points = Json::array();
    for (const SweepPointResult& point : outcome.points) {
        Json values = Json::object();
        for (const std::size_t m : used) {
            if (point.ran() && point.values[m]) {
                values[name_of_metric(m)] = number(all_metrics()[m], *point.values[m]);
            }
        }
        points.push_back({{"point", point.point.index},
                          {"choice", point.point.choice},
                          {"status", status_of(point)},
                          {"reason", point.reason},
                          {"algorithms", point.algorithms},
                          {"stage", point.stage},
                          {"key", point.key},
                          {"values", values}});
    }
    return points;
}

Json ranking_json(const Ranking& ranking) {
    Json metrics = Json::array();
    for (const std::size_t metric : ranking.metrics) {
        metrics.push_back(name_of_metric(metric));
    }
    Json designs = Json::array();
    for (const RankedDesign& design : ranking.designs) {
        Json values = Json::array();
        for (std::size_t load = 0; load < design.values.size(); ++load) {
            const std::optional<double> value = design.values[load];
            values.push_back(value ? number(all_metrics()[ranking.metrics[load]], *value) : Json());
        }
        designs.push_back({{"choice", design.choice},
                           {"name", design.name},
                           {"tunings", design.tunings},
                           {"points", list_of(design.points)},
                           {"values", values},
                           {"gains", list_of(design.gains)},
                           {"score", or_null(design.score)},
                           {"excluded", design.excluded},
                           {"on_front", design.on_front}});
    }
    return {{"loads", ranking.loads},
            {"metrics", metrics},
            {"reference", ranking.reference},
            {"against_baseline", ranking.against_baseline},
            {"designs", designs}};
}

Json effects_json(const Sweep& sweep, const std::vector<AxisEffect>& effects) {
    Json list = Json::array();
    for (const AxisEffect& effect : effects) {
        list.push_back({{"axis", sweep.axes[effect.axis].name},
                        {"load", effect.load},
                        {"metric", name_of_metric(effect.metric)},
                        {"levels", list_of(effect.levels)},
                        {"spread", effect.spread},
                        {"share", effect.share},
                        {"combinations", effect.combinations},
                        {"fitted", effect.fitted}});
    }
    return list;
}

Json knees_json(const Sweep& sweep, const std::vector<Knee>& knees) {
    Json list = Json::array();
    for (const Knee& knee : knees) {
        list.push_back({{"axis", sweep.axes[knee.axis].name},
                        {"combination", knee.combination},
                        {"metric", name_of_metric(knee.metric)},
                        {"at", or_null(knee.at)},
                        {"share_there", knee.share_there},
                        {"last_doubling", knee.last_doubling},
                        {"points", knee.points},
                        {"sentence", knee.sentence}});
    }
    return list;
}

Json analysis_json(const Sweep& sweep, const Analysis& analysis) {
    Json fronts = Json::array();
    for (const ParetoFront& front : analysis.fronts) {
        fronts.push_back({{"load", front.load},
                          {"x", name_of_metric(front.x)},
                          {"y", name_of_metric(front.y)},
                          {"points", front.points}});
    }
    return {{"headline", analysis.headline},
            {"verdict", analysis.verdict},
            {"ranking", analysis.ranking ? ranking_json(*analysis.ranking) : Json()},
            {"fronts", fronts},
            {"effects", effects_json(sweep, analysis.effects)},
            {"knees", knees_json(sweep, analysis.knees)},
            {"knee_summary", analysis.knee_summary},
            {"warnings", analysis.warnings}};
}

Json objectives_json(const Sweep& sweep) {
    Json objectives = Json::array();
    for (const SweepObjective& objective : sweep.objectives) {
        const auto metric = find_metric(objective.metric);
        objectives.push_back(
            {{"metric", objective.metric}, {"better", name_of_better(all_metrics()[metric.value()].better)}});
    }
    return objectives;
}

Json constraints_json(const Sweep& sweep) {
    Json constraints = Json::array();
    for (const SweepConstraint& constraint : sweep.constraints) {
        constraints.push_back({{"metric", constraint.metric},
                               {"least", or_null(constraint.least)},
                               {"most", or_null(constraint.most)},
                               {"text", constraint.text}});
    }
    return constraints;
}

}  // namespace

std::string sweep_json(const SweepOutcome& outcome) {
    const Sweep& sweep = outcome.sweep;
    const std::vector<std::size_t> used = used_metrics(outcome);
    Json stages = Json::array();
    for (const SweepStage& stage : sweep.stages) {
        stages.push_back(stage.name);
    }
    Json json{{"schema", kSweepSchema},
              {"name", sweep.name},
              {"title", sweep.title},
              {"axes", axes_json(sweep)},
              {"metrics", metrics_json(used)},
              {"points", points_json(outcome, used)},
              {"baseline", sweep.baseline ? Json(*sweep.baseline) : Json()},
              {"objectives", objectives_json(sweep)},
              {"constraints", constraints_json(sweep)},
              {"stages", stages},
              {"columns", sweep.columns},
              {"analysis", analysis_json(sweep, analyse(outcome))}};
    if (!outcome.uncertainty_json.empty()) {
        json["uncertainty"] = Json::parse(outcome.uncertainty_json);
    }
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace myriad
