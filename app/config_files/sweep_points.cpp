// Limits: a grid is walked up to 10^8 combinations, which takes up to tens of seconds; a sweep has at most 10^6 points, whose results
// are held in memory.

#include "app/config_files/sweep_points.h"

#include "app/config_files/read_sweep_conditions.h"
#include "app/config_files/sweep_sample.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

namespace myriad {
namespace {

constexpr std::uint64_t kGridMost = 100'000'000;
constexpr std::size_t kPointsMost = 1'000'000;
constexpr std::size_t kBalancedMost = 10'000;  // each is compared with all combinations held

bool is_design(const std::vector<SweepAxis>& axes, const Choice& one, const Choice& other) {
    for (std::size_t a = 0; a < axes.size(); ++a) {
        if (axes[a].role == AxisRole::design && one[a] != other[a]) {
            return false;
        }
    }
    return true;
}

void add_point(const SweepSpace& space, const Choice& choice, Sweep& out) {
    out.points.push_back(
        SweepPoint{.index = out.points.size(), .choice = choice, .overrides = overrides_at(space, choice)});
}

std::string too_many_points() {
    return fmt::format("more than {} points, at most that many can be run at once; 'sample' takes some of them",
                       kPointsMost);
}

class PointMaker {
public:
    PointMaker(Section& sweep, const std::vector<ReadAxis>& axes, SweepSpace& space, std::optional<Choice>& baseline,
               Sweep& out)
        : s_(sweep), axes_(axes), space_(space), baseline_(baseline), out_(out) {}

    void make() {
        const auto count = combinations(space_.axes);
        if (!count || *count > kGridMost) {
            s_.error("axes", fmt::format("{} combinations, at most {} are looked at; give axes fewer values",
                                         count ? std::to_string(*count) : "more than 2^63", kGridMost));
            return;
        }
        if (s_.has("sample")) {
            make_sample(s_.section("sample"));
        } else {
            make_all();
        }
        if (baseline_ && std::none_of(out_.points.begin(), out_.points.end(), [&](const SweepPoint& point) {
                return is_design(space_.axes, point.choice, *baseline_);
            })) {
            told_ = told_ || out_.points.empty();
            if (!told_) {
                s_.error("baseline", "the conditions of the sweep leave out the baseline");
            }
        }
    }

private:
    void make_all() {
        for (std::size_t a = 0; a < axes_.size(); ++a) {
            if (space_.continuous[a]) {
                Section section = axes_[a].section;
                section.error("range", fmt::format("axis '{}' has any value from its range, which needs 'sample'; "
                                                   "'steps', 'step' or 'factor' make values",
                                                   axes_[a].axis.name));
                told_ = true;
            }
        }
        if (told_) {
            return;
        }
        std::vector<std::size_t> order(space_.axes.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::vector<std::uint64_t> cuts;
        walk(
            space_, order,
            [&](const Choice& choice) {
                told_ = out_.points.size() == kPointsMost;
                if (!told_) {
                    add_point(space_, choice, out_);
                }
                return !told_;
            },
            cuts);
        if (told_) {
            s_.error("axes", too_many_points());
            out_.points.clear();
            return;
        }
        check_left(cuts);
    }

    void make_sample(Section section) {
        SampleSpec spec;
        spec.method = section.enumeration("method", kSampleWords);
        spec.points = static_cast<std::size_t>(section.get<std::int64_t>("points"));
        spec.seed = section.get<std::uint64_t>("seed");
        section.finish();
        if (spec.method == SampleMethod::latin_hypercube && spec.points > kBalancedMost) {
            section.error("points",
                          fmt::format("at most {} by latin_hypercube; method random takes more", kBalancedMost));
            return;
        }
        std::vector<ContinuousAxis> continuous;
        for (std::size_t a = 0; a < axes_.size(); ++a) {
            if (!space_.continuous[a]) {
                continue;
            }
            if (space_.axes[a].role != AxisRole::design) {
                Section axis = axes_[a].section;
                axis.error("range",
                           fmt::format("axis '{}' is a {}, which is not drawn; give it 'steps'", axes_[a].axis.name,
                                       space_.axes[a].role == AxisRole::load ? "load" : "tuning"));
                return;
            }
            continuous.push_back({a, *axes_[a].range, axes_[a].path});
        }
        std::vector<std::uint64_t> cuts;
        Sample sample = draw_sample(space_, continuous, spec, baseline_, cuts);
        out_.notes = std::move(sample.notes);
        for (const Choice& design : sample.designs) {
            add_loads(design);
        }
        if (told_) {
            s_.error("axes", too_many_points());
            out_.points.clear();
            return;
        }
        check_left(cuts);
    }

    // The design at every load and tuning that conditions leave, in the order of the grid.
    void add_loads(Choice choice) {
        std::vector<std::size_t> loads;
        for (std::size_t a = 0; a < space_.axes.size(); ++a) {
            if (space_.axes[a].role != AxisRole::design) {
                loads.push_back(a);
            }
        }
        for (std::size_t at = 1; at != 0;) {
            if (keeps_all(space_, choice)) {
                told_ = told_ || out_.points.size() == kPointsMost;
                if (told_) {
                    return;
                }
                add_point(space_, choice, out_);
            }
            for (at = loads.size(); at > 0; --at) {
                const std::size_t axis = loads[at - 1];
                if (++choice[axis] < space_.axes[axis].values.size()) {
                    break;
                }
                choice[axis] = 0;
            }
        }
    }

    void check_left(const std::vector<std::uint64_t>& cuts) {
        if (out_.points.empty()) {
            s_.error(s_.has("require") ? "require"
                     : s_.has("skip")  ? "skip"
                                       : "axes",
                     "the conditions leave no point of the sweep");
            return;
        }
        for (std::string& note : idle_conditions(space_, cuts)) {
            out_.notes.push_back(std::move(note));
        }
        for (std::size_t a = 0; a < space_.axes.size(); ++a) {
            note_values_unused(a);
        }
    }

    // A value that conditions leave nowhere stands in tables as an empty line.
    void note_values_unused(std::size_t axis) {
        const std::vector<AxisValue>& values = space_.axes[axis].values;
        std::vector<bool> used(values.size(), false);
        for (const SweepPoint& point : out_.points) {
            used[point.choice[axis]] = true;
        }
        if (s_.has("sample")) {
            return;  // a small sample may miss any
        }
        for (std::size_t v = 0; v < values.size(); ++v) {
            if (!used[v]) {
                out_.notes.push_back(
                    space_.inert[axis] == v
                        ? fmt::format("'when' of axis '{}' leaves out nothing", space_.axes[axis].name)
                        : fmt::format("no point has '{}' of axis '{}'", values[v].label, space_.axes[axis].name));
            }
        }
    }

    Section& s_;
    const std::vector<ReadAxis>& axes_;
    SweepSpace& space_;
    std::optional<Choice>& baseline_;
    Sweep& out_;
    bool told_ = false;
};

}  // namespace

void make_points(Section& sweep, const std::vector<ReadAxis>& axes, SweepSpace space, std::optional<Choice> baseline,
                 Sweep& out) {
    try {
        PointMaker(sweep, axes, space, baseline, out).make();
    } catch (const FormulaProblem& problem) {
        sweep.error_at(problem.mark, problem.message);
    }
    out.axes = std::move(space.axes);
    out.baseline = std::move(baseline);
}

}  // namespace myriad
