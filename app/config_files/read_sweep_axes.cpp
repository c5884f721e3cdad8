// An axis is a list of labels with overrides, whichever way it is written. Whether an override fits the scenario is
// found when its point is loaded: a point that cannot be built is a result of the sweep (16 cards do not fit 7 links),
// not an error of the file.

#include "app/config_files/read_sweep_axes.h"

#include "app/config_files/formula.h"
#include "app/config_files/sweep_paths.h"
#include "app/config_files/sweep_words.h"
#include "sim/config/node.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace myriad {
namespace {

std::optional<double> plain_number(const std::string& label) {
    const auto number = number_of_label(label);
    return number ? std::optional<double>(number->value) : std::nullopt;
}

AxisValue value_of(const std::string& path, const std::string& label) {
    return AxisValue{.label = label, .overrides = {path + "=" + label}, .number = plain_number(label)};
}

// Labels of a range. One that is drawn has none yet; `continuous` then holds it.
std::vector<std::string> read_range(Section s, std::optional<AxisRange>* continuous) {
    const bool is_log = s.enumeration("scale", kScaleWords);
    AxisRange range(s.get<std::string>("from"), s.get<std::string>("to"), is_log);
    const auto steps = s.find<std::int64_t>("steps");
    const auto step = s.find<std::string>("step");
    const auto factor = s.find<std::string>("factor");
    s.finish();
    if (!range.problem().empty()) {
        s.error("from", range.problem());
        return {};
    }
    if (int{steps.has_value()} + int{step.has_value()} + int{factor.has_value()} > 1) {
        s.error("from", "expected one of 'steps', 'step' and 'factor'");
        return {};
    }
    if (is_log && (step || factor)) {
        s.error("scale",
                fmt::format("'scale' goes with 'steps'; '{}' says the scale already", step ? "step" : "factor"));
        return {};
    }
    if (!steps && !step && !factor) {
        if (continuous == nullptr) {
            s.error("from", "expected 'steps', 'step' or 'factor': paths that are zipped are not drawn");
        } else {
            *continuous = std::move(range);
        }
        return {};
    }
    const AxisRange::Labels labels = steps  ? range.by_steps(*steps)
                                     : step ? range.by_step(*step)
                                            : range.by_factor(*factor);
    if (!labels.problem.empty()) {
        s.error(steps ? "steps" : step ? "step" : "factor", labels.problem);
        return {};
    }
    return labels.labels;
}

void check_path(Section& s, const std::string& path) {
    if (const std::string problem = path_problem(path); !problem.empty()) {
        s.error("path", problem);
    }
}

// Labels of `values` or `range`, of which there must be one.
std::vector<std::string> read_labels(Section& s, std::optional<AxisRange>* continuous) {
    if (s.has("values") == s.has("range")) {
        s.error("path", "expected 'values' or 'range' with 'path'");
        static_cast<void>(s.yaml_list("values"));
        if (s.has("range")) {
            static_cast<void>(read_range(s.section("range"), continuous));
        }
        return {};
    }
    if (s.has("range")) {
        return read_range(s.section("range"), continuous);
    }
    std::vector<std::string> labels = s.yaml_list("values");
    if (labels.empty()) {
        s.error("values", "expected at least one value");
    }
    return labels;
}

void read_path(Section& s, ReadAxis& read) {
    read.path = s.get<std::string>("path");
    check_path(s, read.path);
    for (const std::string& label : read_labels(s, &read.range)) {
        read.axis.values.push_back(value_of(read.path, label));
    }
    if (read.range) {
        // Stands for all values until they are drawn.
        read.axis.values.push_back(value_of(read.path, read.range->label_at(0.0)));
    }
}

void read_zip(Section& s, SweepAxis& axis) {
    std::vector<Section> parts = s.sections("zip");
    std::size_t first = 0;  // how many values the first has
    for (std::size_t p = 0; p < parts.size(); ++p) {
        Section& part = parts[p];
        const std::string path = part.get<std::string>("path");
        check_path(part, path);
        const std::vector<std::string> labels = read_labels(part, nullptr);
        part.finish();
        if (p == 0) {
            first = labels.size();
            axis.values.resize(first);
        } else if (labels.size() != first && !labels.empty() && first != 0) {
            part.error(part.has("values") ? "values" : "range",
                       fmt::format("{} values are zipped with {} of '{}'", labels.size(), first,
                                   parts[0].get<std::string>("path")));
        }
        for (std::size_t v = 0; v < std::min(first, labels.size()); ++v) {
            AxisValue& value = axis.values[v];
            value.label += (p == 0 ? "" : " / ") + labels[v];
            value.overrides.push_back(path + "=" + labels[v]);
        }
    }
    if (parts.size() < 2) {
        s.error("zip", "expected at least two paths");
    }
}

void read_choices(Section& s, SweepAxis& axis) {
    for (Section& choice : s.sections("choices")) {
        AxisValue value{.label = choice.get<std::string>("name"), .overrides = {}, .number = {}};
        value.number = choice.has("number") ? choice.find<double>("number") : plain_number(value.label);
        if (const ConfigNode* piece = choice.yaml_node("with")) {
            value.overrides = overrides_of_piece(choice, *piece);
        }
        for (std::string& text : choice.list<std::string>("set")) {
            if (const std::string problem = override_problem(text); !problem.empty()) {
                choice.error("set", problem);
            }
            value.overrides.push_back(std::move(text));
        }
        choice.finish();
        axis.values.push_back(std::move(value));
    }
}

void check_labels(Section& s, const char* key, const SweepAxis& axis) {
    std::set<std::string> labels;
    for (const AxisValue& value : axis.values) {
        if (!labels.insert(value.label).second) {
            s.error(key, fmt::format("'{}' stands twice on axis '{}'", value.label, axis.name));
        }
        if (value.label == kInertLabel) {
            s.error(key, fmt::format("'{}' is the label of where an axis does not apply", kInertLabel));
        }
    }
}

ReadAxis read_axis(Section s) {
    ReadAxis read{.section = s, .axis = {}, .formula_name = {}, .range = {}, .path = {}};
    const auto name = s.find<std::string>("name");
    const bool has_path = s.has("path");
    const char* key = has_path ? (s.has("range") ? "range" : "values") : s.has("zip") ? "zip" : "choices";
    if (int{has_path} + int{s.has("zip")} + int{s.has("choices")} != 1) {
        s.error(has_path ? "path" : "name", "expected one of 'path' with 'values' or 'range', 'zip', and 'choices'");
    }
    read.axis.name = name.value_or(has_path ? s.get<std::string>("path") : "");
    read.axis.role = s.enumeration("role", kAxisRoleWords);
    if (has_path) {
        read_path(s, read);
    } else if (s.has("zip")) {
        read_zip(s, read.axis);
    } else if (s.has("choices")) {
        read_choices(s, read.axis);
    }
    if (!has_path && !name) {
        s.error(key, fmt::format("an axis of {} needs a 'name'", s.has("zip") ? "zipped paths" : "choices"));
    }
    if (!has_path && !s.has("zip") && s.has("choices") && read.axis.values.empty()) {
        s.error("choices", "expected at least one choice");
    }
    check_labels(s, key, read.axis);
    read.formula_name = s.find<std::string>("as").value_or(is_formula_name(read.axis.name) ? read.axis.name : "");
    if (s.has("as") && !is_formula_name(read.formula_name)) {
        s.error("as", fmt::format("expected a name of letters, digits and '_', found '{}'", read.formula_name));
    }
    static_cast<void>(s.yaml_node("when"));  // read when all axes are known
    s.finish();
    return read;
}

// What the values of an axis set: path -> values that do.
struct AxisPaths {
    std::vector<std::pair<PathSet, std::vector<std::size_t>>> paths;

