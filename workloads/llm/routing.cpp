// Counts of tokens by destination and expert.
//
// balanced   choices are dealt out evenly: a rank has tokens x k rows, its experts differ by one at most; copies to other
//            ranks are the mean of a random choice, dealt out so that rank s sends to s + j as rank 0 sends to j
// uniform    every token chooses its experts at random, all alike, without choosing one twice
// zipf       the same with popularities 1 / i^skew; what is already chosen is left out of the next choice
// A token of a group-limited model first chooses top_groups of expert_groups groups in the same way (a group is as popular
// as its experts together), then its experts in these.
// Capacity: as Megatron-core pads (moe_pad_expert_input_to_capacity): a source sends every expert exactly
// ceil(tokens x k / experts x factor) rows, choices beyond that are dropped.

#include "workloads/llm/routing.h"

#include "sim/error/error.h"
#include "sim/random/random_stream.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace myriad {
namespace {

// Part `index` of `total` cut into `parts` as evenly as integers go.
std::int64_t share(std::int64_t total, std::int64_t parts, std::int64_t index) {
    return total * (index + 1) / parts - total * index / parts;
}

std::int64_t groups_of(const ExpertsConfig& e) { return std::max<std::int64_t>(1, e.expert_groups); }
std::int64_t top_groups_of(const ExpertsConfig& e) {
    return groups_of(e) == 1 ? 1 : std::max<std::int64_t>(1, e.top_groups);
}

void check(const LlmConfig& model, std::int64_t ranks) {
    const ExpertsConfig& e = model.experts;
    MYRIAD_CHECK(ranks > 0 && e.experts % ranks == 0, fmt::format("{}: {} ranks", model.name, ranks));
    MYRIAD_CHECK(e.experts % groups_of(e) == 0 && top_groups_of(e) <= groups_of(e) &&
                     e.active_experts <= e.experts / groups_of(e) * top_groups_of(e),
                 model.name);
}

// Draws items without repetition, each next one with a probability in proportion to its weight among those left.
class WeightedChoice {
public:
    explicit WeightedChoice(const std::vector<std::uint64_t>& weights)
        : weights_(weights), cumulative_(weights.size()) {
        std::partial_sum(weights.begin(), weights.end(), cumulative_.begin());
        even_ = std::all_of(weights.begin(), weights.end(), [&](std::uint64_t w) { return w == weights.front(); });
        MYRIAD_CHECK(cumulative_.back() <= std::uint64_t{1} << 50U, "weights leave 50 bits");
        std::size_t item = 0;
        for (std::uint64_t bucket = 0; bucket < kBuckets; ++bucket) {
            while (cumulative_[item] * kBuckets <= bucket * cumulative_.back()) {
                ++item;
            }
            first_.push_back(item);
        }
    }

    // `taken` and `closed` items do not count.
    std::size_t draw(RandomStream& random, const std::vector<std::uint8_t>& unavailable) const {
        // Drawing again what is not available leaves the others' proportions as they are.
        for (int attempt = 0; attempt < kAttempts; ++attempt) {
            const std::size_t item = any(random);
            if (unavailable[item] == 0) {
                return item;
            }
        }
        std::uint64_t left = 0;
        for (std::size_t i = 0; i < weights_.size(); ++i) {
            left += unavailable[i] == 0 ? weights_[i] : 0;
        }
        MYRIAD_CHECK(left > 0, "nothing is left to choose");
        std::uint64_t point = random.below(left);
        std::size_t item = 0;
        for (;; ++item) {
            const std::uint64_t weight = unavailable[item] == 0 ? weights_[item] : 0;
            if (point < weight) {
                return item;
            }
            point -= weight;
        }
    }

private:
    static constexpr int kAttempts = 16;
    static constexpr std::uint64_t kBuckets = 1024;

    std::size_t any(RandomStream& random) const {
        if (even_) {
            return static_cast<std::size_t>(random.below(weights_.size()));
        }
        const std::uint64_t point = random.below(cumulative_.back());
        std::size_t item = first_[static_cast<std::size_t>(point * kBuckets / cumulative_.back())];
        while (cumulative_[item] <= point) {
            ++item;
        }
        return item;
    }

