// Draws come from two streams, for pairs and for sizes, so that changing the sizes leaves the pairs as they are.

#include "workloads/traffic/traffic.h"

#include "sim/error/error.h"
#include "sim/random/random_stream.h"

#include <algorithm>
#include <cmath>

namespace myriad {

namespace {

class Maker {
public:
    explicit Maker(const TrafficSpec& spec)
        : spec_(spec),
          count_(spec.cards.size()),
          pairs_(spec.seed, "traffic.pairs"),
          sizes_(spec.seed, "traffic.sizes") {}

    std::vector<TrafficFlow> make() {
        switch (spec_.pattern) {
            case TrafficPattern::permutation:
                permutation();
                break;
            case TrafficPattern::shift:
                for (std::size_t i = 0; i < count_; ++i) {
                    add(i, (i + static_cast<std::size_t>(spec_.shift)) % count_);
                }
                break;
            case TrafficPattern::incast:
                for (std::size_t i = 1; i < count_; ++i) {
                    add(i, 0);
                }
                break;
            case TrafficPattern::all_to_all:
                flows_.reserve(count_ * (count_ - 1));
                for (std::size_t i = 0; i < count_; ++i) {
                    for (std::size_t d = 1; d < count_; ++d) {
                        add(i, i + d < count_ ? i + d : i + d - count_);
                    }
                }
                break;
            case TrafficPattern::random:
                random(0.0);
                break;
            case TrafficPattern::hotspot:
                random(spec_.hot_share);
                break;
        }
        return std::move(flows_);
    }

private:
    // One cycle through all cards in random order: a permutation in which nobody sends to itself.
    void permutation() {
        const auto order = pairs_.permutation(static_cast<std::uint32_t>(count_));
        std::vector<std::size_t> next(count_);
        for (std::size_t i = 0; i < count_; ++i) {
            next[order[i]] = order[(i + 1) % count_];
        }
        for (std::size_t i = 0; i < count_; ++i) {
            add(i, next[i]);
        }
    }

    void random(double hot_share) {
        for (std::int64_t f = 0; f < spec_.flows; ++f) {
            const bool hot = hot_share > 0.0 && pairs_.chance(hot_share);
            const std::size_t to = hot ? 0 : static_cast<std::size_t>(pairs_.below(count_));
            const auto step = static_cast<std::size_t>(1 + pairs_.below(count_ - 1));
            add((to + step) % count_, to);
        }
    }

    void add(std::size_t from, std::size_t to) { flows_.push_back({spec_.cards[from], spec_.cards[to], size()}); }

    Bytes size() {
        const std::int64_t mean = spec_.size.count();
        switch (spec_.distribution) {
            case SizeDistribution::fixed:
                return spec_.size;
            case SizeDistribution::uniform:
                return Bytes{sizes_.integer(1, std::max<std::int64_t>(2 * mean - 1, 1))};
            case SizeDistribution::exponential:
                return Bytes{std::max<std::int64_t>(std::llround(sizes_.exponential(static_cast<double>(mean))), 1)};
        }
        return spec_.size;
    }

    const TrafficSpec& spec_;
    std::size_t count_;
    RandomStream pairs_;
    RandomStream sizes_;
    std::vector<TrafficFlow> flows_;
};

}  // namespace

std::string_view name_of(TrafficPattern pattern) {
    switch (pattern) {
        case TrafficPattern::permutation:
            return "permutation";
        case TrafficPattern::shift:
            return "shift";
        case TrafficPattern::incast:
            return "incast";
        case TrafficPattern::all_to_all:
            return "all_to_all";
        case TrafficPattern::random:
            return "random";
        case TrafficPattern::hotspot:
            return "hotspot";
    }
    MYRIAD_CHECK(false, "a pattern without a name");
}

std::vector<TrafficFlow> make_traffic(const TrafficSpec& spec) {
    MYRIAD_CHECK(spec.cards.size() >= 2 && spec.size.count() > 0, "traffic needs two cards and a size");
    MYRIAD_CHECK(spec.shift > 0 && spec.shift % static_cast<std::int64_t>(spec.cards.size()) != 0,
                 "nobody sends to itself");
    return Maker(spec).make();
}

}  // namespace myriad
