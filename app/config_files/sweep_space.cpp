// A walk in depth: a condition over few axes cuts off all that lies below, so that a grid of a hundred million
// combinations of which few are wanted costs little. Formulas are remembered by the values that they look at.

#include "app/config_files/sweep_space.h"

#include "app/config_files/formula.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace myriad {
namespace {

constexpr int kFormulaBits = 61;  // bytes and picoseconds are in formulas too

bool is_inert(const SweepSpace& space, std::size_t axis, const Choice& choice) {
    return space.inert[axis].has_value() && choice[axis] == *space.inert[axis];
}

std::string place_of(const SweepSpace& space, const SpaceFormula& formula, const Choice& choice) {
    std::string text;
    for (const std::size_t axis : formula.axes) {
        const SweepAxis& at = space.axes[axis];
        text += (text.empty() ? " at " : ", ") + at.name + " = " + at.values[choice[axis]].label;
    }
    return text;
}

std::int64_t whole_number(const SweepSpace& space, const SpaceFormula& formula, std::size_t axis,
                          const Choice& choice) {
    const AxisValue& value = space.axes[axis].values[choice[axis]];
    constexpr double kMost = 0x1p53;  // above, doubles have gaps
    if (!value.number || std::floor(*value.number) != *value.number || std::abs(*value.number) > kMost) {
        throw FormulaProblem{formula.mark, fmt::format("axis '{}' is no whole number at '{}', but formula '{}' uses it",
                                                       space.axes[axis].name, value.label, formula.text)};
    }
    return static_cast<std::int64_t>(*value.number);
}

class Walk {
public:
    Walk(const SweepSpace& space, const std::vector<std::size_t>& order,
         const std::function<bool(const Choice&)>& visit, std::vector<std::uint64_t>& cuts)
        : space_(space),
          order_(order),
          visit_(visit),
          cuts_(cuts),
          asked_(order.size()),
          known_(space.conditions.size()),
          choice_(space.axes.size(), 0) {
        cuts_.resize(space.conditions.size());
        for (std::size_t c = 0; c < space.conditions.size(); ++c) {
            const std::vector<std::size_t>& axes = space.conditions[c].axes;
            if (std::any_of(axes.begin(), axes.end(), [&](std::size_t a) { return space.continuous[a]; })) {
                continue;
            }
            std::size_t depth = 0;
            for (std::size_t d = 0; d < order.size(); ++d) {
                depth = std::binary_search(axes.begin(), axes.end(), order[d]) ? d : depth;
            }
            asked_[depth].push_back(c);
            remember(c);
        }
    }

    // False: stopped by `visit`.
    bool from(std::size_t depth) {
        if (depth == order_.size()) {
            return visit_(choice_);
        }
        const std::size_t axis = order_[depth];
        for (std::size_t value = 0; value < space_.axes[axis].values.size(); ++value) {
            choice_[axis] = value;
            if (passes(depth) && !from(depth + 1)) {
                return false;
            }
        }
        return true;
    }

private:
    enum class Answer : std::uint8_t { unknown, no, yes };

    // Room for the answers of a formula, if its axes have few combinations.
    void remember(std::size_t c) {
        constexpr std::size_t kMost = 1'000'000;
        std::size_t room = 1;
        for (const std::size_t axis : space_.conditions[c].axes) {
            room = room > kMost ? room : room * space_.axes[axis].values.size();
        }
        if (space_.conditions[c].kind == SpaceCondition::Kind::require && room <= kMost) {
            known_[c].assign(room, Answer::unknown);
        }
    }

    bool ask(std::size_t c) {
        const SpaceCondition& condition = space_.conditions[c];
        if (known_[c].empty()) {
            return holds(space_, condition, choice_);
        }
        std::size_t at = 0;
        for (const std::size_t axis : condition.axes) {
            at = at * space_.axes[axis].values.size() + choice_[axis];
        }
        Answer& answer = known_[c][at];
        if (answer == Answer::unknown) {
            answer = holds(space_, condition, choice_) ? Answer::yes : Answer::no;
        }
        return answer == Answer::yes;
    }

    bool passes(std::size_t depth) {
        return std::all_of(asked_[depth].begin(), asked_[depth].end(), [&](std::size_t c) {
            const bool good = ask(c);
            cuts_[c] += good ? 0U : 1U;
            return good;
        });
    }

    const SweepSpace& space_;
    const std::vector<std::size_t>& order_;
    const std::function<bool(const Choice&)>& visit_;
    std::vector<std::uint64_t>& cuts_;
    std::vector<std::vector<std::size_t>> asked_;  // by depth
    std::vector<std::vector<Answer>> known_;       // by condition
    Choice choice_;
};

}  // namespace

std::optional<std::int64_t> value_at(const SweepSpace& space, const SpaceFormula& formula, const Choice& choice) {
    for (const std::size_t axis : formula.axes) {
        if (is_inert(space, axis, choice)) {
            return std::nullopt;
        }
    }
    FormulaNames values;
    for (const SpaceFormula::Name& name : formula.names) {
        values.emplace_back(name.name, name.axis
                                           ? whole_number(space, formula, *name.axis, choice)
                                           : value_at(space, space.derived[name.derived].formula, choice).value());
    }
    try {
        return value_of_formula(formula.text, values, kFormulaBits);
    } catch (const FormulaError& error) {
        const std::string message = error.what();
        const bool anywhere = message.starts_with("expected");  // a formula of the wrong form
        throw FormulaProblem{formula.mark, anywhere ? message : message + place_of(space, formula, choice)};
    }
}

bool holds(const SweepSpace& space, const SpaceCondition& condition, const Choice& choice) {
    if (condition.kind == SpaceCondition::Kind::require) {
        return value_at(space, condition.formula, choice).value_or(1) != 0;
    }
    const bool all = std::all_of(condition.matches.begin(), condition.matches.end(),
                                 [&](const LabelMatch& match) { return match.holds(choice); });
    return condition.kind == SpaceCondition::Kind::skip ? !all : all != is_inert(space, condition.when_axis, choice);
}

bool keeps_all(const SweepSpace& space, const Choice& choice) {
    return std::all_of(space.conditions.begin(), space.conditions.end(),
                       [&](const SpaceCondition& condition) { return holds(space, condition, choice); });
}

std::vector<std::string> overrides_at(const SweepSpace& space, const Choice& choice) {
    std::vector<std::string> overrides = overrides_of(space.axes, choice);
    for (const DerivedPath& derived : space.derived) {
        if (const auto value = value_at(space, derived.formula, choice)) {
            overrides.push_back(
                fmt::format("{}={}{}{}", derived.path, *value, derived.unit.empty() ? "" : " ", derived.unit));
        }
    }
    return overrides;
}

std::optional<std::uint64_t> combinations(const std::vector<SweepAxis>& axes) {
    std::uint64_t count = 1;
    for (const SweepAxis& axis : axes) {
        const std::uint64_t values = axis.values.size();
        if (values != 0 && count > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) / values) {
            return std::nullopt;
        }
        count *= values;
    }
    return count;
}

void walk(const SweepSpace& space, const std::vector<std::size_t>& order,
          const std::function<bool(const Choice&)>& visit, std::vector<std::uint64_t>& cuts) {
    static_cast<void>(Walk(space, order, visit, cuts).from(0));
}

}  // namespace myriad