    std::vector<std::uint64_t> weights_;
    std::vector<std::uint64_t> cumulative_;
    std::vector<std::size_t> first_;  // item that the lowest point of a bucket falls on
    bool even_ = true;
};

// Popularities as integers of 32 bits, so that the last digits of pow() do not matter.
std::vector<std::uint64_t> popularities(const LlmConfig& model, const RoutingSpec& spec, int sample) {
    const auto experts = static_cast<std::uint32_t>(model.experts.experts);
    std::vector<std::uint64_t> weights(experts, 1);
    if (spec.distribution == RoutingDistribution::zipf) {
        // All groups see the same popular experts.
        RandomStream random(spec.seed, fmt::format("routing.popularity.{}", sample));
        const std::vector<std::uint32_t> order = random.permutation(experts);
        for (std::uint32_t i = 0; i < experts; ++i) {
            const double popularity = std::pow(static_cast<double>(i + 1), -spec.skew);
            weights[order[i]] =
                std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::llround(popularity * 0x1p32)));
        }
    }
    return weights;
}

// The experts of one token after another.
class TokenRouter {
public:
    TokenRouter(const ExpertsConfig& e, const std::vector<std::uint64_t>& weights)
        : e_(e), experts_(weights), groups_(group_weights(e, weights)), unavailable_(weights.size(), 0) {}

    // Fills `chosen` with active_experts different experts.
    void choose(RandomStream& random, std::vector<std::size_t>& chosen) {
        const bool limited = top_groups_of(e_) < groups_of(e_);
        std::fill(unavailable_.begin(), unavailable_.end(), std::uint8_t{limited});
        if (limited) {
            open_groups(random);
        }
        chosen.clear();
        for (std::int64_t i = 0; i < e_.active_experts; ++i) {
            chosen.push_back(experts_.draw(random, unavailable_));
            unavailable_[chosen.back()] = 1;
        }
    }

private:
    static std::vector<std::uint64_t> group_weights(const ExpertsConfig& e, const std::vector<std::uint64_t>& weights) {
        const auto groups = static_cast<std::size_t>(groups_of(e));
        std::vector<std::uint64_t> sums(groups, 0);
        for (std::size_t i = 0; i < weights.size(); ++i) {
            sums[i / (weights.size() / groups)] += weights[i];
        }
        return sums;
    }

    void open_groups(RandomStream& random) {
        const std::size_t width = unavailable_.size() / static_cast<std::size_t>(groups_of(e_));
        chosen_groups_.assign(static_cast<std::size_t>(groups_of(e_)), 0);
        for (std::int64_t i = 0; i < top_groups_of(e_); ++i) {
            const std::size_t group = groups_.draw(random, chosen_groups_);
            chosen_groups_[group] = 1;
            std::fill_n(unavailable_.begin() + static_cast<std::ptrdiff_t>(group * width), width, std::uint8_t{0});
        }
    }

    const ExpertsConfig& e_;
    WeightedChoice experts_;
    WeightedChoice groups_;
    std::vector<std::uint8_t> unavailable_;
    std::vector<std::uint8_t> chosen_groups_;
};

std::int64_t choices_of_rank(const LlmConfig& model, const OperatorShape& shape) {
    return routed_tokens(shape) * model.experts.active_experts;
}

RoutingCounts empty_counts(const LlmConfig& model, std::int64_t ranks) {
    RoutingCounts counts;
    counts.ranks = ranks;
    counts.copies.assign(static_cast<std::size_t>(ranks * ranks), 0);
    counts.rows.assign(static_cast<std::size_t>(model.experts.experts), 0);
    return counts;
}

// Mean copies that a rank sends, its own share included.
double mean_copies(const LlmConfig& model, const OperatorShape& shape) {
    return copies_per_rank(shape)
               ? static_cast<double>(routed_tokens(shape)) * ranks_visited(model, shape.expert_parallel)
               : static_cast<double>(choices_of_rank(model, shape));
}

std::int64_t whole_copies(double mean) { return static_cast<std::int64_t>(std::ceil(mean - 1e-9)); }

RoutingCounts balanced(const LlmConfig& model, const OperatorShape& shape) {
    const std::int64_t ranks = shape.expert_parallel;
    RoutingCounts counts = empty_counts(model, ranks);
    const std::int64_t sent = whole_copies(mean_copies(model, shape));
    for (std::int64_t source = 0; source < ranks; ++source) {
        for (std::int64_t j = 0; j < ranks; ++j) {
            counts.copies[static_cast<std::size_t>(source * ranks + (source + j) % ranks)] = share(sent, ranks, j);
        }
    }
    const std::int64_t experts_a_rank = model.experts.experts / ranks;
    for (std::int64_t e = 0; e < model.experts.experts; ++e) {
        counts.rows[static_cast<std::size_t>(e)] =
            share(choices_of_rank(model, shape), experts_a_rank, e % experts_a_rank);
    }
    return counts;
}

