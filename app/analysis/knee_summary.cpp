// Knees in a few sentences: one an axis and load, over all designs that differ on the other axes. It names the best design
// and the baseline, then says where the knees of all lie.

#include "app/analysis/parts.h"

#include <fmt/core.h>

#include <algorithm>

namespace myriad {
namespace {

using Shape = Knee::Shape;

// "99 %", "99 to 100 %": what the last doublings gain.
std::string gains_text(double least, double most) {
    const auto text = [](double gain) { return fmt::format("{:.0f}", (gain - 1.0) * 100.0); };
    return text(least) == text(most) ? text(least) + " %" : text(least) + " to " + text(most) + " %";
}

// Knees of one metric along one axis under one load.
class KneeGroup {
public:
    KneeGroup(const Grid& grid, const Ranking& ranking, std::size_t load, std::vector<const Knee*> knees)
        : grid_(grid),
          ranking_(ranking),
          load_(load),
          knees_(std::move(knees)),
          axis_(grid.outcome().sweep.axes[knees_.front()->axis]) {}

    [[nodiscard]] std::string sentence() const {
        const std::string& load = grid_.load_label(load_);
        const std::string prefix = load.empty() ? "" : load + ": ";
        const Knee& first = *knees_.front();
        if (knees_.size() == 1) {
            // Its combination is at most the load.
            const std::size_t skipped = first.combination.empty() ? 0 : first.combination.size() + 2;
            return prefix + first.sentence.substr(skipped);
        }
        const std::string metric(all_metrics()[first.metric].name);
        const std::size_t all = knees_.size();
        if (count(Shape::grows) == all) {
            return fmt::format("{}{} follows {} to the end of the range ({}) for all {} designs: a doubling gains {}",
                               prefix, metric, axis_.name, end_label(), all, last_gains());
        }
        if (count(Shape::constant) == all) {
            return fmt::format("{}{} does not depend on {} for any of {} designs", prefix, metric, axis_.name, all);
        }
        if (count(Shape::constant) + count(Shape::hardly) == all) {
            return fmt::format("{}{} hardly follows {} for any of {} designs: no doubling gains 10 %", prefix, metric,
                               axis_.name, all);
        }
        const std::string named = named_text();
        return fmt::format("{}{} {}{}{}", prefix, metric, named, named.empty() ? "over " : "; over ", range_text());
    }

private:
    [[nodiscard]] std::size_t count(Shape shape) const {
        return static_cast<std::size_t>(
            std::count_if(knees_.begin(), knees_.end(), [&](const Knee* knee) { return knee->shape == shape; }));
    }

    [[nodiscard]] std::string label_of(double number) const {
        const auto at = std::find_if(axis_.values.begin(), axis_.values.end(),
                                     [&](const AxisValue& value) { return value.number == number; });
        return at == axis_.values.end() ? fmt::format("{}", number) : at->label;
    }

    [[nodiscard]] std::string end_label() const {
        double most = 0.0;
        for (const AxisValue& value : axis_.values) {
            most = std::max(most, value.number.value_or(0.0));
        }
        return label_of(most);
    }

    [[nodiscard]] std::string last_gains() const {
        std::optional<double> least;
        std::optional<double> most;
        for (const Knee* knee : knees_) {
            if (knee->shape == Shape::grows) {
                least = std::min(least.value_or(knee->last_doubling), knee->last_doubling);
                most = std::max(most.value_or(knee->last_doubling), knee->last_doubling);
            }
        }
        return gains_text(least.value_or(1.0), most.value_or(1.0));
    }

    // The curve on which a design lies.
    [[nodiscard]] const Knee* of_design(const RankedDesign& design) const {
        const auto at = std::find_if(knees_.begin(), knees_.end(), [&](const Knee* knee) {
            return design.points[load_] &&
                   std::find(knee->points.begin(), knee->points.end(), *design.points[load_]) != knee->points.end();
        });
        return at == knees_.end() ? nullptr : *at;
    }

