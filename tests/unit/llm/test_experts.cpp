// Expert layers: work, bytes and exchanges counted by hand.

#include "tests/unit/llm/lists.h"
#include "tests/unit/llm/models.h"
#include "workloads/llm/routing.h"

#include <algorithm>

using namespace myriad;
using test::find;
using test::kernel;

namespace {

OperatorList expert_layer(const LlmConfig& model, const OperatorShape& shape, const ExpertLoad& load) {
    return layer_operators(model, {true, false}, shape, load);
}

}  // namespace

TEST_CASE("experts of a rank multiply their rows") {
    // Qwen3-235B-A22B, ep 8: 16 experts a rank, 4096 x 8 rows of 4096 tokens a rank, 2048 an expert.
    const LlmConfig model = test::qwen3_235b_a22b();
    const OperatorShape shape{.sequence_length = 4096, .expert_parallel = 8};
    const BalancedLoad load = balanced_load(model, shape);
    CHECK(load.rows == std::vector<std::int64_t>(16, 2048));
    const OperatorList list = expert_layer(model, shape, load.load);
    const double rows = 4096.0 * 8;
    const Kernel& up = kernel(list, "expert_up");
    CHECK(up.work.count() == 2 * rows * 4096 * 3072);
    CHECK(up.read == Bytes{2 * (4096 * 8 * 4096 + 16 * 4096 * 3072)});
    CHECK(up.written == Bytes{2 * 4096 * 8 * 3072});
    CHECK(std::get<GroupedGemmShape>(up.shape).rows.data() == load.rows.data());
    const Kernel& dgrad = kernel(list, "expert_up_dgrad");
    CHECK(dgrad.work == up.work);
    CHECK(dgrad.read == Bytes{2 * (4096 * 8 * 3072 + 16 * 4096 * 3072)});
    // The gradients of 16 weights, fp32, are read, added to and written.
    const Kernel& wgrad = kernel(list, "expert_up_wgrad");
    CHECK(wgrad.work == up.work);
    CHECK(wgrad.read == Bytes{2 * 4096 * 8 * (4096 + 3072) + 4 * 16 * 4096 * 3072});
    CHECK(wgrad.written == Bytes{4 * 16 * 4096 * 3072});
    CHECK(kernel(list, "router").written == Bytes{4 * 4096 * 128});  // fp32 scores
    // The choices that fell: index and weight, 8 bytes each; scores and their gradient 128 x 4.
    CHECK(kernel(list, "top_k").written == Bytes{4096 * 8 * 8});
    CHECK(kernel(list, "top_k_grad").read == Bytes{4096 * (128 * 4 + 8 * 8)});
    // Gradients of router and experts are added; with a shared expert, a third.
    CHECK(kernel(list, "expert_input_grad").read == Bytes{2 * 4096 * 4096 * 2});
    const BalancedLoad shared = balanced_load(test::deepseek_v3(), shape);
    CHECK(kernel(expert_layer(test::deepseek_v3(), shape, shared.load), "expert_input_grad").read ==
          Bytes{3 * 4096 * 7168 * 2});
    CHECK(find(list, "expert_up").expert_parameters);
    CHECK_FALSE(find(list, "router").expert_parameters);
}

