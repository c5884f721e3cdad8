// Counts of routed tokens: conservation, and means against closed forms.

#include "sim/random/random_stream.h"
#include "tests/unit/llm/lists.h"
#include "tests/unit/llm/models.h"
#include "workloads/llm/routing.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

using namespace myriad;

namespace {

std::int64_t sum(const std::vector<std::int64_t>& values) {
    return std::accumulate(values.begin(), values.end(), std::int64_t{0});
}

LlmConfig small_experts(std::int64_t experts, std::int64_t active, std::int64_t groups, std::int64_t top_groups) {
    LlmConfig m = test::qwen3_30b_a3b();
    m.experts.experts = experts;
    m.experts.active_experts = active;
    m.experts.expert_groups = groups;
    m.experts.top_groups = top_groups;
    return m;
}

constexpr RoutingDistribution kAll[] = {RoutingDistribution::balanced, RoutingDistribution::uniform,
                                        RoutingDistribution::zipf};

}  // namespace

TEST_CASE("every choice becomes a row, every copy has a sender") {
    for (const RoutingDistribution distribution : kAll) {
        for (const std::uint64_t seed : {1U, 2U, 3U}) {
            for (const auto& [tokens, ranks, dispatch] :
                 {std::tuple{256, 8, ExpertDispatch::per_expert}, std::tuple{256, 8, ExpertDispatch::per_rank},
                  std::tuple{3, 32, ExpertDispatch::per_rank}, std::tuple{7, 1, ExpertDispatch::per_rank}}) {
                const LlmConfig model = test::deepseek_v3();
                OperatorShape shape{.sequence_length = tokens, .expert_parallel = ranks};
                shape.dispatch = dispatch;
                const RoutingSpec spec{.distribution = distribution, .skew = 0.7, .seed = seed};
                const RoutingCounts counts = route(model, shape, spec, 5, 1);
                INFO("seed " << seed << ", " << ranks << " ranks");
                CHECK(sum(counts.rows) == tokens * 8 * ranks);
                CHECK(counts.dropped == 0);
                std::int64_t rows = 0;
                for (std::int64_t rank = 0; rank < ranks; ++rank) {
                    rows += counts.rank_rows(rank);
                    const ExpertLoad load = load_of(counts, rank, 0);
                    CHECK(load.total == counts.rank_rows(rank));
                    CHECK(load.dispatched >= counts.sent(rank));
                    CHECK(load.combined >= counts.received(rank));
                    if (dispatch == ExpertDispatch::per_expert || ranks == 1) {
                        CHECK(counts.sent(rank) == tokens * 8);
                        CHECK(counts.received(rank) == counts.rank_rows(rank));
                    } else {
                        // Once a rank: at least one, at most as many as experts are chosen.
                        CHECK(counts.sent(rank) >= tokens);
                        CHECK(counts.sent(rank) <= tokens * 8);
                    }
                }
                CHECK(rows == sum(counts.rows));
            }
        }
    }
}

TEST_CASE("balanced counts are equal as far as integers go") {
    const LlmConfig model = test::qwen3_235b_a22b();
    OperatorShape shape{.sequence_length = 4096, .expert_parallel = 8};
    shape.dispatch = ExpertDispatch::per_expert;
    const RoutingCounts counts = route(model, shape, {}, 0, 0);
    CHECK(counts.rows == std::vector<std::int64_t>(128, 2048));  // 8 x 4096 x 8 choices over 128 experts
    CHECK(counts.copies == std::vector<std::int64_t>(64, 4096));
    // A decode batch of 4 sequences: 32 rows a rank on 2 of its 16 experts each.
    shape.sequence_length = 1;
    shape.micro_batch = 4;
    const BalancedLoad few = balanced_load(model, shape);
    CHECK(few.rows == std::vector<std::int64_t>(16, 2));
    shape.micro_batch = 1;
    const BalancedLoad one = balanced_load(model, shape);
    CHECK(sum(one.rows) == 8);  // of 16 experts, 8 have one row: the weights of 8 are read
    CHECK(*std::max_element(one.rows.begin(), one.rows.end()) == 1);
}

TEST_CASE("a group of tokens confined to its top groups visits no more ranks than these have") {
    // DeepSeek-V3 on 8 ranks: a group of 32 experts is a rank; a token visits at most 4.
    const LlmConfig model = test::deepseek_v3();
    const OperatorShape shape{.sequence_length = 512, .expert_parallel = 8};
    const RoutingCounts counts = route(model, shape, {.distribution = RoutingDistribution::uniform}, 0, 0);
    for (std::int64_t rank = 0; rank < 8; ++rank) {
        CHECK(counts.sent(rank) <= 512 * 4);
    }
    LlmConfig free = model;
    free.experts.expert_groups = 0;
    free.experts.top_groups = 0;
    // Without groups: 8 (1 - C(224, 8) / C(256, 8)) = 5.3 ranks a token.
    CHECK(route(free, shape, {.distribution = RoutingDistribution::uniform}, 0, 0).sent(0) > 512 * 5);
}

