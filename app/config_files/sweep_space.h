#pragma once
// The grid of a sweep and what is left of it: axes, conditions over them, and the walk through all that keep them.

#include "app/scenario/sweep.h"
#include "sim/error/error.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace myriad {

using Choice = std::vector<std::size_t>;  // by axis, an index into its values

// Labels of one axis: meant[v] says whether value v is one of them.
struct LabelMatch {
    std::size_t axis = 0;
    std::vector<bool> meant;
    [[nodiscard]] bool holds(const Choice& choice) const { return choice[axis] < meant.size() && meant[choice[axis]]; }
};

// A formula of whole numbers over axes, and over others of its kind by their names.
struct SpaceFormula {
    std::string text;
    SourceMark mark;
    struct Name {
        std::string name;
        std::optional<std::size_t> axis;  // else `derived`
        std::size_t derived = 0;          // in SweepSpace::derived, an earlier one
    };
    std::vector<Name> names;
    std::vector<std::size_t> axes;  // that it looks at, sorted
};

// A path worked out at every point.
struct DerivedPath {
    SpaceFormula formula;
    std::string path;
    std::string unit;
    std::string as;
};

// Which combinations are points.
struct SpaceCondition {
    enum class Kind : std::uint8_t { when, skip, require } kind = Kind::skip;
    std::size_t when_axis = 0;        // when: applies exactly where `matches` hold
    std::vector<LabelMatch> matches;  // when, skip
    SpaceFormula formula;             // require
    std::vector<std::size_t> axes;    // that it looks at, sorted
    std::string text;                 // "skip 2", for notes
};

struct SweepSpace {
    std::vector<SweepAxis> axes;
    std::vector<std::optional<std::size_t>> inert;  // by axis: the value of where it does not apply
    std::vector<bool> continuous;                   // by axis: drawn; until then value 0 stands for all
    std::vector<SpaceCondition> conditions;
    std::vector<DerivedPath> derived;
};

// A formula that has no value at some point: thrown, with its place.
struct FormulaProblem {
    SourceMark mark;
    std::string message;
};

// Nothing where an axis that it looks at does not apply.
[[nodiscard]] std::optional<std::int64_t> value_at(const SweepSpace& space, const SpaceFormula& formula,
                                                   const Choice& choice);
[[nodiscard]] bool holds(const SweepSpace& space, const SpaceCondition& condition, const Choice& choice);
[[nodiscard]] bool keeps_all(const SweepSpace& space, const Choice& choice);
// The overrides of a choice: those of its values, then the derived ones.
[[nodiscard]] std::vector<std::string> overrides_at(const SweepSpace& space, const Choice& choice);

// Combinations of all axes; nothing: more than 2^63.
[[nodiscard]] std::optional<std::uint64_t> combinations(const std::vector<SweepAxis>& axes);

// Every combination that keeps the conditions, `order` naming the axes, the last one fastest. A condition is asked as
// soon as its axes are chosen; one that looks at a continuous axis is not asked. `visit` returns whether to go on.
// How many branches each condition cut off is added to `cuts`.
void walk(const SweepSpace& space, const std::vector<std::size_t>& order,
          const std::function<bool(const Choice&)>& visit, std::vector<std::uint64_t>& cuts);

}  // namespace myriad