TEST_CASE("tokens go to experts once an expert or once a rank") {
    const LlmConfig model = test::qwen3_235b_a22b();
    OperatorShape shape{.sequence_length = 4096, .expert_parallel = 8};
    shape.dispatch = ExpertDispatch::per_expert;
    BalancedLoad load = balanced_load(model, shape);
    OperatorList list = expert_layer(model, shape, load.load);
    CHECK(test::names(list).find("post_attention_norm router top_k dispatch_permute dispatch expert_permute expert_up "
                                 "expert_swiglu expert_down expert_unpermute combine combine_sum residual") !=
          std::string::npos);
    // Eight copies of 4096 tokens of 4096 channels of 2 bytes, each way.
    const Bytes copies{8 * 4096 * 4096 * 2};
    for (const char* name : {"dispatch", "combine"}) {
        CAPTURE(name);
        const Exchange& exchange = find(list, name).exchange;
        CHECK(exchange.group == GroupKind::expert);
        CHECK(exchange.routing == -1);
        CHECK(exchange.returns == (std::string_view(name) == "combine"));
        CHECK(exchange.forward->op == CollectiveOp::all_to_all);
        CHECK(exchange.forward->size == copies);
        CHECK(exchange.backward->size == copies);
    }
    CHECK(kernel(list, "dispatch_permute").read == Bytes{4096 * 4096 * 2});
    CHECK(kernel(list, "dispatch_permute").written == copies);
    // Once a rank: 8 of 128 experts, 16 a rank: a rank is missed with probability C(112, 8) / C(128, 8).
    shape.dispatch = ExpertDispatch::per_rank;
    load = balanced_load(model, shape);
    double missed = 1.0;
    for (int i = 0; i < 8; ++i) {
        missed *= (112.0 - i) / (128.0 - i);
    }
    const auto sent = static_cast<std::int64_t>(std::ceil(4096 * 8 * (1 - missed)));
    list = expert_layer(model, shape, load.load);
    CHECK(find(list, "dispatch").exchange.forward->size == Bytes{sent * 4096 * 2});
    // The token is sent from where it lies, and copied for its experts where it arrives.
    CHECK(find(list, "dispatch_permute").forward.empty());
    CHECK(kernel(list, "expert_permute").read == Bytes{sent * 4096 * 2});
    CHECK(kernel(list, "expert_permute").written == copies);
}

TEST_CASE("without expert parallelism nothing is exchanged") {
    const LlmConfig model = test::qwen3_30b_a3b();
    const OperatorShape shape{.sequence_length = 4096};
    const BalancedLoad load = balanced_load(model, shape);
    const OperatorList list = expert_layer(model, shape, load.load);
    for (const Operator& op : list) {
        CHECK(op.exchange.group == GroupKind::none);
    }
    CHECK(kernel(list, "dispatch_permute").written == Bytes{8 * 4096 * 2048 * 2});
    CHECK_FALSE(test::has(list, "expert_permute"));
}

TEST_CASE("dispatch in fp8, combine in bf16, forward and backward") {
    // DeepSeek-V3 report, 3.3.3. A token of 7168 channels: 7168 bytes and 56 scales of 4; 14336 bytes back.
    const LlmConfig model = test::deepseek_v3();
    OperatorShape shape{.sequence_length = 4096, .expert_parallel = 64, .precision = Precision::fp8};
    shape.dispatch_fp8 = true;
    const BalancedLoad load = balanced_load(model, shape);
    const OperatorList list = expert_layer(model, shape, load.load);
    const std::int64_t sent = load.load.dispatched;
    const Exchange& dispatch = find(list, "dispatch").exchange;
    const Exchange& combine = find(list, "combine").exchange;
    CHECK(dispatch.forward->size == Bytes{sent * (7168 + 56 * 4)});
    CHECK(dispatch.backward->size == Bytes{sent * 14336});
    CHECK(combine.forward->size == Bytes{sent * 14336});
    CHECK(combine.backward->size == Bytes{sent * (7168 + 56 * 4)});
    // What arrives in fp8 is not cast again before the first matrix; before the second it is.
    CHECK(test::labels(find(list, "expert_up").forward) == "expert_up");
    CHECK(test::labels(find(list, "expert_down").forward) == "fp8_cast expert_down");
    CHECK(test::labels(find(list, "dispatch_permute").forward) == "fp8_cast");
    // Shared experts run beside the dispatch.
    CHECK(dispatch.beside == 3);
    CHECK(test::names(list).find("dispatch shared_up shared_swiglu shared_down expert_permute") != std::string::npos);
    shape.overlap_shared_experts = false;
    CHECK(find(expert_layer(model, shape, load.load), "dispatch").exchange.beside == 0);
}