// Every source sends every expert exactly its capacity; `wanted` [source, expert].
void fill_to_capacity(RoutingCounts& counts, const std::vector<std::int64_t>& wanted, std::int64_t capacity) {
    for (const std::int64_t rows : wanted) {
        counts.dropped += std::max<std::int64_t>(0, rows - capacity);
        counts.padded += std::max<std::int64_t>(0, capacity - rows);
    }
    const std::int64_t experts_a_rank = counts.experts_a_rank();
    std::fill(counts.copies.begin(), counts.copies.end(), experts_a_rank * capacity);
    std::fill(counts.rows.begin(), counts.rows.end(), counts.ranks * capacity);
}

RoutingCounts drawn(const LlmConfig& model, const OperatorShape& shape, const RoutingSpec& spec, std::int64_t group,
                    int sample) {
    const std::int64_t ranks = shape.expert_parallel;
    const auto experts = static_cast<std::size_t>(model.experts.experts);
    RoutingCounts counts = empty_counts(model, ranks);
    TokenRouter router(model.experts, popularities(model, spec, sample));
    RandomStream random(spec.seed, fmt::format("routing.group.{}.{}", group, sample));
    const bool once_a_rank = copies_per_rank(shape);
    const auto experts_a_rank = static_cast<std::size_t>(counts.experts_a_rank());
    std::vector<std::int64_t> wanted(static_cast<std::size_t>(ranks) * experts, 0);
    std::vector<std::int64_t> last_token(static_cast<std::size_t>(ranks), -1);
    std::vector<std::size_t> chosen;
    for (std::int64_t source = 0; source < ranks; ++source) {
        for (std::int64_t token = 0; token < routed_tokens(shape); ++token) {
            router.choose(random, chosen);
            const std::int64_t id = source * routed_tokens(shape) + token;
            for (const std::size_t expert : chosen) {
                ++wanted[static_cast<std::size_t>(source) * experts + expert];
                const std::size_t rank = expert / experts_a_rank;
                const bool again = once_a_rank && last_token[rank] == id;
                last_token[rank] = id;
                counts.copies[static_cast<std::size_t>(source * ranks) + rank] += again ? 0 : 1;
            }
        }
    }
    if (shape.capacity_factor > 0.0) {
        fill_to_capacity(counts, wanted, expert_capacity(model, shape));
        return counts;
    }
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        counts.rows[i % experts] += wanted[i];
    }
    return counts;
}

}  // namespace

bool experts_see_all_tokens(const OperatorShape& shape) {
    return shape.tensor_parallel > 1 && !shape.sequence_parallel &&
           shape.expert_tensor_parallel == shape.tensor_parallel;
}

std::int64_t routed_tokens(const OperatorShape& shape) {
    if (shape.sequence_parallel || shape.tensor_parallel == 1) {
        return shape.region_tokens();
    }
    return experts_see_all_tokens(shape) ? shape.tokens()
                                         : (shape.tokens() + shape.tensor_parallel - 1) / shape.tensor_parallel;
}

std::int64_t expert_token_copies(const OperatorShape& shape) {
    return experts_see_all_tokens(shape) ? 1 : shape.expert_tensor_parallel;
}

bool copies_per_rank(const OperatorShape& shape) {
    return shape.expert_parallel > 1 && shape.dispatch != ExpertDispatch::per_expert && shape.capacity_factor <= 0.0;
}

bool copies_per_server(const OperatorShape& shape) {
    return copies_per_rank(shape) && shape.dispatch == ExpertDispatch::per_server;
}

std::int64_t expert_capacity(const LlmConfig& model, const OperatorShape& shape) {
    const double fair = static_cast<double>(choices_of_rank(model, shape)) / static_cast<double>(model.experts.experts);
    return static_cast<std::int64_t>(std::ceil(fair * shape.capacity_factor - 1e-9));
}

std::int64_t RoutingCounts::rank_rows(std::int64_t rank) const {
    const auto first = rows.begin() + static_cast<std::ptrdiff_t>(rank * experts_a_rank());
    return std::accumulate(first, first + static_cast<std::ptrdiff_t>(experts_a_rank()), std::int64_t{0});
}

std::int64_t RoutingCounts::sent(std::int64_t rank) const {
    const auto first = copies.begin() + static_cast<std::ptrdiff_t>(rank * ranks);
    return std::accumulate(first, first + static_cast<std::ptrdiff_t>(ranks), std::int64_t{0});
}

std::int64_t RoutingCounts::received(std::int64_t rank) const {
    std::int64_t sum = 0;
    for (std::int64_t source = 0; source < ranks; ++source) {
        sum += copies[static_cast<std::size_t>(source * ranks + rank)];
    }
    return sum;
}

