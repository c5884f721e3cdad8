// Memory against Korthikanti et al. 2022 (arXiv 2205.05198), figures 1 and 7 as GiB a card (the encoding of the paper's
// figures in the validation of calculon, Apache-2.0): activations of the tensor-parallel baseline and of selective
// recompute with sequence parallelism; parameters and optimizer. Error: none to the last digit, because the paper's
// figures are its formulas; its shares in per cent were read from a picture and agree to 0.5 points.

#include "tests/unit/llm/models.h"
#include "workloads/training/memory.h"

#include <catch2/catch.hpp>

using namespace myriad;

namespace {

struct Row {
    const char* name;
    std::int64_t layers, hidden, heads, pp, batch, micro_batch, interleave;
    double parameters_gib, baseline_gib, present_gib;
    double seqpar_percent, selective_percent, both_percent;
};
// tensor parallelism 8, sequence 2048, vocabulary 51200
const std::vector<Row> kRows{
    {"22B", 48, 6144, 64, 1, 4, 4, 1, 45.5625, 59.25, 9.5625, 66.84, 49.42, 16.18},
    {"175B", 96, 12288, 96, 8, 64, 1, 3, 45.5625, 66.84375, 12.3515625, 62.04, 56.53, 18.49},
    {"530B", 105, 20480, 128, 35, 280, 1, 3, 31.640625, 114.0234375, 23.076171875, 58.31, 62.04, 20.27},
    {"1T", 128, 25600, 160, 64, 512, 1, 1, 32.958984375, 131.25, 26.5625, 58.31, 62.04, 20.27},
};

LlmConfig model_of(const Row& row) { return test::gpt(row.name, row.layers, row.hidden, row.heads, 51200, 2048); }

ParallelPlan plan_of(const Row& row, bool sequence_parallel, Recompute recompute) {
    ParallelPlan plan;
    plan.tensor_parallel = 8;
    plan.pipeline_parallel = row.pp;
    plan.micro_batch = row.micro_batch;
    plan.global_batch = row.batch;
    plan.sequence_length = 2048;
    plan.sequence_parallel = sequence_parallel;
    plan.attention = AttentionKernel::unfused;
    plan.dropout = true;
    plan.recompute = recompute;
    return plan;
}

double gib(double bytes) { return bytes / (1024.0 * 1024.0 * 1024.0); }

// Layers of the first stage: L layers in flight with 1F1B; interleaving, which this version does not run, multiplies
// by 1 + (p - 1) / (p v) (section 4.2.3 of the paper).
double first_stage_gib(const Row& row, bool sequence_parallel, Recompute recompute) {
    const ParallelPlan plan = plan_of(row, sequence_parallel, recompute);
    const double p = static_cast<double>(row.pp);
    const double factor = row.interleave > 1 ? 1.0 + (p - 1.0) / (p * static_cast<double>(row.interleave)) : 1.0;
    const auto layers = static_cast<double>(row.layers / row.pp * micro_batches_in_flight(plan.pipeline(), 0, 0));
    return gib(static_cast<double>(layer_activations(model_of(row), plan).count()) * layers * factor);
}

}  // namespace

TEST_CASE("activations agree with Korthikanti et al. 2022") {
    for (const Row& row : kRows) {
        CAPTURE(row.name);
        const double baseline = first_stage_gib(row, false, Recompute::none);
        CHECK(baseline == Approx(row.baseline_gib).epsilon(1e-12));
        CHECK(first_stage_gib(row, true, Recompute::selective) == Approx(row.present_gib).epsilon(1e-12));
        CHECK(100 * first_stage_gib(row, true, Recompute::none) / baseline == Approx(row.seqpar_percent).margin(0.5));
        CHECK(100 * first_stage_gib(row, false, Recompute::selective) / baseline ==
              Approx(row.selective_percent).margin(0.5));
        CHECK(100 * first_stage_gib(row, true, Recompute::selective) / baseline ==
              Approx(row.both_percent).margin(0.5));
    }
}