TEST_CASE("tokens go to servers, and on inside them") {
    const LlmConfig model = test::deepseek_v3();
    OperatorShape shape{.sequence_length = 4096, .expert_parallel = 64};
    shape.dispatch = ExpertDispatch::per_server;
    shape.expert_server = 8;
    shape.dispatch_fp8 = true;
    const BalancedLoad load = balanced_load(model, shape);
    OperatorList list = expert_layer(model, shape, load.load);
    // Eight servers hold a group of 32 experts each. A token has four groups: a server is one of them with probability
    // 1/2, and then missed by 8 of 128 with C(96, 8) / C(128, 8).
    double missed = 1.0;
    for (int i = 0; i < 8; ++i) {
        missed *= (96.0 - i) / (128.0 - i);
    }
    const auto servers = static_cast<std::int64_t>(std::ceil(4096 * 8 * 0.5 * (1 - missed)));
    CHECK(load.load.server_copies == servers);
    // What ranks of a server send on is what they would send themselves.
    shape.dispatch = ExpertDispatch::per_rank;
    const std::int64_t ranks = balanced_load(model, shape).load.dispatched;
    CHECK(load.load.dispatched == ranks);
    CHECK(ranks > servers);
    struct Expected {
        const char* name;
        GroupKind group;
        std::int64_t forward, backward;  // bytes; a token is 7168 bytes and 56 scales, or 14336
        int beside;
    };
    const std::int64_t fp8 = 7168 + 56 * 4;
    const std::int64_t bf16 = 2 * 7168;
    // Beside each other and the shared experts, which are three operators; back beside the addition.
    for (const Expected& e : {Expected{"dispatch_rail", GroupKind::expert_rail, servers * fp8, servers * bf16, 5},
                              {"dispatch_server", GroupKind::expert_server, ranks * fp8, ranks * bf16, 4},
                              {"combine_server", GroupKind::expert_server, ranks * bf16, ranks * fp8, 2},
                              {"combine_rail", GroupKind::expert_rail, servers * bf16, servers * fp8, 1}}) {
        const Exchange& exchange = find(list, e.name).exchange;
        CAPTURE(e.name);
        CHECK(exchange.group == e.group);
        CHECK(exchange.forward->op == CollectiveOp::all_to_all);
        CHECK(exchange.forward->size == Bytes{e.forward});
        CHECK(exchange.backward->size == Bytes{e.backward});
        CHECK(exchange.beside == e.beside);
    }
    CHECK(test::names(list).find("dispatch_rail dispatch_server dispatch_forward shared_up shared_swiglu shared_down "
                                 "expert_permute") != std::string::npos);
    CHECK(test::names(list).find("expert_unpermute combine_server combine_rail combine_forward combine_sum") !=
          std::string::npos);
    // Results of one token and server are added where it was sent on, those of its servers at its own rank.
    CHECK(kernel(list, "combine_forward").read == Bytes{ranks * bf16});
    CHECK(kernel(list, "combine_forward").written == Bytes{servers * bf16});
    CHECK(kernel(list, "combine_sum").read == Bytes{servers * bf16});
    CHECK(kernel(list, "combine_sum").written == Bytes{4096 * bf16});
    CHECK(kernel(list, "dispatch_forward_grad").read == Bytes{ranks * bf16});
    CHECK(kernel(list, "dispatch_permute_grad").read == Bytes{servers * bf16});
    shape.dispatch = ExpertDispatch::per_server;
    shape.overlap_shared_experts = false;
    list = expert_layer(model, shape, load.load);
    CHECK(find(list, "dispatch_rail").exchange.beside == 2);
    CHECK(find(list, "dispatch_server").exchange.beside == 1);
}

TEST_CASE("with sequence parallelism every rank routes its own tokens") {
    const LlmConfig model = test::qwen3_235b_a22b();
    OperatorShape shape{.sequence_length = 4096, .tensor_parallel = 4, .sequence_parallel = true, .expert_parallel = 8};
    shape.dispatch = ExpertDispatch::per_expert;
    SECTION("whole experts") {
        const BalancedLoad load = balanced_load(model, shape);
        const OperatorList list = expert_layer(model, shape, load.load);
        CHECK(std::get<GemmShape>(kernel(list, "router").shape).m == 1024);
        CHECK(load.load.total == 1024 * 8);
        CHECK(find(list, "dispatch").exchange.forward->size == Bytes{1024 * 8 * 4096 * 2});
        CHECK_FALSE(test::has(list, "expert_gather"));
    }
    SECTION("experts divided by two: gathered from both, scattered to both") {
        shape.expert_tensor_parallel = 2;
        const BalancedLoad load = balanced_load(model, shape);
        const OperatorList list = expert_layer(model, shape, load.load);
        // Twice the rows, half the width.
        CHECK(load.load.total == 2 * 1024 * 8);
        CHECK(kernel(list, "expert_up").work.count() == 2.0 * 2 * 1024 * 8 * 4096 * 1536);
        CHECK(find(list, "dispatch").exchange.forward->size == Bytes{1024 * 8 * 4096 * 2});
        const Exchange& gather = find(list, "expert_gather").exchange;
        CHECK(gather.group == GroupKind::expert_tensor);
        CHECK(gather.forward->op == CollectiveOp::all_gather);
        CHECK(gather.forward->size == Bytes{2 * 1024 * 8 * 4096 * 2});
        CHECK(gather.backward->op == CollectiveOp::reduce_scatter);
        const Exchange& scatter = find(list, "expert_scatter").exchange;
        CHECK(scatter.forward->op == CollectiveOp::reduce_scatter);
        CHECK(scatter.forward->size == gather.forward->size);
        CHECK(scatter.backward->op == CollectiveOp::all_gather);
    }
}

