// The grid that is left is walked once. If it is too large to be held, a reservoir keeps a part of it in which each
// combination is as likely as any other, and designs are drawn from that part.

#include "app/config_files/sweep_sample.h"

#include "sim/random/random_stream.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace myriad {
namespace {

constexpr std::size_t kPoolLeast = 20'000;  // combinations held at least, where there are as many
constexpr int kTries = 200;                 // to keep the conditions with a continuous value

// Loads and tunings are not drawn: a design runs at all of them.
bool is_drawn(const SweepSpace& space, std::size_t axis) { return space.axes[axis].role == AxisRole::design; }

// Combinations of the design axes of which at least one load and tuning is left, at most `most` of them, in order of the grid.
std::vector<Choice> pool_of(const SweepSpace& space, std::size_t most, RandomStream& stream,
                            std::vector<std::uint64_t>& cuts) {
    std::vector<std::size_t> order(space.axes.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_partition(order.begin(), order.end(), [&](std::size_t axis) { return is_drawn(space, axis); });
    std::vector<Choice> pool;
    Choice last;
    std::uint64_t seen = 0;
    walk(
        space, order,
        [&](const Choice& choice) {
            Choice design = choice;
            for (std::size_t axis = 0; axis < design.size(); ++axis) {
                design[axis] = is_drawn(space, axis) ? design[axis] : 0;
            }
            if (design == last) {
                return true;  // at another load or tuning
            }
            last = design;
            ++seen;
            if (pool.size() < most) {
                pool.push_back(std::move(design));
            } else if (const std::uint64_t at = stream.below(seen); at < most) {
                pool[static_cast<std::size_t>(at)] = std::move(design);
            }
            return true;
        },
        cuts);
    std::sort(pool.begin(), pool.end());
    return pool;
}

std::vector<Choice> random_designs(const std::vector<Choice>& pool, std::size_t count, RandomStream& stream) {
    std::vector<Choice> designs;
    while (designs.size() < count) {
        std::vector<std::size_t> order(pool.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        stream.shuffle(order);
        for (std::size_t i = 0; i < order.size() && designs.size() < count; ++i) {
            designs.push_back(pool[order[i]]);
        }
    }
    return designs;
}

// Greedy: the sum over axes of how often a value was taken, times how many values the axis has, is the least.
std::vector<Choice> balanced_designs(const SweepSpace& space, const std::vector<Choice>& pool, std::size_t count,
                                     RandomStream& stream) {
    std::vector<std::size_t> order(pool.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    stream.shuffle(order);  // decides between equals
    std::vector<std::vector<std::uint64_t>> taken(space.axes.size());
    for (std::size_t axis = 0; axis < taken.size(); ++axis) {
        taken[axis].assign(space.axes[axis].values.size(), 0);
    }
    std::vector<std::uint64_t> used(pool.size(), 0);
    std::vector<Choice> designs;
    while (designs.size() < count) {
        const std::uint64_t round = designs.size() / pool.size();  // in which each combination is taken once
        std::size_t best = pool.size();
        std::uint64_t best_cost = std::numeric_limits<std::uint64_t>::max();
        for (const std::size_t at : order) {
            if (used[at] > round) {
                continue;
            }
            std::uint64_t cost = 0;
            for (std::size_t axis = 0; axis < taken.size(); ++axis) {
                cost += taken[axis][pool[at][axis]] * taken[axis].size();
            }
            if (cost < best_cost) {
                best = at;
                best_cost = cost;
            }
        }
        ++used[best];
        for (std::size_t axis = 0; axis < taken.size(); ++axis) {
            ++taken[axis][pool[best][axis]];
        }
        designs.push_back(pool[best]);
    }
    return designs;
}

class ContinuousDraw {
public:
    ContinuousDraw(SweepSpace& space, const std::vector<ContinuousAxis>& continuous, const SampleSpec& spec,
                   RandomStream& stream)
        : space_(space), continuous_(continuous), spec_(spec), stream_(stream) {}

    // Gives every design its values; those that cannot keep the conditions go. Returns how many went.
    std::size_t fill(std::vector<Choice>& designs) {
        std::vector<std::vector<std::size_t>> parts(continuous_.size());  // by axis and design
        for (std::size_t c = 0; c < continuous_.size(); ++c) {
            parts[c] = parts_of(designs, continuous_[c].axis);
        }
        std::vector<Choice> kept;
        for (std::size_t i = 0; i < designs.size(); ++i) {
            if (draw_until_kept(designs[i], parts, i)) {
                kept.push_back(designs[i]);
            }
        }
        const std::size_t lost = designs.size() - kept.size();
        designs = std::move(kept);
        return lost;
    }

private:
    // The part of the range in which each design is drawn, where the axis applies.
    std::vector<std::size_t> parts_of(const std::vector<Choice>& designs, std::size_t axis) {
        std::vector<std::size_t> part(designs.size(), 0);
        std::vector<std::size_t> on_axis;
        for (std::size_t i = 0; i < designs.size(); ++i) {
            if (space_.inert[axis] != designs[i][axis]) {
                on_axis.push_back(i);
            }
        }
        stream_.shuffle(on_axis);
        for (std::size_t k = 0; k < on_axis.size(); ++k) {
            part[on_axis[k]] = k;
        }
        on_axis_.push_back(on_axis.size());
        return part;
    }

    bool draw_until_kept(Choice& design, const std::vector<std::vector<std::size_t>>& parts, std::size_t i) {
        std::vector<std::size_t> sizes;
        for (const SweepAxis& axis : space_.axes) {
            sizes.push_back(axis.values.size());
        }
        const Choice before = design;
        for (int attempt = 0; attempt < kTries; ++attempt) {
            design = before;
            for (std::size_t c = 0; c < continuous_.size(); ++c) {
                const std::size_t axis = continuous_[c].axis;
                if (space_.inert[axis] != design[axis]) {
                    design[axis] = draw(c, parts[c][i]);
                }
            }
            if (continuous_.empty() || some_load_keeps(design)) {
                return true;
            }
            for (std::size_t a = 0; a < sizes.size(); ++a) {
                space_.axes[a].values.resize(sizes[a]);
            }
        }
        return false;
    }

    // Appends a value to the axis and returns its index.
    std::size_t draw(std::size_t c, std::size_t part) {
        const ContinuousAxis& of = continuous_[c];
        const double parts = spec_.method == SampleMethod::random ? 1.0 : static_cast<double>(on_axis_[c]);
        const double own = spec_.method == SampleMethod::random ? 0.0 : static_cast<double>(part);
        std::string label;
        for (int attempt = 0; attempt < kTries; ++attempt) {
            label = of.range.label_at((own + stream_.real()) / parts);
            // Rounded into the next part: draw again. Where parts are finer than labels, the last one stays.
            const std::optional<double> share = of.range.share_of(label);
            if (share && std::floor(*share * parts) == own) {
                break;
            }
        }
        std::vector<AxisValue>& values = space_.axes[of.axis].values;
        values.push_back(
            AxisValue{.label = label, .overrides = {of.path + "=" + label}, .number = number_of_label(label)->value});
        return values.size() - 1;
    }

    bool some_load_keeps(const Choice& design) const {
        std::vector<std::size_t> loads;
        for (std::size_t axis = 0; axis < space_.axes.size(); ++axis) {
            if (!is_drawn(space_, axis)) {
                loads.push_back(axis);
            }
        }
        Choice choice = design;
        while (true) {
            if (keeps_all(space_, choice)) {
                return true;
            }
            std::size_t at = loads.size();
            while (at > 0 && ++choice[loads[at - 1]] == space_.axes[loads[at - 1]].values.size()) {
                choice[loads[--at]] = 0;
            }
            if (at == 0) {
                return false;
            }
        }
    }

    SweepSpace& space_;
    const std::vector<ContinuousAxis>& continuous_;
    const SampleSpec& spec_;
    RandomStream& stream_;
    std::vector<std::size_t> on_axis_;  // by continuous axis: designs on it
};

// Values that designs use, by number, each once; the one of where the axis does not apply last.
void tidy_axis(SweepSpace& space, std::size_t axis, std::vector<Choice*>& choices) {
    std::vector<AxisValue>& values = space.axes[axis].values;
    std::vector<std::size_t> used;
    for (const Choice* choice : choices) {
        used.push_back((*choice)[axis]);
    }
    const auto is_inert = [&](std::size_t v) { return space.inert[axis] == v; };
    std::sort(used.begin(), used.end(), [&](std::size_t a, std::size_t b) {
        return std::make_tuple(is_inert(a), values[a].number.value_or(0.0), values[a].label) <
               std::make_tuple(is_inert(b), values[b].number.value_or(0.0), values[b].label);
    });
    std::vector<AxisValue> sorted;
    std::vector<std::size_t> index(values.size(), 0);
    for (const std::size_t v : used) {
        if (sorted.empty() || sorted.back().label != values[v].label) {
            sorted.push_back(values[v]);
        }
        index[v] = sorted.size() - 1;
    }
    for (Choice* choice : choices) {
        (*choice)[axis] = index[(*choice)[axis]];
    }
    if (space.inert[axis]) {
        const bool is_used = !sorted.empty() && sorted.back().label == kInertLabel;
        space.inert[axis] = is_used ? std::optional<std::size_t>(sorted.size() - 1) : std::nullopt;
    }
    values = std::move(sorted);
}

}  // namespace

Sample draw_sample(SweepSpace& space, const std::vector<ContinuousAxis>& continuous, const SampleSpec& spec,
                   std::optional<Choice>& baseline, std::vector<std::uint64_t>& cuts) {
    RandomStream stream(spec.seed, "sweep.sample");
    Sample sample;
    // A baseline may have brought values of its own; on the grid one value stands for all.
    SweepSpace grid = space;
    for (const ContinuousAxis& of : continuous) {
        grid.axes[of.axis].values.resize(space.inert[of.axis] ? 2 : 1);
    }
    const std::vector<Choice> pool = pool_of(grid, std::max(kPoolLeast, spec.points), stream, cuts);
    if (pool.empty()) {
        return sample;
    }
    std::size_t count = spec.points;
    if (continuous.empty() && count >= pool.size()) {
        sample.notes.push_back(
            fmt::format("the sample of {} designs is all {} that there are", spec.points, pool.size()));
        count = pool.size();
    }
    sample.designs = spec.method == SampleMethod::random ? random_designs(pool, count, stream)
                                                         : balanced_designs(grid, pool, count, stream);
    if (const std::size_t lost = ContinuousDraw(space, continuous, spec, stream).fill(sample.designs); lost != 0) {
        sample.notes.push_back(
            fmt::format("{} of {} designs drawn kept no condition in {} tries and are left out", lost, count, kTries));
    }
    if (baseline && std::find(sample.designs.begin(), sample.designs.end(), *baseline) == sample.designs.end()) {
        sample.designs.push_back(*baseline);
    }
    std::vector<Choice*> choices;
    for (Choice& design : sample.designs) {
        choices.push_back(&design);
    }
    if (baseline) {
        choices.push_back(&*baseline);
    }
    for (const ContinuousAxis& of : continuous) {
        tidy_axis(space, of.axis, choices);
        space.continuous[of.axis] = false;
    }
    std::sort(sample.designs.begin(), sample.designs.end());
    sample.designs.erase(std::unique(sample.designs.begin(), sample.designs.end()), sample.designs.end());
    return sample;
}

}  // namespace myriad
