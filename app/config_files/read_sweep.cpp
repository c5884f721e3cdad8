// A sweep file becomes axes of overrides. Whether an override fits the scenario is found when its point is loaded: a
// point that cannot be built is a result of the sweep (16 cards do not fit 7 links), not an error of the file.

#include "app/config_files/read_scenario.h"

#include "app/config_files/schemas.h"
#include "app/scenario/metric.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <set>
#include <variant>

namespace myriad {
namespace {

// What is wrong with `path` as a path of a scenario; empty if every key on it exists. Without this a typo would make
// every point of the sweep fail, one by one.
std::string path_problem(const std::string& path) {
    const Schema* schema = &scenario_schema();
    std::size_t from = 0;
    while (from <= path.size()) {
        const std::size_t dot = std::min(path.find('.', from), path.size());
        const std::string part = path.substr(from, dot - from);
        const SchemaKey* key = schema->find(part);
        if (key == nullptr) {
            return fmt::format("unknown key '{}' in {}{}", part, schema->name(),
                               did_you_mean(part, schema->key_names()));
        }
        from = dot + 1;
        if (key->shape != Shape::one || key->nested == nullptr) {
            return {};  // a list index or a name of the user's follows, or nothing: judged when a point is loaded
        }
        schema = &key->nested();
    }
    return {};
}

void check_path(Section& s, const char* key, const std::string& path) {
    if (const std::string problem = path_problem(path); !problem.empty()) {
        s.error(key, problem);
    }
}

SweepAxis read_axis(Section s) {
    SweepAxis axis;
    const auto path = s.find<std::string>("path");
    const auto name = s.find<std::string>("name");
    axis.name = name.value_or(path.value_or(""));
    if (path) {
        check_path(s, "path", *path);
        for (const std::string& text : s.yaml_list("values")) {
            axis.values.push_back(AxisValue{.label = text, .overrides = {*path + "=" + text}, .number = {}});
        }
    } else {
        for (Section& choice : s.sections("choices")) {
            axis.values.push_back(
                AxisValue{.label = choice.get<std::string>("name"), .overrides = choice.list<std::string>("set"), .number = {}});
            for (const std::string& text : axis.values.back().overrides) {
                if (text.find('=') == std::string::npos) {
                    choice.error("set", fmt::format("expected 'path=value', found '{}'", text));
                } else {
                    check_path(choice, "set", text.substr(0, text.find('=')));
                }
            }
            choice.finish();
        }
        if (!name) {
            s.error("choices", "an axis of choices needs a 'name'");
        }
    }
    if (axis.values.empty()) {
        s.error(path ? "path" : "name", "expected 'path' with 'values', or 'choices'");
    }
    std::set<std::string> labels;
    for (const AxisValue& value : axis.values) {
        if (!labels.insert(value.label).second) {
            s.error(path ? "values" : "choices", fmt::format("'{}' stands twice on axis '{}'", value.label, axis.name));
        }
    }
    s.finish();
    return axis;
}

const SweepAxis* find_axis(const Sweep& sweep, const std::string& name) {
    const auto at =
        std::find_if(sweep.axes.begin(), sweep.axes.end(), [&](const SweepAxis& axis) { return axis.name == name; });
    return at == sweep.axes.end() ? nullptr : &*at;
}

std::vector<std::string> axis_names(const Sweep& sweep) {
    std::vector<std::string> names;
    for (const SweepAxis& axis : sweep.axes) {
        names.push_back(axis.name);
    }
    return names;
}

void check_axis_name(Section& s, const char* key, const Sweep& sweep, const std::string& name) {
    if (find_axis(sweep, name) == nullptr) {
        s.error(key, fmt::format("unknown axis '{}'{}", name, did_you_mean(name, axis_names(sweep))));
    }
}

// `rows` and `columns`, or what a plot calls them, are two axes; `value` is a column of the sweep; `where` names labels.
void check_pivot(Section& s, const Sweep& sweep, const SweepTable& pivot, const char* rows, const char* columns) {
    check_axis_name(s, rows, sweep, pivot.rows);
    check_axis_name(s, columns, sweep, pivot.columns);
    if (pivot.rows == pivot.columns) {
        s.error(columns, fmt::format("axis '{}' gives the {} already", pivot.rows, rows));
    }
    if (std::find(sweep.columns.begin(), sweep.columns.end(), pivot.value) == sweep.columns.end()) {
        s.error("value", fmt::format("'{}' is not among the columns of the sweep{}", pivot.value,
                                     did_you_mean(pivot.value, sweep.columns)));
    }
    for (const auto& [name, label] : pivot.where) {
        const SweepAxis* axis = find_axis(sweep, name);
        if (axis == nullptr) {
            check_axis_name(s, "where", sweep, name);
            continue;
        }
        std::vector<std::string> labels;
        for (const AxisValue& value : axis->values) {
            labels.push_back(value.label);
        }
        if (std::none_of(labels.begin(), labels.end(),
                         [&, &wanted = label](const std::string& l) { return means_label(wanted, l); })) {
            s.error("where", fmt::format("axis '{}' has no value '{}'{}", name, label, did_you_mean(label, labels)));
        }
    }
}

SweepTable read_pivot(Section& s, const Sweep& sweep, const char* rows, const char* columns) {
    SweepTable pivot;
    pivot.title = s.get<std::string>("title");
    pivot.rows = s.get<std::string>(rows);
    pivot.columns = s.get<std::string>(columns);
    pivot.value = s.get<std::string>("value");
    pivot.where = s.named<std::string>("where");
    check_pivot(s, sweep, pivot, rows, columns);
    return pivot;
}

SweepTable read_table(Section s, const Sweep& sweep) {
    SweepTable table = read_pivot(s, sweep, "rows", "columns");
    s.finish();
    return table;
}

SweepPlot read_plot(Section s, const Sweep& sweep) {
    SweepPlot plot{s.get<std::string>("name"), read_pivot(s, sweep, "x", "series")};
    const bool plain = !plot.name.empty() &&
                       plot.name.find_first_not_of(
                           "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") == std::string::npos;
    if (!plain) {
        s.error("name", fmt::format("'{}' names a file: expected letters, digits, '_' and '-'", plot.name));
    }
    if (std::any_of(sweep.plots.begin(), sweep.plots.end(), [&](const SweepPlot& p) { return p.name == plot.name; })) {
        s.error("name", fmt::format("two plots are called '{}'", plot.name));
    }
    s.finish();
    return plot;
}

}  // namespace

SweepFile read_sweep(Section s) {
    SweepFile file;
    Sweep& sweep = file.sweep;
    sweep.name = s.get<std::string>("name");
    sweep.title = s.find<std::string>("title").value_or(sweep.name);
    file.base = read_scenario(s.section("scenario"));
    for (Section& axis : s.sections("axes")) {
        SweepAxis read = read_axis(axis);
        if (find_axis(sweep, read.name) != nullptr) {
            axis.error("name", fmt::format("two axes are called '{}'", read.name));
        }
        sweep.axes.push_back(std::move(read));
    }
    if (sweep.axes.empty()) {
        s.error("axes", "expected at least one axis");
    }
    constexpr std::size_t kPointsMost = 1'000'000;  // their results are held in memory
    if (const std::size_t points = grid_size(sweep.axes); points > kPointsMost) {
        s.error("axes", fmt::format("{} points, at most {} can be run at once", points, kPointsMost));
    } else {
        sweep.points = grid_points(sweep.axes);
    }
    sweep.columns = s.list<std::string>("columns");
    // In the order of the scenario's variant.
    constexpr MetricWorkload kKinds[] = {MetricWorkload::training,  MetricWorkload::collective,
                                         MetricWorkload::overlap,   MetricWorkload::traffic,
                                         MetricWorkload::iteration, MetricWorkload::inference};
    const MetricWorkload kind = kKinds[file.base.workload.index()];
    for (const std::string& name : sweep.columns) {
        const std::string problem = metric_problem(name, kind);
        if (!problem.empty()) {
            s.error("columns", problem);
        }
    }
    for (const Section& table : s.sections("tables")) {
        sweep.tables.push_back(read_table(table, sweep));
    }
    for (const Section& plot : s.sections("plots")) {
        sweep.plots.push_back(read_plot(plot, sweep));
    }
    s.finish();
    return file;
}

}  // namespace myriad