TEST_CASE("parameters and optimizer agree with Korthikanti et al. 2022") {
    // 18 bytes a parameter (2 weight, 4 gradient, 12 optimizer) of 12 h^2 a layer: the paper counts matrices only.
    for (const Row& row : kRows) {
        CAPTURE(row.name);
        const LlmConfig model = model_of(row);
        const auto matrices = static_cast<double>(dense_layer_parameters(model).matrices * row.layers);
        CHECK(gib(18 * matrices / static_cast<double>(8 * row.pp)) == Approx(row.parameters_gib).epsilon(1e-12));
    }
    // Our stage counts norms, biases and embedding as well. 22B, tp 8, pp 1: per layer biases of columns 3 h + 4 h over
    // 8 and replicated 2 x 2 h + 2 h; final norm 2 h; table 51200 / 8 + positions 2048, once as it is tied.
    ParallelPlan plan = plan_of(kRows[0], true, Recompute::none);
    plan.zero_stage = 0;
    const std::int64_t h = 6144;
    const std::int64_t others = 48 * (7 * h / 8 + 6 * h) + 2 * h + (51200 / 8 + 2048) * h;
    const MemoryUse use = memory_by_stage(model_of(kRows[0]), plan)[0];
    CHECK(use.weights + use.gradients + use.optimizer == Bytes{18 * (others + 48 * 12 * h * h / 8)});
}

TEST_CASE("flash attention, grouped queries and SwiGLU, term by term") {
    // Qwen3-32B, tp 8, sequence parallel, 4096 tokens: per token and rank, in bytes
    //   norms, in and out, over 8:  4 x 2 x 5120 / 8                          = 5120
    //   Q and output 2 x 2 x 1024, K and V 2 x 2 x 128, before the norm 2 x (1024 + 128)  = 4096 + 512 + 2304
    //   log-sum-exp 4 x 8 heads                                               = 32
    //   gate, up, product 3 x 2 x 3200                                        = 19200
    ParallelPlan plan;
    plan.tensor_parallel = 8;
    CHECK(layer_activations(test::qwen3_32b(), plan) == Bytes{4096 * (5120 + 4096 + 512 + 2304 + 32 + 19200)});
    // selective drops norm outputs and the product
    plan.recompute = Recompute::selective;
    CHECK(layer_activations(test::qwen3_32b(), plan) == Bytes{4096 * (2560 + 4096 + 512 + 2304 + 32 + 12800)});
    plan.recompute = Recompute::full;
    CHECK(layer_activations(test::qwen3_32b(), plan) == Bytes{4096 * 5120 * 2 / 8});
}

TEST_CASE("ZeRO-1 divides the optimizer states by dp") {
    ParallelPlan plan;
    plan.tensor_parallel = 8;
    plan.data_parallel = 4;
    plan.global_batch = 4;
    const MemoryUse sharded = memory_by_stage(test::qwen3_32b(), plan)[0];
    plan.zero_stage = 0;
    const MemoryUse whole = memory_by_stage(test::qwen3_32b(), plan)[0];
    CHECK(whole.optimizer == sharded.optimizer * 4);
    CHECK(whole.weights == sharded.weights);
    CHECK(whole.optimizer == whole.weights * 6);  // 12 bytes a parameter against 2
}

TEST_CASE("logits, a rebuilt layer and a gathered activation live at one moment only") {
    ParallelPlan plan;
    plan.tensor_parallel = 8;
    plan.pipeline_parallel = 2;
    plan.global_batch = 2;
    const LlmConfig model = test::qwen3_32b();
    const Bytes gathered{4096 * 5120 * 2};
    // 152576 / 8 padded logits a token, bf16; on the last stage only (the loss keeps fp32 ones: an activation)
    CHECK(memory_by_stage(model, plan)[0].transient == gathered);
    CHECK(memory_by_stage(model, plan)[1].transient == gathered + Bytes{std::int64_t{4096} * 152576 / 8 * 2});
    // Full recompute rebuilds what a layer keeps without it, less the input that it has.
    const Bytes whole = layer_activations(model, plan);
    plan.recompute = Recompute::full;
    CHECK(memory_by_stage(model, plan)[0].transient == gathered + whole - layer_activations(model, plan));
}