RoutingCounts route(const LlmConfig& model, const OperatorShape& shape, const RoutingSpec& spec, std::int64_t group,
                    int sample) {
    check(model, shape.expert_parallel);
    MYRIAD_CHECK(sample >= 0 && sample < spec.samples, fmt::format("sample {} of {}", sample, spec.samples));
    RoutingCounts counts;
    if (spec.distribution == RoutingDistribution::balanced) {
        counts = balanced(model, shape);
        if (shape.capacity_factor > 0.0) {
            std::vector<std::int64_t> wanted;
            for (std::int64_t i = 0; i < shape.expert_parallel * model.experts.experts; ++i) {
                wanted.push_back(
                    share(choices_of_rank(model, shape), model.experts.experts, i % model.experts.experts));
            }
            fill_to_capacity(counts, wanted, expert_capacity(model, shape));
        }
    } else {
        counts = drawn(model, shape, spec, group, sample);
    }
    for (std::int64_t& rows : counts.rows) {
        rows *= expert_token_copies(shape);
    }
    return counts;
}

ExpertLoad load_of(const RoutingCounts& counts, std::int64_t rank, int routing) {
    ExpertLoad load;
    const auto first = static_cast<std::size_t>(rank * counts.experts_a_rank());
    load.rows = std::span(counts.rows).subspan(first, static_cast<std::size_t>(counts.experts_a_rank()));
    load.total = counts.rank_rows(rank);
    for (std::int64_t r = 0; r < counts.ranks; ++r) {
        load.dispatched = std::max(load.dispatched, counts.sent(r));
        load.combined = std::max(load.combined, counts.received(r));
    }
    load.routing = routing;
    load.sent = counts.sent(rank);
    load.received = counts.received(rank);
    return load;
}

BalancedLoad balanced_load(const LlmConfig& model, const OperatorShape& shape) {
    const RoutingCounts counts = route(model, shape, {}, 0, 0);
    BalancedLoad balanced;
    balanced.rows.assign(counts.rows.begin(), counts.rows.begin() + counts.experts_a_rank());
    balanced.load = load_of(counts, 0, -1);
    balanced.load.rows = balanced.rows;
    if (copies_per_server(shape)) {
        const double servers = ranks_visited(model, shape.expert_parallel / shape.expert_server);
        balanced.load.server_copies = whole_copies(static_cast<double>(routed_tokens(shape)) * servers);
    }
    return balanced;
}

namespace {

// C(n - taken, k) / C(n, k): no one of `taken` is among k of n.
double none_of(std::int64_t n, std::int64_t taken, std::int64_t k) {
    double probability = 1.0;
    for (std::int64_t i = 0; i < k; ++i) {
        probability *= std::max(0.0, static_cast<double>(n - taken - i) / static_cast<double>(n - i));
    }
    return probability;
}

double binomial(std::int64_t n, std::int64_t k) {
    double value = k < 0 || k > n ? 0.0 : 1.0;
    for (std::int64_t i = 0; i < k && value > 0.0; ++i) {
        value *= static_cast<double>(n - i) / static_cast<double>(i + 1);
    }
    return value;
}

}  // namespace

// A rank is visited unless none of its experts is chosen. It holds experts of `spans` groups; of these a token has j among
// its top groups with probability C(spans, j) C(G - spans, g - j) / C(G, g), and then chooses k of g n experts, of which
// the rank has j times what it holds of a group.
double ranks_visited(const LlmConfig& model, std::int64_t expert_parallel) {
    check(model, expert_parallel);
    const ExpertsConfig& e = model.experts;
    const std::int64_t groups = groups_of(e);
    const std::int64_t top = top_groups_of(e);
    const std::int64_t group_width = e.experts / groups;
    const std::int64_t rank_width = e.experts / expert_parallel;
    MYRIAD_CHECK(group_width % rank_width == 0 || rank_width % group_width == 0,
                 fmt::format("{}: groups of {} experts, ranks of {}", model.name, group_width, rank_width));
    const std::int64_t spans = std::max<std::int64_t>(1, rank_width / group_width);
    const std::int64_t held = std::min(group_width, rank_width);
    double missed = 0.0;
    for (std::int64_t j = 0; j <= std::min(spans, top); ++j) {
        const double weight = binomial(spans, j) * binomial(groups - spans, top - j) / binomial(groups, top);
        missed += weight * none_of(top * group_width, j * held, e.active_experts);
    }
    return static_cast<double>(expert_parallel) * (1.0 - missed);
}

}  // namespace myriad
