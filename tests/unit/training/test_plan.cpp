#include "tests/unit/llm/models.h"
#include "workloads/training/plan.h"
#include "workloads/training/program.h"

#include <catch2/catch.hpp>

using namespace myriad;

namespace {

ParallelPlan good_plan() {
    ParallelPlan plan;
    plan.tensor_parallel = 8;
    plan.pipeline_parallel = 2;
    plan.global_batch = 16;
    return plan;
}

std::string only_problem(const ParallelPlan& plan, const LlmConfig& model, std::int64_t cards) {
    const auto problems = validate(plan, model, cards);
    return problems.size() == 1 ? problems[0].key + ": " + problems[0].message : "not one problem";
}

// Dense models have one empty load, which programs do not look at.
StagePrograms programs_of(const LlmConfig& model, const ParallelPlan& plan) {
    const ExpertLoads loads(model, plan);
    return make_programs(model, plan, loads);
}

const PartProgram& layer_of(const StagePrograms& programs) { return programs.layer(0, false, 0); }

int count_of_op(const StepList& list, CollectiveOp op) {
    int count = 0;
    for (const ProgramStep& step : list) {
        count += step.kind == StepKind::begin && step.call.op == op ? 1 : 0;
    }
    return count;
}

// "kernel kernel [collective> kernel <slot]": begin and wait as brackets.
std::string text_of(const StepList& list, const StagePrograms& programs) {
    std::string text;
    for (const ProgramStep& step : list) {
        text += text.empty() ? "" : " ";
        if (step.kind == StepKind::compute) {
            text += programs.labels[step.label];
        } else if (step.kind == StepKind::wait) {
            text += ")";
        } else {
            text += step.call.op == CollectiveOp::all_gather       ? "gather("
                    : step.call.op == CollectiveOp::all_reduce     ? "reduce("
                    : step.call.op == CollectiveOp::reduce_scatter ? "scatter("
                                                                   : "?";
        }
    }
    return text;
}

}  // namespace

TEST_CASE("a good plan has no problem") { CHECK(validate(good_plan(), test::qwen3_32b(), 16).empty()); }

TEST_CASE("a bad plan is told what is wrong and where") {
    const LlmConfig model = test::qwen3_32b();
    ParallelPlan plan = good_plan();
    CHECK(only_problem(plan, model, 32) ==
          "tensor_parallel: tensor_parallel 8 x pipeline_parallel 2 x data_parallel 1 is 16 ranks, but the cluster has "
          "32 cards");
    plan.tensor_parallel = 16;
    CHECK(only_problem(plan, model, 32) ==
          "tensor_parallel: tensor_parallel 16 does not divide the 8 kv_heads of Qwen3-32B");
    plan = good_plan();
    plan.pipeline_parallel = 65;
    CHECK(only_problem(plan, model, 8 * 65) ==
          "pipeline_parallel: pipeline_parallel 65 is more than the 64 layers of Qwen3-32B; expected one of 1, 2, 4, "
          "8, 16, 32, 64");
    plan = good_plan();
    plan.data_parallel = 3;
    CHECK(only_problem(plan, model, 48) ==
          "global_batch: global_batch 16 is not a multiple of data_parallel 3 x micro_batch 1");
    plan = good_plan();
    plan.sequence_length = 4095;
    CHECK(only_problem(plan, model, 16) ==
          "sequence_length: sequence parallelism divides the sequence: sequence_length 4095 is not a multiple of "
          "tensor_parallel 8");
    plan = good_plan();
    plan.micro_batch = 0;
    CHECK(only_problem(plan, model, 16) == "micro_batch: micro_batch is 0, expected at least 1");
}

TEST_CASE("exchanges by way of servers need to know the server, and even routing") {
    const LlmConfig model = test::qwen3_235b_a22b();
    ParallelPlan plan;
    plan.data_parallel = 16;
    plan.global_batch = 16;
    plan.expert_parallel = 16;
    plan.dispatch = ExpertDispatch::per_server;
    const std::string expects =
        "; dispatch: per_server expects the ranks of an expert group that share a server: a divisor of "
        "expert_parallel 16, from 2 to 8";
    for (const std::int64_t server : {1, 3, 16}) {
        plan.expert_server = server;
        CHECK(only_problem(plan, model, 16) == "expert_server: expert_server is " + std::to_string(server) + expects);
    }
    plan.expert_server = 8;
    CHECK(validate(plan, model, 16).empty());
    plan.routing.distribution = RoutingDistribution::zipf;
    CHECK(only_problem(plan, model, 16) ==
          "dispatch: unsupported: dispatch: per_server with routing that is not balanced");
    plan.routing.distribution = RoutingDistribution::balanced;
    plan.capacity_factor = 1.5;
    CHECK(only_problem(plan, model, 16) ==
          "dispatch: unsupported: dispatch: per_server with a capacity_factor: what is padded travels once for each "
          "expert");
    plan.capacity_factor = 0.0;
    plan.dispatch = ExpertDispatch::per_rank;
    CHECK(only_problem(plan, model, 16) == "expert_server: 'expert_server' has no effect without dispatch: per_server");
    plan.expert_parallel = 1;
    plan.expert_server = 1;
    plan.dispatch = ExpertDispatch::per_server;
    CHECK(only_problem(plan, test::qwen3_32b(), 16) == "dispatch: Qwen3-32B has no experts to dispatch to");
}