TEST_CASE("ranks visited: the closed form, by hand and by sampling") {
    // Two of four experts on two ranks: both on one rank with probability 2 / C(4, 2) = 1/3, so 1/3 + 2 x 2/3 ranks.
    CHECK(ranks_visited(small_experts(4, 2, 0, 0), 2) == Approx(5.0 / 3.0).epsilon(1e-12));
    CHECK(ranks_visited(small_experts(4, 2, 0, 0), 1) == Approx(1.0).epsilon(1e-12));
    CHECK(ranks_visited(small_experts(4, 2, 0, 0), 4) == Approx(2.0).epsilon(1e-12));
    // Two groups of two, one chosen, both of its experts: on four ranks two are visited, on two ranks one.
    CHECK(ranks_visited(small_experts(4, 2, 2, 1), 4) == Approx(2.0).epsilon(1e-12));
    CHECK(ranks_visited(small_experts(4, 2, 2, 1), 2) == Approx(1.0).epsilon(1e-12));
    for (const auto& [groups, top] : {std::pair{0, 0}, {8, 4}}) {
        for (const std::int64_t ranks : {2, 4, 8, 16, 64, 256}) {
            LlmConfig model = test::deepseek_v3();
            model.experts.expert_groups = groups;
            model.experts.top_groups = top;
            const std::int64_t tokens = 16384 / ranks;
            const OperatorShape shape{.sequence_length = tokens, .expert_parallel = ranks};
            const RoutingSpec spec{.distribution = RoutingDistribution::uniform, .seed = 7};
            const RoutingCounts counts = route(model, shape, spec, 0, 0);
            const double mean = static_cast<double>(sum(counts.copies)) / 16384.0;
            INFO("seed 7, " << groups << " groups, " << ranks << " ranks");
            // One token's visits lie between 1 and 8, so their deviation is below 3.5, and of the mean of 16,384
            // below 0.028: four of these.
            CHECK(std::abs(mean - ranks_visited(model, ranks)) < 0.11);
        }
    }
}

TEST_CASE("copies over servers and inside them, by drawing every token") {
    // Tokens are drawn here one by one, apart from the program's own router: top groups, then experts in them.
    const LlmConfig model = test::deepseek_v3();
    OperatorShape shape{.sequence_length = 8192, .expert_parallel = 64};
    shape.dispatch = ExpertDispatch::per_server;
    shape.expert_server = 8;
    const ExpertLoad load = balanced_load(model, shape).load;
    constexpr std::uint64_t kSeed = 21;
    RandomStream random(kSeed, "tokens");
    std::int64_t servers = 0;
    std::int64_t ranks = 0;
    for (int token = 0; token < 8192; ++token) {
        std::vector<std::int64_t> groups{0, 1, 2, 3, 4, 5, 6, 7};
        random.shuffle(groups);
        std::vector<std::int64_t> open;
        for (int g = 0; g < 4; ++g) {
            for (std::int64_t e = 0; e < 32; ++e) {
                open.push_back(groups[static_cast<std::size_t>(g)] * 32 + e);
            }
        }
        random.shuffle(open);
        std::set<std::int64_t> visited_servers;
        std::set<std::int64_t> visited_ranks;
        for (int k = 0; k < 8; ++k) {
            visited_ranks.insert(open[static_cast<std::size_t>(k)] / 4);     // four experts a rank
            visited_servers.insert(open[static_cast<std::size_t>(k)] / 32);  // eight ranks a server
        }
        servers += static_cast<std::int64_t>(visited_servers.size());
        ranks += static_cast<std::int64_t>(visited_ranks.size());
    }
    // Visits lie between 1 and 4 (8): deviation below 1.5 (3.5), of the mean of 8,192 below 0.017 (0.039); four of these.
    INFO("seed " << kSeed);
    CHECK(std::abs(static_cast<double>(servers - load.server_copies)) / 8192 < 0.07);
    CHECK(std::abs(static_cast<double>(ranks - load.dispatched)) / 8192 < 0.16);
    CHECK(load.server_copies < 8192 * 4);
    CHECK(load.server_copies > 8192 * 3);
}

TEST_CASE("uniform choices spread as draws without repetition do") {
    // An expert is among the 8 of 128 that a token chooses with p = 1/16: n tokens give it n p rows, deviation
    // sqrt(n p (1 - p)). Over 128 experts the mean square of the standardised difference is 1 with a deviation of about
    // sqrt(2 / 128) = 0.125: four of these.
    const LlmConfig model = test::qwen3_235b_a22b();
    for (const std::uint64_t seed : {11U, 12U, 13U}) {
        const OperatorShape shape{.sequence_length = 2048, .expert_parallel = 4};
        const RoutingSpec spec{.distribution = RoutingDistribution::uniform, .seed = seed};
        const RoutingCounts counts = route(model, shape, spec, 0, 0);
        const double n = 4 * 2048;
        double square = 0;
        for (const std::int64_t rows : counts.rows) {
            square += std::pow(static_cast<double>(rows) - n / 16, 2) / (n / 16 * 15 / 16);
        }
        INFO("seed " << seed);
        CHECK(square / 128 == Approx(1.0).margin(0.5));
    }
}

