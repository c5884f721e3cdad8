// A result is known by the kind of workload that has it. An axis may swap the workload, so several kinds may be there.

#include "app/config_files/read_sweep_goals.h"

#include "app/config_files/read_sweep_conditions.h"
#include "app/config_files/sweep_paths.h"
#include "sim/config/node.h"
#include "sim/units/quantity_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <utility>

namespace myriad {
namespace {

struct NamedKind {
    std::string_view key;  // of `workload`
    MetricWorkload kind;
};
// In the order of the scenario's variant.
constexpr NamedKind kKinds[] = {{"training", MetricWorkload::training},   {"collective", MetricWorkload::collective},
                                {"overlap", MetricWorkload::overlap},     {"traffic", MetricWorkload::traffic},
                                {"iteration", MetricWorkload::iteration}, {"inference", MetricWorkload::inference}};

// What a sweep tabulates if it says nothing.
std::vector<std::string> main_results(MetricWorkload kind) {
    switch (kind) {
        case MetricWorkload::training:
            return {"step_time", "tokens_per_second", "mfu", "memory_share"};
        case MetricWorkload::collective:
            return {"time", "busbw"};
        case MetricWorkload::overlap:
            return {"together", "slowdown"};
        case MetricWorkload::traffic:
            return {"makespan", "bandwidth"};
        case MetricWorkload::iteration:
            return {"iteration_time"};
        default:
            return {"tpot", "ttft", "tokens_per_second", "memory_share"};
    }
}

void add_once(std::vector<std::string>& names, const std::string& name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) {
        names.push_back(name);
    }
}

void read_objectives(Section& s, const std::vector<MetricWorkload>& kinds, Sweep& out) {
    constexpr std::size_t kMost = 4;
    for (const ConfigNode& node : s.yaml_items("objectives")) {
        const std::string name = node.text;
        const std::string problem = result_problem(name, kinds);
        if (!problem.empty()) {
            s.error_at(node.mark, problem);
        } else if (all_metrics()[*find_metric(name)].better == MetricBetter::neither) {
            s.error_at(node.mark, fmt::format("'{}' is neither better high nor low, so it is no objective", name));
        } else if (std::any_of(out.objectives.begin(), out.objectives.end(),
                               [&](const SweepObjective& other) { return other.metric == name; })) {
            s.error_at(node.mark, fmt::format("'{}' is an objective already", name));
        } else {
            out.objectives.push_back({name});
        }
    }
    if (out.objectives.size() > kMost) {
        s.error("objectives", fmt::format("{} objectives, at most {}", out.objectives.size(), kMost));
    }
}

// A limit in the unit of the metric, or what is wrong with it.
Parsed<double> read_limit(MetricKind kind, std::string_view text) {
    const auto whole = [](const auto& parsed) {
        return Parsed<double>{parsed ? static_cast<double>(parsed.value.count()) : 0.0, parsed.problem};
    };
    switch (kind) {
        case MetricKind::time:
            return whole(parse_quantity<Picoseconds>(text));
        case MetricKind::size:
            return whole(parse_quantity<Bytes>(text));
        case MetricKind::bandwidth:
            return whole(parse_quantity<BytesPerSecond>(text));
        default:
            break;
    }
    double factor = 1.0;
    std::string_view number = text;
    const auto without = [&](std::string_view unit) {
        const bool there = number.ends_with(unit);
        number = there ? trimmed(number.substr(0, number.size() - unit.size())) : number;
        return there;
    };
    const bool has_unit = kind == MetricKind::share   ? without("%")
                          : kind == MetricKind::money ? without("USD")
                          : kind == MetricKind::rate  ? without("1/s")
                                                      : false;
    if (kind == MetricKind::share && has_unit) {
        factor = 0.01;
    }
    const auto parsed = parse_number(number);
    if (!parsed || !std::isfinite(parsed.value) || (kind == MetricKind::money && !has_unit)) {
        return {0.0, fmt::format("expected {}, found '{}'",
                                 kind == MetricKind::share   ? "a share, like '0.9' or '90 %'"
                                 : kind == MetricKind::money ? "a price, like '2 USD'"
                                                             : "a number",
                                 text)};
    }
    return {parsed.value * factor, {}};
}

void read_constraint(Section& s, const ConfigNode& node, const std::vector<MetricWorkload>& kinds, Sweep& out) {
    const std::string& text = node.text;
    const std::size_t at = text.find_first_of("<>");
    if (node.type != ConfigNode::Type::scalar || at == std::string::npos) {
        s.error_at(node.mark, fmt::format("expected a result and its limit, like 'memory_share <= 90 %', found '{}'",
                                          node.type == ConfigNode::Type::scalar ? text : flow_yaml(node)));
        return;
    }
    const bool has_equal = at + 1 < text.size() && text[at + 1] == '=';
    SweepConstraint constraint;
    constraint.metric = std::string(trimmed(std::string_view(text).substr(0, at)));
    constraint.text = text;
    if (const std::string problem = result_problem(constraint.metric, kinds); !problem.empty()) {
        s.error_at(node.mark, problem);
        return;
    }
    const Metric& metric = all_metrics()[*find_metric(constraint.metric)];
    const auto limit = read_limit(metric.kind, trimmed(std::string_view(text).substr(at + (has_equal ? 2 : 1))));
    if (!limit) {
        s.error_at(node.mark, fmt::format("constraint '{}': {}", text, limit.problem));
        return;
    }
    // Limits are inclusive: "< 2" is "at most the number before 2".
    const double infinity = std::numeric_limits<double>::infinity();
    if (text[at] == '<') {
        constraint.most = has_equal ? limit.value : std::nextafter(limit.value, -infinity);
    } else {
        constraint.least = has_equal ? limit.value : std::nextafter(limit.value, infinity);
    }
    for (const SweepConstraint& other : out.constraints) {
        if (other.metric == constraint.metric && other.most.has_value() == constraint.most.has_value()) {
            s.error_at(node.mark, fmt::format("'{}' has the limit '{}' already", constraint.metric, other.text));
            return;
        }
    }
    out.constraints.push_back(std::move(constraint));
}

// "25 %" or a count.
void read_keep(Section& stage, const std::string& text, SweepStage& out) {
    const auto count = parse_integer(text);
    if (count && count.value >= 1) {
        out.keep_count = static_cast<std::size_t>(count.value);
        return;
    }
    const auto share = read_limit(MetricKind::share, text);
    if (!share || count || share.value <= 0.0 || share.value >= 1.0) {
        stage.error("keep", fmt::format("expected a share between 0 and 100 % or a count, found '{}'", text));
        return;
    }
    out.keep = share.value;
}

void check_stage_path(Section& stage, const std::string& text, const SweepSpace& space) {
    if (const std::string problem = override_problem(text); !problem.empty()) {
        stage.error("set", problem);
        return;
    }
    const std::vector<PathSet> own = paths_set_by(text);
    for (const DerivedPath& derived : space.derived) {
        if (std::any_of(own.begin(), own.end(), [&](const PathSet& o) { return o.path == derived.path; })) {
            stage.error("set", fmt::format("{} is derived, so a stage cannot set it", derived.path));
        }
    }
    for (const SweepAxis& axis : space.axes) {
        for (const AxisValue& value : axis.values) {
            for (const std::string& of_axis : value.overrides) {
                for (const PathSet& set : paths_set_by(of_axis)) {
                    if (std::any_of(own.begin(), own.end(), [&](const PathSet& o) { return o.path == set.path; })) {
                        stage.error("set", fmt::format("axis '{}' sets {}, so a stage cannot", axis.name, set.path));
                        return;
                    }
                }
            }
        }
    }
}

}  // namespace