    explicit AxisPaths(const SweepAxis& axis) {
        for (std::size_t v = 0; v < axis.values.size(); ++v) {
            for (const std::string& text : axis.values[v].overrides) {
                for (PathSet& set : paths_set_by(text)) {
                    add(std::move(set), v);
                }
            }
        }
    }

private:
    void add(PathSet set, std::size_t value) {
        const auto at =
            std::find_if(paths.begin(), paths.end(), [&](const auto& known) { return known.first.path == set.path; });
        if (at == paths.end()) {
            paths.push_back({std::move(set), {value}});
            return;
        }
        at->first.is_whole = at->first.is_whole || set.is_whole;
        if (at->second.back() != value) {
            at->second.push_back(value);
        }
    }
};

// What `when` says of each other axis, for one axis.
const std::vector<LabelMatch>* when_of(const SweepSpace& space, std::size_t axis) {
    for (const SpaceCondition& condition : space.conditions) {
        if (condition.kind == SpaceCondition::Kind::when && condition.when_axis == axis) {
            return &condition.matches;
        }
    }
    return nullptr;
}

bool allows(const std::vector<LabelMatch>* when, std::size_t axis, std::size_t value) {
    return when == nullptr || std::all_of(when->begin(), when->end(), [&](const LabelMatch& match) {
               return match.axis != axis || match.meant[value];
           });
}

// Whether value `va` of axis a and `vb` of b stand together at some point, as far as `when` tells.
bool can_meet(const SweepSpace& space, std::size_t a, std::size_t va, std::size_t b, std::size_t vb) {
    const auto* when_a = when_of(space, a);
    const auto* when_b = when_of(space, b);
    if (!allows(when_a, b, vb) || !allows(when_b, a, va)) {
        return false;
    }
    if (when_a == nullptr || when_b == nullptr) {
        return true;
    }
    for (const LabelMatch& one : *when_a) {
        for (const LabelMatch& other : *when_b) {
            bool common = one.axis != other.axis;
            for (std::size_t v = 0; !common && v < one.meant.size(); ++v) {
                common = one.meant[v] && other.meant[v];
            }
            if (!common) {
                return false;
            }
        }
    }
    return true;
}

bool can_meet(const SweepSpace& space, std::size_t a, const std::vector<std::size_t>& of_a, std::size_t b,
              const std::vector<std::size_t>& of_b) {
    return std::any_of(of_a.begin(), of_a.end(), [&](std::size_t va) {
        return std::any_of(of_b.begin(), of_b.end(), [&](std::size_t vb) { return can_meet(space, a, va, b, vb); });
    });
}

// "workload.collective.op" -> "collective"
std::string workload_in(const std::string& path) {
    constexpr std::string_view kPrefix = "workload.";
    return path.starts_with(kPrefix) ? path.substr(kPrefix.size(), path.find('.', kPrefix.size()) - kPrefix.size())
                                     : "";
}

// What is wrong with axis `b` after axis `a` as to two of their paths; empty: nothing.
std::string clash(const SweepAxis& a, const PathSet& of_a, const SweepAxis& b, const PathSet& of_b) {
    if (of_a.path == of_b.path) {
        return fmt::format("axes '{}' and '{}' both set {}", a.name, b.name, of_a.path);
    }
    if (of_b.is_whole && of_a.path.starts_with(of_b.path + ".")) {
        return fmt::format("axis '{}' replaces {}, in which axis '{}' sets {} before; put '{}' after '{}'", b.name,
                           of_b.path, a.name, of_a.path, a.name, b.name);
    }
    const std::string one = workload_in(of_a.path);
    const std::string other = workload_in(of_b.path);
    if (!one.empty() && !other.empty() && one != other) {
        return fmt::format(
            "axis '{}' sets {} and axis '{}' {}, but a point has one workload; say with 'when' where an "
            "axis applies",
            a.name, of_a.path, b.name, of_b.path);
    }
    return {};
}

}  // namespace