TEST_CASE("zipf: the first choice falls on an expert in proportion to 1 / i^skew") {
    // One expert a token: n / H rows for the first of 64, n / (64^s H) for the last, H = sum of i^-s.
    const LlmConfig model = small_experts(64, 1, 0, 0);
    const OperatorShape shape{.sequence_length = 8192, .expert_parallel = 4};
    const double s = 0.8;
    const RoutingSpec spec{.distribution = RoutingDistribution::zipf, .skew = s, .seed = 21};
    RoutingCounts counts = route(model, shape, spec, 0, 0);
    std::sort(counts.rows.rbegin(), counts.rows.rend());
    double h = 0;
    for (int i = 1; i <= 64; ++i) {
        h += std::pow(i, -s);
    }
    const double n = 4 * 8192;
    INFO("seed 21");
    for (const int i : {1, 2, 4, 8}) {
        const double mean = n * std::pow(i, -s) / h;
        CHECK(static_cast<double>(counts.rows[static_cast<std::size_t>(i - 1)]) ==
              Approx(mean).margin(4 * std::sqrt(mean)));
    }
    // All groups see the same experts popular; another sample sees others.
    const RoutingCounts other_group = route(model, shape, spec, 1, 0);
    const RoutingCounts other_sample = route(model, shape, spec, 0, 1);
    RoutingCounts again = route(model, shape, spec, 0, 0);
    const auto favourite = [](const RoutingCounts& c) {
        return std::max_element(c.rows.begin(), c.rows.end()) - c.rows.begin();
    };
    CHECK(favourite(again) == favourite(other_group));
    CHECK(favourite(again) != favourite(other_sample));
    CHECK(again.rows != other_group.rows);
    std::sort(again.rows.begin(), again.rows.end());
    std::sort(counts.rows.begin(), counts.rows.end());
    CHECK(again.rows == counts.rows);
}

TEST_CASE("strong skew ends, with every expert of a token different") {
    // All of 8 experts are chosen by every token, whatever their popularity: 1 / i^6.
    const LlmConfig model = small_experts(8, 8, 0, 0);
    const OperatorShape shape{.sequence_length = 64, .expert_parallel = 2};
    const RoutingSpec spec{.distribution = RoutingDistribution::zipf, .skew = 6.0};
    CHECK(route(model, shape, spec, 0, 0).rows == std::vector<std::int64_t>(8, 128));
}

TEST_CASE("a capacity factor pads every expert to the same rows and drops what is over") {
    const LlmConfig model = test::qwen3_235b_a22b();
    OperatorShape shape{.sequence_length = 1024, .expert_parallel = 8};
    for (const double factor : {1.0, 1.25, 2.0}) {
        shape.capacity_factor = factor;
        // 1024 x 8 / 128 = 64 rows a source and expert, times the factor.
        const auto capacity = static_cast<std::int64_t>(64 * factor);
        CHECK(expert_capacity(model, shape) == capacity);
        for (const RoutingDistribution distribution : kAll) {
            const RoutingCounts counts = route(model, shape, {.distribution = distribution, .seed = 3}, 0, 0);
            INFO("seed 3, factor " << factor);
            CHECK(counts.rows == std::vector<std::int64_t>(128, 8 * capacity));
            CHECK(counts.copies == std::vector<std::int64_t>(64, 16 * capacity));
            CHECK(sum(counts.rows) == 8 * 1024 * 8 - counts.dropped + counts.padded);
            CHECK((counts.dropped > 0) == (distribution != RoutingDistribution::balanced &&
                                           (factor < 2.0 || distribution == RoutingDistribution::zipf)));
        }
    }
}

TEST_CASE("the same seed gives the same counts, another seed or group others") {
    const LlmConfig model = test::qwen3_30b_a3b();
    const OperatorShape shape{.sequence_length = 256, .expert_parallel = 8};
    const RoutingSpec spec{.distribution = RoutingDistribution::uniform, .seed = 1};
    const RoutingCounts first = route(model, shape, spec, 0, 0);
    CHECK(route(model, shape, spec, 0, 0).copies == first.copies);
    CHECK(route(model, shape, spec, 1, 0).copies != first.copies);
    CHECK(route(model, shape, spec, 0, 1).copies != first.copies);
    CHECK(route(model, shape, {.distribution = RoutingDistribution::uniform, .seed = 2}, 0, 0).copies != first.copies);
}