TEST_CASE("collectives of a layer are Megatron's") {
    ParallelPlan plan = good_plan();
    plan.sequence_parallel = false;
    StagePrograms programs = programs_of(test::qwen3_32b(), plan);
    // Narayanan et al. 2021: two all-reduces forward, two backward.
    CHECK(count_of_op(layer_of(programs).forward, CollectiveOp::all_reduce) == 2);
    CHECK(count_of_op(layer_of(programs).backward, CollectiveOp::all_reduce) == 2);
    plan.recompute = Recompute::full;
    programs = programs_of(test::qwen3_32b(), plan);
    CHECK(count_of_op(layer_of(programs).recompute, CollectiveOp::all_reduce) == 2);  // forward once more
    CHECK(count_of_op(layer_of(programs).backward, CollectiveOp::all_reduce) == 2);

    // Korthikanti et al. 2022: two pairs forward, two backward, and a second gather of the two inputs.
    plan = good_plan();
    programs = programs_of(test::qwen3_32b(), plan);
    CHECK(count_of_op(layer_of(programs).forward, CollectiveOp::all_gather) == 2);
    CHECK(count_of_op(layer_of(programs).forward, CollectiveOp::reduce_scatter) == 2);
    CHECK(count_of_op(layer_of(programs).backward, CollectiveOp::all_gather) == 4);
    CHECK(count_of_op(layer_of(programs).backward, CollectiveOp::reduce_scatter) == 2);
    CHECK(count_of_op(layer_of(programs).forward, CollectiveOp::all_reduce) == 0);
    for (const ProgramStep& step : layer_of(programs).forward) {
        if (step.kind == StepKind::begin) {
            CHECK(step.call.size == Bytes{4096 * 5120 * 2});  // one micro-batch of activations
        }
    }
    plan.tensor_parallel = 1;
    CHECK(count_of_op(layer_of(programs_of(test::qwen3_32b(), plan)).forward, CollectiveOp::all_gather) == 0);
}

TEST_CASE("a layer runs its operators and collectives in order") {
    ParallelPlan plan = good_plan();
    const StagePrograms p = programs_of(test::qwen3_32b(), plan);
    CHECK(text_of(layer_of(p).forward, p) ==
          "input_norm gather( ) attention_qkv qk_norm rope flash_attention attention_output scatter( ) residual "
          "post_attention_norm gather( ) mlp_up swiglu mlp_down scatter( ) residual");
    CHECK(text_of(layer_of(p).backward, p) ==
          "gather( ) mlp_down_dgrad mlp_down_wgrad swiglu_grad gather( mlp_up_dgrad ) scatter( mlp_up_wgrad ) "
          "post_attention_norm_grad residual_grad gather( ) attention_output_dgrad attention_output_wgrad "
          "flash_attention_grad rope_grad qk_norm_grad gather( attention_qkv_dgrad ) scatter( attention_qkv_wgrad ) "
          "input_norm_grad residual_grad");
    CHECK(text_of(p.head.forward, p) == "final_norm gather( ) lm_head cross_entropy reduce( ) reduce( ) reduce( )");
    CHECK(text_of(p.head.backward, p) ==
          "cross_entropy_grad gather( lm_head_dgrad ) scatter( lm_head_wgrad ) final_norm_grad");
    CHECK(text_of(p.embedding.forward, p) == "embedding scatter( )");
    CHECK(text_of(p.embedding.backward, p) == "gather( ) embedding_grad");
    plan.tensor_parallel = 1;
    plan.recompute = Recompute::selective;
    const StagePrograms alone = programs_of(test::qwen3_32b(), plan);
    CHECK(text_of(layer_of(alone).backward, alone) ==
          "recompute swiglu mlp_down_dgrad mlp_down_wgrad swiglu_grad recompute post_attention_norm mlp_up_dgrad "
          "mlp_up_wgrad post_attention_norm_grad residual_grad attention_output_dgrad attention_output_wgrad "
          "flash_attention_grad rope_grad qk_norm_grad recompute input_norm attention_qkv_dgrad attention_qkv_wgrad "
          "input_norm_grad residual_grad");
    plan.attention = AttentionKernel::unfused;
    const StagePrograms unfused = programs_of(test::gpt("GPT", 8, 1024, 16, 51200, 4096), plan);
    CHECK(text_of(layer_of(unfused).backward, unfused) ==
          "mlp_down_dgrad mlp_down_wgrad gelu_grad mlp_up_dgrad mlp_up_wgrad post_attention_norm_grad residual_grad "
          "recompute attention_scores recompute attention_softmax recompute attention_context attention_output_dgrad "
          "attention_output_wgrad attention_probability_grad attention_value_grad attention_softmax_grad "
          "attention_query_grad attention_key_grad attention_qkv_dgrad attention_qkv_wgrad input_norm_grad "
          "residual_grad");
}

TEST_CASE("a pipeline message is divided under sequence parallelism, or where scattered") {
    const LlmConfig model = test::qwen3_32b();
    ParallelPlan plan = good_plan();
    CHECK(pipeline_message(model, plan) == Bytes{4096 * 5120 * 2 / 8});
    plan.sequence_parallel = false;
    CHECK(pipeline_message(model, plan) == Bytes{4096 * 5120 * 2});
    plan.scatter_gather_pipeline = true;
    CHECK(pipeline_message(model, plan) == Bytes{4096 * 5120 * 2 / 8});
}