TEST_CASE("a stage holds the activations of its micro-batches in flight") {
    ParallelPlan plan;
    plan.tensor_parallel = 8;
    plan.pipeline_parallel = 4;
    plan.global_batch = 8;
    const LlmConfig model = test::qwen3_32b();
    const Bytes layer = layer_activations(model, plan);
    for (std::size_t stage = 0; stage < 3; ++stage) {
        CHECK(memory_by_stage(model, plan)[stage].activations == layer * (16 * (4 - static_cast<std::int64_t>(stage))));
    }
    // The last stage keeps the final norm's input and output as well, 1 / 8 of the tokens each, and logits in fp32.
    CHECK(memory_by_stage(model, plan)[3].activations ==
          layer * 16 + Bytes{2 * 2 * 4096 * 5120 / 8 + std::int64_t{4096} * 152576 / 8 * 4});
}

TEST_CASE("a plan that does not fit says by how much and what would help") {
    // 32.8 billion parameters on 8 cards of 96 GiB: 4.1 billion x (2 + 4 + 12) bytes = 68.7 GiB, and activations of 64
    // layers x 128.0 MB = 7.6 GiB x micro-batch.
    ParallelPlan plan;
    plan.tensor_parallel = 8;
    plan.micro_batch = 4;
    plan.global_batch = 4;
    const Bytes capacity{std::int64_t{96} << 30};
    const auto problems = validate_memory(test::qwen3_32b(), plan, capacity);
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].key == "plan");
    const double over =
        gib(static_cast<double>((memory_by_stage(test::qwen3_32b(), plan)[0].total() - capacity).count()));
    CHECK_THAT(problems[0].message, Catch::Contains("has 96.0 GiB") && Catch::Contains("micro_batch: 1 (") &&
                                        Catch::Contains("recompute: full ("));
    CHECK(over > 0.0);
    CHECK_THAT(problems[0].message, Catch::Contains(std::to_string(over).substr(0, 2)));
    plan.micro_batch = 1;
    CHECK(validate_memory(test::qwen3_32b(), plan, capacity).empty());
    // Exactly enough is enough; a byte less is not.
    const Bytes exact = memory_by_stage(test::qwen3_32b(), plan)[0].total();
    CHECK(validate_memory(test::qwen3_32b(), plan, exact).empty());
    CHECK(validate_memory(test::qwen3_32b(), plan, exact - Bytes{1}).size() == 1);
}

TEST_CASE("advice names another division of the cards, or says that none fits") {
    // Qwen2.5-72B, 16 cards of 96 GB. Weights and gradients alone, 6 bytes x 72.7 / (tp pp) billion, are 109 GB at
    // tp pp = 4; at 8 they are 55 GB, and with dp 2 the optimizer's 12 / 2 bytes as much again; only 16 is left.
    LlmConfig model = test::dense("Qwen2.5-72B", {80, 8192, 64, 8, 128, 29568, 152064});
    model.qkv_bias = true;
    ParallelPlan plan;
    plan.tensor_parallel = 4;
    plan.data_parallel = 4;
    plan.global_batch = 16;
    const auto advice = [&](std::int64_t capacity) {
        const auto problems = validate_memory(model, plan, Bytes{capacity});
        REQUIRE(problems.size() == 1);
        return problems[0].message.substr(problems[0].message.rfind("; ") + 2);
    };
    CHECK_THAT(advice(96'000'000'000),
               Catch::StartsWith("each of these makes it fit: tensor_parallel: 8 with pipeline_parallel: 2 and "
                                 "data_parallel: 1 ("));
    // 18 bytes x 72.7 billion / 16 = 81.8 GB at the least: 84 GB need recomputation, 80 GB are not enough.
    CHECK_THAT(advice(84'000'000'000), Catch::Contains("data_parallel: 1, recompute: full and micro_batch: 1 ("));
    CHECK_THAT(advice(80'000'000'000), Catch::Contains("use more cards or a smaller model"));
}