std::vector<MetricWorkload> workload_kinds(const Scenario& base, const std::vector<SweepAxis>& axes) {
    std::vector<MetricWorkload> kinds = {kKinds[base.workload.index()].kind};
    for (const SweepAxis& axis : axes) {
        for (const AxisValue& value : axis.values) {
            for (const std::string& text : value.overrides) {
                if (!text.starts_with("workload=")) {
                    continue;
                }
                for (const PathSet& set : paths_set_by(text)) {
                    for (const NamedKind& named : kKinds) {
                        const std::string prefix = "workload." + std::string(named.key);
                        if ((set.path + ".").starts_with(prefix + ".") &&
                            std::find(kinds.begin(), kinds.end(), named.kind) == kinds.end()) {
                            kinds.push_back(named.kind);
                        }
                    }
                }
            }
        }
    }
    return kinds;
}

std::string result_problem(const std::string& name, const std::vector<MetricWorkload>& kinds) {
    std::vector<std::string> names;
    for (const MetricWorkload kind : kinds) {
        if (metric_problem(name, kind).empty()) {
            return {};
        }
        for (const std::string& one : metric_names(kind)) {
            add_once(names, one);
        }
    }
    if (kinds.size() == 1) {
        return metric_problem(name, kinds.front());
    }
    const std::string guess = did_you_mean(name, names);
    return fmt::format("{} '{}'{}", find_metric(name) ? "no workload of the sweep has the result" : "unknown result",
                       name, guess.empty() ? fmt::format("; expected one of {}", fmt::join(names, ", ")) : guess);
}

