// Labels are looked up once, when the file is read: a condition over labels is then a table of what is meant.

#include "app/config_files/read_sweep_conditions.h"

#include "app/config_files/formula.h"
#include "app/config_files/sweep_paths.h"
#include "sim/config/node.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace myriad {
namespace {

std::vector<std::string> labels_of(const SweepAxis& axis) {
    std::vector<std::string> labels;
    for (const AxisValue& value : axis.values) {
        labels.push_back(value.label);
    }
    return labels;
}

// A label in a condition: any YAML value, as the axis has it.
std::string label_text(const ConfigNode& node) {
    return node.type == ConfigNode::Type::scalar ? node.text : flow_yaml(node);
}

bool is_label_of(const ConfigNode& wanted, const std::string& label) {
    return means_label(label_text(wanted), label) || flow_yaml(wanted) == label;
}

class ConditionReader {
public:
    ConditionReader(Section& sweep, SweepSpace& space) : s_(sweep), space_(space) {}

    void read_whens(const std::vector<ReadAxis>& axes) {
        for (std::size_t a = 0; a < axes.size(); ++a) {
            Section section = axes[a].section;
            const ConfigNode* node = section.yaml_node("when");
            if (node == nullptr) {
                continue;
            }
            SpaceCondition condition{.kind = SpaceCondition::Kind::when, .when_axis = a, .text = {}};
            condition.matches = matches(*node, "when", "axis");
            condition.text = fmt::format("'when' of axis '{}'", axes[a].axis.name);
            if (std::any_of(condition.matches.begin(), condition.matches.end(),
                            [&](const LabelMatch& match) { return match.axis == a; })) {
                s_.error_at(node->mark, fmt::format("axis '{}' cannot depend on itself", axes[a].axis.name));
                continue;
            }
            condition.axes.push_back(a);
            add(std::move(condition));
        }
    }

    void read_skips() {
        std::size_t number = 0;
        for (const ConfigNode& node : s_.yaml_items("skip")) {
            SpaceCondition condition{.kind = SpaceCondition::Kind::skip, .text = {}};
            condition.matches = matches(node, "skip", "combination");
            condition.text = fmt::format("skip {}", ++number);
            if (!condition.matches.empty()) {
                add(std::move(condition));
            }
        }
    }

    void read_derived(const std::vector<ReadAxis>& axes) {
        for (Section& section : s_.sections("derive")) {
            DerivedPath derived;
            derived.path = section.get<std::string>("path");
            derived.unit = section.find<std::string>("unit").value_or("");
            derived.as = section.find<std::string>("as").value_or("");
            derived.formula = bound(section.get<std::string>("value"), section.mark("value"), axes);
            if (const std::string problem = path_problem(derived.path); !problem.empty()) {
                section.error("path", problem);
            }
            check_derived(section, derived, axes);
            section.finish();
            space_.derived.push_back(std::move(derived));
        }
    }

    void read_requires(const std::vector<ReadAxis>& axes) {
        std::size_t number = 0;
        for (const ConfigNode& node : s_.yaml_items("require")) {
            ++number;
            if (node.type != ConfigNode::Type::scalar) {
                s_.error_at(node.mark,
                            fmt::format("expected a formula, like 'tp * pp == 16', found {}", found_text(node)));
                continue;
            }
            SpaceCondition condition{.kind = SpaceCondition::Kind::require, .text = {}};
            condition.formula = bound(node.text, node.mark, axes);
            condition.text = fmt::format("'{}'", node.text);
            if (condition.formula.axes.empty()) {
                if (condition.formula.names.empty() && names_in_formula(node.text).empty()) {
                    s_.error_at(node.mark, fmt::format("formula '{}' names no axis", node.text));
                }
                continue;
            }
            condition.axes = condition.formula.axes;
            space_.conditions.push_back(std::move(condition));
        }
    }

private:
    void add(SpaceCondition condition) {
        for (const LabelMatch& match : condition.matches) {
            condition.axes.push_back(match.axis);
        }
        std::sort(condition.axes.begin(), condition.axes.end());
        condition.axes.erase(std::unique(condition.axes.begin(), condition.axes.end()), condition.axes.end());
        space_.conditions.push_back(std::move(condition));
    }

