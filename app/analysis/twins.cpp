// Values of an axis whose designs give the same results at every load, though their scenarios differ: one system under two
// names, or a difference that nothing looks at. All results but the count of events are compared, exactly. Where one other
// axis says when it is so, its values are named; designs that are one system by their key are told elsewhere.

#include "app/analysis/parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace myriad {
namespace {

using Choice = std::vector<std::size_t>;

constexpr std::size_t kTold = 4;

// What a choice of all axes but the loads has given at them.
struct Results {
    std::vector<std::pair<std::size_t, std::vector<std::optional<double>>>> values;  // by load
    std::vector<std::string> keys;
    bool ran = true;
};

std::map<Choice, Results> results_of(const Grid& grid) {
    const std::size_t events = find_metric("events").value();
    std::map<Choice, Results> all;
    for (std::size_t p = 0; p < grid.outcome().points.size(); ++p) {
        const SweepPointResult& point = grid.outcome().points[p];
        Choice choice = point.point.choice;
        for (const std::size_t load : grid.load_axes()) {
            choice[load] = 0;
        }
        Results& of = all[choice];
        of.ran = of.ran && point.ran() && grid.in_last_stage(p);
        if (of.ran) {
            of.values.emplace_back(grid.load_of(p), point.values).second[events].reset();
            of.keys.push_back(point.key);
        }
    }
    for (auto& [choice, results] : all) {
        std::sort(results.values.begin(), results.values.end());
    }
    return all;
}

bool are_one_key(const Results& a, const Results& b) {
    return a.keys == b.keys &&
           std::none_of(a.keys.begin(), a.keys.end(), [](const std::string& key) { return key.empty(); });
}

// "divided and fixed", "a, b and c"
std::string and_text(const std::vector<std::string>& labels) {
    std::string text;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        text += (i == 0 ? "" : i + 1 == labels.size() ? " and " : ", ") + labels[i];
    }
    return text;
}

class AxisTwins {
public:
    AxisTwins(const Sweep& sweep, std::size_t axis, const std::map<Choice, Results>& results)
        : sweep_(sweep), axis_(axis) {
        for (const auto& [choice, of] : results) {
            if (of.ran) {
                Choice rest = choice;
                rest[axis] = 0;
                lines_[rest].emplace(choice[axis], &of);
            }
        }
        for (const auto& [rest, line] : lines_) {
            find_blocks(rest, line);
        }
    }

    [[nodiscard]] std::vector<std::string> told() const {
        std::vector<std::string> texts;
        for (const auto& [values, where] : blocks_) {
            std::vector<std::string> labels;
            for (const std::size_t v : values) {
                labels.push_back(sweep_.axes[axis_].values[v].label);
            }
            const std::optional<std::string> place = place_of(values, where);
            if (place) {
                texts.push_back(
                    fmt::format("{} = {} give the same results{}", sweep_.axes[axis_].name, and_text(labels), *place));
            }
        }
        return texts;
    }

private:
    using Line = std::map<std::size_t, const Results*>;  // by value of the axis
    using Values = std::vector<std::size_t>;

    void find_blocks(const Choice& rest, const Line& line) {
        std::set<std::size_t> placed;
        for (auto a = line.begin(); a != line.end(); ++a) {
            if (placed.contains(a->first)) {
                continue;
            }
            Values block{a->first};
            bool one_key = true;
            for (auto b = std::next(a); b != line.end(); ++b) {
                if (a->second->values == b->second->values) {
                    block.push_back(b->first);
                    placed.insert(b->first);
                    one_key = one_key && are_one_key(*a->second, *b->second);
                }
            }
            if (block.size() > 1 && !one_key) {
                blocks_[block].insert(rest);
            }
        }
    }

    // " where wiring = switch"; nothing: everywhere and for all values, which is an axis without effect.
    [[nodiscard]] std::optional<std::string> place_of(const Values& values, const std::set<Choice>& where) const {
        std::set<Choice> possible;
        for (const auto& [rest, line] : lines_) {
            const bool has_all = std::all_of(values.begin(), values.end(),
                                             [&, &of = line](std::size_t value) { return of.contains(value); });
            if (has_all) {
                possible.insert(rest);
            }
        }
        if (where == possible) {
            return values.size() == sweep_.axes[axis_].values.size() ? std::nullopt : std::optional<std::string>("");
        }
        std::optional<std::set<std::size_t>> labels;
        std::size_t by = 0;
        for (std::size_t axis = 0; axis < sweep_.axes.size(); ++axis) {
            std::set<std::size_t> of;
            for (const Choice& rest : where) {
                of.insert(rest[axis]);
            }
            const bool is_it = std::all_of(possible.begin(), possible.end(), [&](const Choice& rest) {
                return where.contains(rest) || !of.contains(rest[axis]);
            });
            if (is_it && (!labels || of.size() < labels->size())) {
                labels = std::move(of);
                by = axis;
            }
        }
        if (!labels) {
            return fmt::format(" in {} of {} combinations", where.size(), possible.size());
        }
        std::vector<std::string> names;
        for (const std::size_t v : *labels) {
            names.push_back(sweep_.axes[by].values[v].label);
        }
        return fmt::format(" where {} = {}", sweep_.axes[by].name, fmt::join(names, ", "));
    }

    const Sweep& sweep_;
    std::size_t axis_;
    std::map<Choice, Line> lines_;               // by the choice of the other axes
    std::map<Values, std::set<Choice>> blocks_;  // values that are twins, and where
};

}  // namespace

std::optional<std::string> twins_of(const Grid& grid) {
    const Sweep& sweep = grid.outcome().sweep;
    const std::map<Choice, Results> results = results_of(grid);
    std::vector<std::string> all;
    for (std::size_t axis = 0; axis < sweep.axes.size(); ++axis) {
        if (sweep.axes[axis].role != AxisRole::load) {
            const std::vector<std::string> texts = AxisTwins(sweep, axis, results).told();
            all.insert(all.end(), texts.begin(), texts.end());
        }
    }
    if (all.empty()) {
        return std::nullopt;
    }
    std::string text = fmt::format(
        "{}", fmt::join(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), kTold)), "; "));
    text += all.size() > kTold ? fmt::format("; and {} more of this kind", all.size() - kTold) : "";
    return text + ": one system under two names, or a difference that no result sees";
}

}  // namespace myriad