void read_goals(Section& sweep, const std::vector<MetricWorkload>& kinds, Sweep& out) {
    read_objectives(sweep, kinds, out);
    for (const ConfigNode& node : sweep.yaml_items("constraints")) {
        read_constraint(sweep, node, kinds, out);
    }
    out.columns = sweep.list<std::string>("columns");
    for (const std::string& name : out.columns) {
        if (const std::string problem = result_problem(name, kinds); !problem.empty()) {
            sweep.error("columns", problem);
        }
    }
    if (!out.columns.empty()) {
        return;
    }
    for (const SweepObjective& objective : out.objectives) {
        add_once(out.columns, objective.metric);
    }
    for (const SweepConstraint& constraint : out.constraints) {
        add_once(out.columns, constraint.metric);
    }
    if (out.objectives.empty()) {
        for (const MetricWorkload kind : kinds) {
            for (const std::string& name : main_results(kind)) {
                add_once(out.columns, name);
            }
        }
    }
}

std::optional<Choice> read_baseline(Section& sweep, SweepSpace& space, const std::vector<ReadAxis>& axes) {
    const ConfigNode* map = sweep.yaml_node("baseline");
    if (map == nullptr) {
        return std::nullopt;
    }
    if (map->type != ConfigNode::Type::map) {
        sweep.error("baseline",
                    fmt::format("expected a label of every axis, like {{axis: label}}, found {}", found_text(*map)));
        return std::nullopt;
    }
    std::vector<std::optional<std::size_t>> named(space.axes.size());
    bool good = true;
    for (const ConfigEntry& entry : map->entries) {
        const auto axis = find_axis(sweep, entry.key_mark, space.axes, entry.key);
        good = good && axis.has_value();
        if (!axis) {
            continue;
        }
        if (space.axes[*axis].role != AxisRole::design) {
            const bool is_load = space.axes[*axis].role == AxisRole::load;
            sweep.error_at(entry.key_mark,
                           fmt::format("axis '{}' is a {}: a baseline is a design, {} every load", entry.key,
                                       is_load ? "load" : "tuning", is_load ? "at" : "with its best tuning at"));
            good = false;
            continue;
        }
        const std::string label =
            entry.value.type == ConfigNode::Type::scalar ? entry.value.text : flow_yaml(entry.value);
        if (space.continuous[*axis] && label != kInertLabel) {
            if (!axes[*axis].range->share_of(label)) {
                sweep.error_at(entry.value.mark,
                               fmt::format("'{}' is not in the range of axis '{}'", label, entry.key));
                good = false;
                continue;
            }
            named[*axis] = space.axes[*axis].values.size();
            space.axes[*axis].values.push_back(AxisValue{.label = label,
                                                         .overrides = {axes[*axis].path + "=" + label},
                                                         .number = number_of_label(label)->value});
            continue;
        }
        named[*axis] = find_label(sweep, entry.value.mark, space.axes[*axis], label);
        good = good && named[*axis].has_value();
    }
    Choice choice(space.axes.size(), 0);
    for (std::size_t a = 0; a < space.axes.size(); ++a) {
        const bool is_free = space.axes[a].role != AxisRole::design || space.axes[a].values.size() == 1;
        // An axis that does not apply to the baseline need not be named.
        choice[a] = named[a].value_or(is_free ? 0 : space.inert[a].value_or(0));
        if (good && !named[a] && !is_free && !space.inert[a]) {
            sweep.error("baseline", fmt::format("no label of axis '{}'", space.axes[a].name));
            good = false;
        }
    }
    return good ? std::optional<Choice>(std::move(choice)) : std::nullopt;
}

std::vector<SweepStage> read_stages(Section& sweep, const SweepSpace& space, bool has_objective) {
    std::vector<SweepStage> stages;
    if (!sweep.has("halving")) {
        return stages;
    }
    Section halving = sweep.section("halving");
    std::vector<Section> sections = halving.sections("stages");
    std::set<std::string> names;
    for (std::size_t i = 0; i < sections.size(); ++i) {
        Section& section = sections[i];
        SweepStage stage;
        stage.name = section.get<std::string>("name");
        stage.overrides = section.list<std::string>("set");
        for (const std::string& text : stage.overrides) {
            check_stage_path(section, text, space);
        }
        if (!names.insert(stage.name).second) {
            section.error("name", fmt::format("two stages are called '{}'", stage.name));
        }
        const auto keep = section.find<std::string>("keep");
        const bool is_last = i + 1 == sections.size();
        if (is_last && keep) {
            section.error("keep", "nothing comes after the last stage");
        } else if (!is_last && !keep) {
            section.error("name",
                          fmt::format("stage '{}' needs 'keep': how many designs go on, like '25 %'", stage.name));
        } else if (keep) {
            read_keep(section, *keep, stage);
        }
        section.finish();
        stages.push_back(std::move(stage));
    }
    halving.finish();
    if (sections.size() < 2) {
        halving.error("stages", "expected at least two stages");
    }
    if (!has_objective) {
        sweep.error("halving", "halving needs to know what is good: name a result in 'objectives'");
    }
    return stages;
}

}  // namespace myriad