    [[nodiscard]] std::string finding(const Knee& knee, const std::string& who) const {
        const std::string with = " with " + grid_.design_labels(knee.points.front(), knee.axis) + " (" + who + ")";
        switch (knee.shape) {
            case Shape::stops:
                return fmt::format("stops following {} at {}{}, where {:.0f} % of its best is reached", axis_.name,
                                   label_of(*knee.at), with, 100.0 * knee.share_there);
            case Shape::grows:
                return fmt::format("follows {} to the end of the range ({}){}", axis_.name, end_label(), with);
            case Shape::hardly:
                return fmt::format("hardly follows {}{}", axis_.name, with);
            case Shape::constant:
                break;
        }
        return fmt::format("does not depend on {}{}", axis_.name, with);
    }

    [[nodiscard]] std::string named_text() const {
        const Knee* best = nullptr;
        const Knee* base = nullptr;
        for (const RankedDesign& design : ranking_.designs) {
            if (&design == &ranking_.designs.front() && design.excluded.empty()) {
                best = of_design(design);
            }
            if (ranking_.against_baseline && design.name == ranking_.reference) {
                base = of_design(design);
            }
        }
        if (best == nullptr) {
            return base == nullptr ? "" : finding(*base, "baseline");
        }
        if (base == nullptr || base == best) {
            return finding(*best, base == nullptr ? "best" : "best and baseline");
        }
        return finding(*best, "best") + ", " + finding(*base, "baseline");
    }

    // "all 11 designs between 200 GB/s and 1000 GB/s"
    [[nodiscard]] std::string range_text() const {
        std::optional<double> least;
        std::optional<double> most;
        for (const Knee* knee : knees_) {
            if (knee->shape == Shape::stops) {
                least = std::min(least.value_or(*knee->at), *knee->at);
                most = std::max(most.value_or(*knee->at), *knee->at);
            }
        }
        const std::size_t stops = count(Shape::stops);
        const std::size_t grows = count(Shape::grows);
        const std::size_t flat = knees_.size() - stops - grows;
        std::string between;
        if (stops > 0) {
            between = least == most ? "at " + label_of(*least)
                                    : fmt::format("between {} and {}", label_of(*least), label_of(*most));
        }
        if (stops == knees_.size()) {
            return fmt::format("all {} designs {}", stops, between);
        }
        std::string text = fmt::format("{} designs:", knees_.size());
        const char* separator = " ";
        const auto add = [&](const std::string& part) {
            text += separator + part;
            separator = ", ";
        };
        if (stops > 0) {
            add(fmt::format("{} stop{} {}", stops, stops == 1 ? "s" : "", between));
        }
        if (grows > 0) {
            add(fmt::format("{} follow{} it to the end, where a doubling gains {}", grows, grows == 1 ? "s" : "",
                            last_gains()));
        }
        if (flat > 0) {
            add(fmt::format("{} hardly follow{} it", flat, flat == 1 ? "s" : ""));
        }
        return text;
    }

    const Grid& grid_;
    const Ranking& ranking_;
    std::size_t load_;
    std::vector<const Knee*> knees_;
    const SweepAxis& axis_;
};

}  // namespace

std::vector<std::string> knee_summary_of(const Grid& grid, const Ranking& ranking, const std::vector<Knee>& knees) {
    std::vector<std::string> sentences;
    for (const std::size_t axis : grid.design_axes()) {
        for (std::size_t load = 0; load < grid.loads(); ++load) {
            std::vector<const Knee*> group;
            for (const Knee& knee : knees) {
                if (knee.axis == axis && grid.load_of(knee.points.front()) == load) {
                    group.push_back(&knee);
                }
            }
            if (!group.empty()) {
                sentences.push_back(KneeGroup(grid, ranking, load, std::move(group)).sentence());
            }
        }
    }
    return sentences;
}

}  // namespace myriad