TEST_CASE("without sequence parallelism all ranks have all tokens") {
    const LlmConfig model = test::deepseek_v3();
    OperatorShape shape{.sequence_length = 4096, .tensor_parallel = 4, .expert_tensor_parallel = 4};
    SECTION("experts divided as the other matrices: one sum at the end, shared experts included") {
        const BalancedLoad load = balanced_load(model, shape);
        CHECK(load.load.total == 4096 * 8);
        const OperatorList list = expert_layer(model, shape, load.load);
        CHECK(find(list, "expert_output").exchange.forward->op == CollectiveOp::all_reduce);
        CHECK(find(list, "expert_input").exchange.backward->op == CollectiveOp::all_reduce);
        CHECK(find(list, "expert_output").exchange.forward->size == Bytes{4096 * 7168 * 2});
        const auto exchanges = std::count_if(list.begin(), list.end(), [](const Operator& op) {
            return op.exchange.group == GroupKind::tensor && op.exchange.forward.has_value();
        });
        CHECK(exchanges == 2);  // after attention, after the experts
    }
    SECTION("whole experts: each rank routes a quarter, and the results are gathered") {
        shape.expert_tensor_parallel = 1;
        shape.expert_parallel = 8;
        const BalancedLoad load = balanced_load(model, shape);
        CHECK(load.load.total == 1024 * 8);
        const OperatorList list = expert_layer(model, shape, load.load);
        CHECK(find(list, "expert_output").exchange.forward->op == CollectiveOp::all_gather);
        CHECK(find(list, "expert_input").exchange.backward->op == CollectiveOp::all_gather);
    }
}

TEST_CASE("a rank whose experts have no rows computes nothing, and holds its parameters") {
    const LlmConfig model = test::qwen3_30b_a3b();
    OperatorShape shape{.sequence_length = 128, .expert_parallel = 2};
    const std::vector<std::int64_t> rows(64, 0);
    const ExpertLoad load{rows, 0, 128, 128, 3};
    const OperatorList list = expert_layer(model, shape, load);
    CHECK(find(list, "expert_up").forward.empty());
    CHECK(find(list, "expert_up").parameters == 64 * 2 * 768 * 2048);
    CHECK_FALSE(test::has(list, "expert_swiglu"));
    CHECK(find(list, "dispatch").exchange.forward->op == CollectiveOp::all_to_allv);
    CHECK(find(list, "dispatch").exchange.routing == 3);
}

TEST_CASE("uneven counts: exchanges have the size of the busiest rank, kernels the rank's own") {
    const LlmConfig model = test::qwen3_30b_a3b();
    const OperatorShape shape{.sequence_length = 128, .expert_parallel = 2};
    const std::vector<std::int64_t> rows(64, 3);
    ExpertLoad load{rows, 192, 200, 240, 0, 150, 110};
    const OperatorList list = expert_layer(model, shape, load);
    const std::int64_t row = 2048 * 2;
    CHECK(find(list, "dispatch").exchange.forward->size == Bytes{200 * row});
    CHECK(find(list, "dispatch").exchange.backward->size == Bytes{240 * row});
    CHECK(find(list, "combine").exchange.forward->size == Bytes{240 * row});
    CHECK(find(list, "combine").exchange.backward->size == Bytes{200 * row});
    CHECK(kernel(list, "expert_permute").read == Bytes{110 * row});
    CHECK(kernel(list, "expert_permute").written == Bytes{192 * row});
    CHECK(kernel(list, "combine_sum").read == Bytes{150 * row});
    CHECK(kernel(list, "combine_sum").written == Bytes{128 * row});
}