std::vector<ReadAxis> read_axes(Section& sweep) {
    std::vector<ReadAxis> axes;
    for (const Section& section : sweep.sections("axes")) {
        ReadAxis read = read_axis(section);
        for (const ReadAxis& other : axes) {
            if (other.axis.name == read.axis.name) {
                read.section.error("name", fmt::format("two axes are called '{}'", read.axis.name));
            } else if (!read.formula_name.empty() && other.formula_name == read.formula_name) {
                read.section.error(read.section.has("as") ? "as" : "name",
                                   fmt::format("formulas know two axes as '{}'", read.formula_name));
            }
        }
        axes.push_back(std::move(read));
    }
    if (axes.empty()) {
        sweep.error("axes", "expected at least one axis");
    }
    return axes;
}

void check_axes_apart(const std::vector<ReadAxis>& read, const SweepSpace& space) {
    std::vector<AxisPaths> paths;
    paths.reserve(space.axes.size());
    for (const SweepAxis& axis : space.axes) {
        paths.emplace_back(axis);
    }
    for (std::size_t b = 0; b < paths.size(); ++b) {
        Section s = read[b].section;
        std::string problem;
        for (std::size_t a = 0; a < b && problem.empty(); ++a) {
            for (const auto& [of_a, values_of_a] : paths[a].paths) {
                for (const auto& [of_b, values_of_b] : paths[b].paths) {
                    const std::string found = clash(space.axes[a], of_a, space.axes[b], of_b);
                    if (problem.empty() && !found.empty() && can_meet(space, a, values_of_a, b, values_of_b)) {
                        problem = found;
                    }
                }
            }
        }
        if (!problem.empty()) {
            s.error("name", problem);
        }
    }
}

std::vector<std::string> axis_names(const std::vector<SweepAxis>& axes) {
    std::vector<std::string> names;
    for (const SweepAxis& axis : axes) {
        names.push_back(axis.name);
    }
    return names;
}

std::optional<std::size_t> find_axis(Section& s, const SourceMark& mark, const std::vector<SweepAxis>& axes,
                                     const std::string& name) {
    for (std::size_t a = 0; a < axes.size(); ++a) {
        if (axes[a].name == name) {
            return a;
        }
    }
    s.error_at(mark, fmt::format("unknown axis '{}'{}", name, did_you_mean(name, axis_names(axes))));
    return std::nullopt;
}

}  // namespace myriad
