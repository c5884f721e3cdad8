// A sweep file becomes axes, points and questions. Axes are read in read_sweep_axes.cpp, conditions over them in
// read_sweep_conditions.cpp, what is asked in read_sweep_goals.cpp; here are its tables and plots.

#include "app/config_files/read_limits.h"
#include "app/config_files/read_scenario.h"
#include "app/config_files/read_sweep_axes.h"
#include "app/config_files/read_sweep_conditions.h"
#include "app/config_files/read_sweep_goals.h"
#include "app/config_files/schemas.h"
#include "app/config_files/sweep_points.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace myriad {
namespace {

// Where tables and plots are read into. Where the sweep lists no columns, any result of `kinds` may be a value, and
// becomes a column.
struct PivotReader {
    Sweep& sweep;
    bool any_result = false;
    std::vector<MetricWorkload> kinds;
};

const SweepAxis* find_axis(const Sweep& sweep, const std::string& name) {
    const auto at =
        std::find_if(sweep.axes.begin(), sweep.axes.end(), [&](const SweepAxis& axis) { return axis.name == name; });
    return at == sweep.axes.end() ? nullptr : &*at;
}

void check_axis_name(Section& s, const char* key, const Sweep& sweep, const std::string& name) {
    if (find_axis(sweep, name) == nullptr) {
        s.error(key, fmt::format("unknown axis '{}'{}", name, did_you_mean(name, axis_names(sweep.axes))));
    }
}

// `rows` and `columns`, or what a plot calls them, are two axes; `value` is a column of the sweep; `where` names labels.
void check_pivot(Section& s, PivotReader& reader, const SweepTable& pivot, const char* rows, const char* columns) {
    Sweep& sweep = reader.sweep;
    check_axis_name(s, rows, sweep, pivot.rows);
    check_axis_name(s, columns, sweep, pivot.columns);
    if (pivot.rows == pivot.columns) {
        s.error(columns, fmt::format("axis '{}' gives the {} already", pivot.rows, rows));
    }
    const bool is_column = std::find(sweep.columns.begin(), sweep.columns.end(), pivot.value) != sweep.columns.end();
    if (!is_column && reader.any_result) {
        if (const std::string problem = result_problem(pivot.value, reader.kinds); !problem.empty()) {
            s.error("value", problem);
        } else {
            sweep.columns.push_back(pivot.value);
        }
    } else if (!is_column) {
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

// Axes that a cell is the best of, and by what.
void read_best(Section& s, const PivotReader& reader, SweepTable& pivot) {
    pivot.best_of = s.list<std::string>("best_of");
    const auto best_by = s.find<std::string>("best_by");
    if (pivot.best_of.empty()) {
        if (best_by) {
            s.error("best_by", "nothing is the best of anything without 'best_of'");
        }
        return;
    }
    pivot.best_by = best_by.value_or(pivot.value);
    for (std::size_t i = 0; i < pivot.best_of.size(); ++i) {
        const std::string& name = pivot.best_of[i];
        const auto before = pivot.best_of.begin() + static_cast<std::ptrdiff_t>(i);
        check_axis_name(s, "best_of", reader.sweep, name);
        if (name == pivot.rows || name == pivot.columns) {
            s.error("best_of", fmt::format("axis '{}' is one of the two that the picture or table is over", name));
        } else if (std::find(pivot.best_of.begin(), before, name) != before) {
            s.error("best_of", fmt::format("axis '{}' is named twice", name));
        }
    }
    const std::string problem = best_by ? result_problem(*best_by, reader.kinds) : std::string{};
    const auto metric = find_metric(pivot.best_by);
    if (!problem.empty()) {
        s.error("best_by", problem);
    } else if (metric && all_metrics()[*metric].better == MetricBetter::neither) {
        s.error(best_by ? "best_by" : "best_of",
                fmt::format("'{}' is neither better high nor low; 'best_by' names a result that is", pivot.best_by));
    }
}

SweepTable read_pivot(Section& s, PivotReader& reader, const char* rows, const char* columns) {
    SweepTable pivot;
    pivot.title = s.get<std::string>("title");
    pivot.rows = s.get<std::string>(rows);
    pivot.columns = s.get<std::string>(columns);
    pivot.value = s.get<std::string>("value");
    pivot.where = s.named<std::string>("where");
    check_pivot(s, reader, pivot, rows, columns);
    read_best(s, reader, pivot);
    return pivot;
}

SweepTable read_table(Section s, PivotReader& reader) {
    SweepTable table = read_pivot(s, reader, "rows", "columns");
    s.finish();
    return table;
}

SweepPlot read_plot(Section s, PivotReader& reader) {
    const Sweep& sweep = reader.sweep;
    SweepPlot plot{s.get<std::string>("name"), read_pivot(s, reader, "x", "series")};
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

PointLimits read_limits(Section& sweep) {
    PointLimits limits;
    if (!sweep.has("limits")) {
        return limits;
    }
    Section s = sweep.section("limits");
    if (const auto text = s.find<std::string>("time")) {
        const Parsed<HostDuration> time = parse_host_time(*text);
        if (!time) {
            s.error("time", time.problem);
        }
        limits.time = time.value;
    }
    limits.memory = s.find<Bytes>("memory").value_or(Bytes{});
    s.finish();
    return limits;
}

SweepFile read_sweep(Section s) {
    SweepFile file;
    Sweep& sweep = file.sweep;
    sweep.name = s.get<std::string>("name");
    sweep.title = s.find<std::string>("title").value_or(sweep.name);
    file.base = read_scenario(s.section("scenario"));
    const std::vector<ReadAxis> axes = read_axes(s);
    SweepSpace space = read_space(s, axes);
    const std::size_t wrong = s.errors();
    check_axes_apart(axes, space);
    const std::vector<MetricWorkload> kinds = workload_kinds(file.base, space.axes);
    read_goals(s, kinds, sweep);
    sweep.stages = read_stages(s, space, !sweep.objectives.empty());
    std::optional<Choice> baseline = read_baseline(s, space, axes);
    if (wrong == 0) {
        make_points(s, axes, std::move(space), std::move(baseline), sweep);
    } else {
        // Points of wrong axes or conditions would only be told as wrong again.
        sweep.axes = std::move(space.axes);
        if (s.has("sample")) {
            static_cast<void>(s.section("sample"));
        }
    }
    static_cast<void>(read_limits(s));  // whoever runs it asks again
    PivotReader reader{sweep, !s.has("columns"), kinds};
    for (const Section& table : s.sections("tables")) {
        sweep.tables.push_back(read_table(table, reader));
    }
    for (const Section& plot : s.sections("plots")) {
        sweep.plots.push_back(read_plot(plot, reader));
    }
    s.finish();
    return file;
}

}  // namespace myriad