    // {axis: label, axis: [label, label]}
    std::vector<LabelMatch> matches(const ConfigNode& map, const char* key, const char* noun) {
        std::vector<LabelMatch> result;
        if (map.type != ConfigNode::Type::map || map.entries.empty()) {
            s_.error_at(map.mark, fmt::format("expected the labels of a {}, like {{axis: label}}, found {}", noun,
                                              flow_yaml(map).substr(0, 60)));
            return result;
        }
        for (const ConfigEntry& entry : map.entries) {
            const auto axis = find_axis(s_, entry.key_mark, space_.axes, entry.key);
            if (!axis) {
                continue;
            }
            if (space_.continuous[*axis]) {
                s_.error_at(entry.key_mark,
                            fmt::format("axis '{}' has no labels before it is drawn, so '{}' cannot name them",
                                        entry.key, key));
                continue;
            }
            result.push_back({*axis, meant(entry.value, *axis)});
        }
        return result;
    }

    std::vector<bool> meant(const ConfigNode& wanted, std::size_t axis) {
        const SweepAxis& of = space_.axes[axis];
        std::vector<bool> result(of.values.size(), false);
        // A label may be a list itself ([1 MiB]); else a list means any of its labels.
        const bool is_list = wanted.type == ConfigNode::Type::list &&
                             std::none_of(of.values.begin(), of.values.end(),
                                          [&](const AxisValue& value) { return value.label == flow_yaml(wanted); });
        const std::vector<ConfigNode> one = is_list ? wanted.items : std::vector<ConfigNode>{wanted};
        for (const ConfigNode& label : one) {
            bool is_known = false;
            for (std::size_t v = 0; v < of.values.size(); ++v) {
                // Where an axis does not apply, only its own label means it.
                const bool is_inert = space_.inert[axis] == v;
                const bool fits = is_inert ? label_text(label) == kInertLabel : is_label_of(label, of.values[v].label);
                result[v] = result[v] || fits;
                is_known = is_known || fits;
            }
            if (!is_known) {
                s_.error_at(label.mark, fmt::format("axis '{}' has no value '{}'{}", of.name, label_text(label),
                                                    did_you_mean(label_text(label), labels_of(of))));
            }
        }
        return result;
    }

    // A formula with its names looked up; without any where one is wrong.
    SpaceFormula bound(const std::string& text, const SourceMark& mark, const std::vector<ReadAxis>& axes) {
        SpaceFormula formula{.text = text, .mark = mark, .names = {}, .axes = {}};
        bool good = true;
        for (const std::string& name : names_in_formula(text)) {
            good = bind(formula, name, axes) && good;
        }
        std::sort(formula.axes.begin(), formula.axes.end());
        formula.axes.erase(std::unique(formula.axes.begin(), formula.axes.end()), formula.axes.end());
        if (!good) {
            formula.names.clear();
            formula.axes.clear();
        }
        return formula;
    }

    bool bind(SpaceFormula& formula, const std::string& name, const std::vector<ReadAxis>& axes) {
        std::vector<std::string> known;
        for (std::size_t a = 0; a < axes.size(); ++a) {
            if (axes[a].formula_name == name) {
                formula.names.push_back({name, a, 0});
                formula.axes.push_back(a);
                return has_numbers(formula, a);
            }
            if (!axes[a].formula_name.empty()) {
                known.push_back(axes[a].formula_name);
            }
        }
        for (std::size_t d = 0; d < space_.derived.size(); ++d) {
            const DerivedPath& derived = space_.derived[d];
            if (derived.as == name) {
                formula.names.push_back({name, std::nullopt, d});
                formula.axes.insert(formula.axes.end(), derived.formula.axes.begin(), derived.formula.axes.end());
                return !derived.formula.axes.empty();
            }
            if (!derived.as.empty()) {
                known.push_back(derived.as);
            }
        }
        const std::string guess = did_you_mean(name, known);
        s_.error_at(formula.mark,
                    fmt::format("formula '{}' names no axis '{}'{}", formula.text, name,
                                !guess.empty()  ? guess
                                : known.empty() ? "; give the axis a name for formulas with 'as'"
                                                : fmt::format(", expected one of {}; an axis gets such a name by 'as'",
                                                              fmt::join(known, ", "))));
        return false;
    }

    bool has_numbers(const SpaceFormula& formula, std::size_t axis) {
        const SweepAxis& of = space_.axes[axis];
        for (std::size_t v = 0; v < of.values.size(); ++v) {
            if (space_.inert[axis] != v && !of.values[v].number) {
                s_.error_at(formula.mark, fmt::format("axis '{}' is no number at '{}', but formula '{}' uses it",
                                                      of.name, of.values[v].label, formula.text));
                return false;
            }
        }
        return true;
    }

