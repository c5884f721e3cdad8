// Keys of a parallel plan.

#include "app/config_files/schemas.h"
#include "app/config_files/words.h"

namespace myriad {
namespace {

SchemaKey degree(const char* name, const char* doc) {
    return key<std::int64_t>(name, doc).by_default("1").between("1", "1000000");
}

}  // namespace

const Schema& routing_schema() {
    static const Schema schema{
        "routing",
        "How evenly tokens are spread over experts.",
        {
            word_key("distribution", "of tokens over experts", kRoutingWords).by_default("balanced"),
            key<double>("skew", "zipf: the exponent").by_default("0.5").between("0", "10"),
            key<std::uint64_t>("seed", "of what is drawn").by_default("1"),
            key<int>("samples", "different routings that a group draws; layers and micro-batches take turns")
                .by_default("4")
                .between("1", "64"),
        }};
    return schema;
}

const Schema& plan_schema() {
    static const Schema schema{
        "plan",
        "How a training step is divided over cards.",
        {
            degree("tensor_parallel", "cards that share each layer"),
            degree("pipeline_parallel", "stages that the layers are cut into"),
            degree("data_parallel", "copies of the model"),
            degree("context_parallel", "cards that share each sequence"),
            degree("expert_parallel", "cards that share the experts of a layer; out of tensor x context x data"),
            degree("expert_tensor_parallel", "cards that share each expert"),
            key<std::string>("order", "how ranks are numbered, innermost dimension first").by_default("tp-cp-ep-dp-pp"),
            degree("micro_batch", "sequences of one pass through the pipeline"),
            degree("global_batch", "sequences of one step"),
            key<std::int64_t>("sequence_length", "tokens of a sequence").by_default("4096").between("1", "16777216"),
            key<bool>("sequence_parallel", "divide norms and activations along the sequence too").by_default("true"),
            word_key("context_exchange", "how keys and values reach all cards that share a sequence",
                     kContextExchangeWords)
                .by_default("ring"),
            key<bool>("overlap_tensor_parallel", "run tensor-parallel collectives beside half of a backward GEMM")
                .by_default("true"),
            key<bool>("scatter_gather_pipeline", "send 1 / tensor_parallel between stages and gather there")
                .by_default("false"),
            key<bool>("overlap_gradient_reduction", "reduce gradients beside the last backward pass")
                .by_default("true"),
            key<Bytes>("bucket", "least size of gradients that are reduced together; 0 B: a layer's").by_default("0 B"),
            key<bool>("clip_gradients", "take a norm over all ranks before the optimizer").by_default("true"),
            word_key("recompute", "activations that backward computes again", kRecomputeWords).by_default("none"),
            key<std::int64_t>("recompute_layers", "only so many layers of a chunk are recomputed; 0: all")
                .by_default("0")
                .between("0", "1000000"),
            word_key("schedule", "order of forwards and backwards", kScheduleWords).by_default("1f1b"),
            degree("virtual_stages", "interleaved: chunks of the model that a stage has"),
            key<std::int64_t>("layers_of_stage",
                              "layers at each position of the pipeline; absent: as even as can be, embedding and head "
                              "counting for one each where that does not come out even")
                .list(),
            word_key("attention", "attention kernel", kAttentionWords).by_default("flash"),
            key<int>("zero_stage",
                     "what copies divide among them; 0: nothing, 1: optimizer states, 2: gradients too, 3: weights "
                     "too (FSDP)")
                .by_default("1")
                .between("0", "3"),
            key<std::int64_t>("prefetch", "zero_stage 3: layers whose weights are gathered ahead")
                .by_default("1")
                .between("1", "1000"),
            key<bool>("dropout", "keep dropout masks, as GPT-like models do").by_default("false"),
            word_key("kernels", "which there are beside matrices and attention", kKernelFusionWords)
                .by_default("fused"),
            key<bool>("fused_accumulation", "weight gradients are added up inside of their GEMM").by_default("true"),
            key<Picoseconds>("host_issue",
                             "what the host needs for each kernel and collective that it issues; 0 s: it is never late")
                .by_default("0 s")
                .between("0 s", "1 ms"),
            key<bool>("overlap_pipeline", "a stage works on while its messages travel").by_default("true"),
            word_key("data_type", "of weights and activations", kTrainingTypeWords).by_default("bf16"),
            word_key("precision", "of matrices in layers", kPrecisionWords).by_default("plain"),
            word_key("gradient_type", "of gradients", kGradientTypeWords).by_default("fp32"),
            word_key("moment_type", "of the optimizer's moments", kMomentTypeWords).by_default("fp32"),
            word_key("dispatch", "how tokens travel to experts", kExpertDispatchWords).by_default("per_rank"),
            key<std::int64_t>("expert_server",
                              "dispatch: per_server: ranks of an expert-parallel group that share a server")
                .by_default("1")
                .between("1", "1000000"),
            key<bool>("dispatch_fp8", "tokens travel to experts in fp8; back in data_type").by_default("false"),
            key<double>("capacity_factor",
                        "tokens that an expert takes at most, over its fair share; 0: all that come (dropless)")
                .by_default("0")
                .between("0", "1000"),
            key<bool>("overlap_shared_experts", "shared experts run while tokens travel").by_default("true"),
            section_key("routing", "how evenly tokens are spread over experts", routing_schema),
        }};
    return schema;
}

}  // namespace myriad