    void check_derived(Section& section, const DerivedPath& derived, const std::vector<ReadAxis>& axes) {
        if (names_in_formula(derived.formula.text).empty()) {
            section.error("value", fmt::format("formula '{}' names no axis", derived.formula.text));
        }
        if (section.has("as") && !is_formula_name(derived.as)) {
            section.error("as", fmt::format("expected a name of letters, digits and '_', found '{}'", derived.as));
        }
        for (const ReadAxis& axis : axes) {
            if (!derived.as.empty() && axis.formula_name == derived.as) {
                section.error("as", fmt::format("axis '{}' is called '{}' in formulas", axis.axis.name, derived.as));
            }
            for (const AxisValue& value : axis.axis.values) {
                for (const std::string& text : value.overrides) {
                    const std::vector<PathSet> sets = paths_set_by(text);
                    if (std::any_of(sets.begin(), sets.end(),
                                    [&](const PathSet& set) { return set.path == derived.path; })) {
                        section.error("path", fmt::format("axis '{}' sets {} too", axis.axis.name, derived.path));
                        return;
                    }
                }
            }
        }
        for (const DerivedPath& other : space_.derived) {
            if (other.path == derived.path) {
                section.error("path", fmt::format("{} is derived twice", derived.path));
            }
            if (!derived.as.empty() && other.as == derived.as) {
                section.error("as", fmt::format("two derived numbers are called '{}'", derived.as));
            }
        }
    }

    Section& s_;
    SweepSpace& space_;
};

// An axis whose `when` leads back to itself would be there exactly if it is not.
void check_rounds(Section& s, const SweepSpace& space, const std::vector<ReadAxis>& axes) {
    for (std::size_t a = 0; a < axes.size(); ++a) {
        std::set<std::size_t> reached = {a};
        bool is_round = false;
        for (bool grew = true; grew && !is_round;) {
            grew = false;
            for (const SpaceCondition& condition : space.conditions) {
                if (condition.kind != SpaceCondition::Kind::when || !reached.contains(condition.when_axis)) {
                    continue;
                }
                for (const LabelMatch& match : condition.matches) {
                    is_round = is_round || match.axis == a;
                    grew = reached.insert(match.axis).second || grew;
                }
            }
        }
        if (is_round) {
            Section section = axes[a].section;
            s.error_at(section.yaml_node("when")->mark,
                       fmt::format("'when' of axis '{}' leads back to itself", axes[a].axis.name));
            return;
        }
    }
}

}  // namespace

SweepSpace read_space(Section& sweep, const std::vector<ReadAxis>& axes) {
    SweepSpace space;
    for (const ReadAxis& read : axes) {
        space.axes.push_back(read.axis);
        space.continuous.push_back(read.range.has_value());
        space.inert.emplace_back();
        if (read.section.has("when")) {
            space.inert.back() = read.axis.values.size();
            space.axes.back().values.push_back(
                AxisValue{.label = std::string(kInertLabel), .overrides = {}, .number = {}});
        }
    }
    ConditionReader reader(sweep, space);
    reader.read_whens(axes);
    check_rounds(sweep, space, axes);
    reader.read_skips();
    reader.read_derived(axes);
    reader.read_requires(axes);
    return space;
}

std::optional<std::size_t> find_label(Section& s, const SourceMark& mark, const SweepAxis& axis,
                                      const std::string& label) {
    for (std::size_t v = 0; v < axis.values.size(); ++v) {
        if (axis.values[v].label == label) {
            return v;
        }
    }
    s.error_at(mark,
               fmt::format("axis '{}' has no value '{}'{}", axis.name, label, did_you_mean(label, labels_of(axis))));
    return std::nullopt;
}

std::vector<std::string> idle_conditions(const SweepSpace& space, const std::vector<std::uint64_t>& cuts) {
    std::vector<std::string> notes;
    for (std::size_t c = 0; c < space.conditions.size(); ++c) {
        const SpaceCondition& condition = space.conditions[c];
        if (condition.kind != SpaceCondition::Kind::when && c < cuts.size() && cuts[c] == 0 &&
            std::none_of(condition.axes.begin(), condition.axes.end(),
                         [&](std::size_t a) { return space.continuous[a]; })) {
            notes.push_back(condition.text + " leaves out nothing");
        }
    }
    return notes;
}

}  // namespace myriad
