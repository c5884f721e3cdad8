// Keys of an inference workload.

#include "app/config_files/schemas.h"
#include "app/config_files/words.h"

namespace myriad {
namespace {

SchemaKey degree(const char* name, const char* doc) {
    return key<std::int64_t>(name, doc).by_default("1").between("1", "1000000");
}

}  // namespace

const Schema& inference_plan_schema() {
    static const Schema schema{
        "inference_plan",
        "How inference is divided over cards.",
        {
            degree("tensor_parallel", "cards that share each layer"),
            degree("pipeline_parallel", "stages that the layers are cut into"),
            degree("data_parallel", "copies of attention, each with sequences of its own"),
            degree("expert_parallel", "cards that share the experts of a layer; out of tensor x data"),
            key<std::int64_t>("expert_tensor_parallel",
                              "cards that share each expert; absent: tensor_parallel, with expert_parallel 1")
                .between("1", "1000000"),
            key<std::string>("order", "how ranks are numbered, innermost dimension first").by_default("tp-cp-ep-dp-pp"),
            key<std::int64_t>("micro_batches",
                              "passes that a step of one copy is cut into; absent: as many as pipeline stages, so that "
                              "every stage has work")
                .between("1", "1000000"),
            key<std::int64_t>("layers_of_stage",
                              "layers of each pipeline stage; absent: as even as can be, embedding and head counting "
                              "for one each where that does not come out even")
                .list(),
            key<bool>("sequence_parallel", "divide norms and residuals along the tokens too").by_default("false"),
            word_key("data_type", "of activations", kTrainingTypeWords).by_default("bf16"),
            word_key("weight_type", "of weights", kWeightTypeWords).by_default("plain"),
            word_key("cache_type", "of cached keys and values", kCacheTypeWords).by_default("plain"),
            key<bool>("fuse_small_kernels",
                      "residuals, rotations, cache writes and casts to fp8 run in the kernels beside them")
                .by_default("true"),
            word_key("dispatch", "how tokens travel to experts", kExpertDispatchWords).by_default("per_rank"),
            key<bool>("dispatch_fp8", "tokens travel to experts in fp8; back in data_type").by_default("false"),
            key<bool>("overlap_shared_experts", "shared experts run while tokens travel").by_default("true"),
            section_key("routing", "how evenly tokens are spread over experts", routing_schema),
        }};
    return schema;
}

const Schema& inference_schema() {
    static const Schema schema{
        "inference",
        "Steps of inference of a language model, one after the other.",
        {
            reference_key("model", "the language model", llm_schema).required(),
            word_key("phase", "what a step is", kInferencePhaseWords).required(),
            key<std::int64_t>("batch", "sequences of a step, of all copies").by_default("1").between("1", "100000000"),
            key<std::int64_t>("tokens", "prefill: new tokens of each sequence").between("1", "16777216"),
            key<std::int64_t>("context",
                              "tokens of each sequence in the cache already; absent: none, in decode required")
                .between("0", "16777216"),
            key<std::int64_t>("steps", "steps that are measured").by_default("4").between("1", "10000"),
            key<std::int64_t>("warmup", "steps before those, which fill the pipeline")
                .by_default("2")
                .between("1", "10000"),
            section_key("plan", "division over cards", inference_plan_schema).required(),
        }};
    return schema;
}

}  // namespace myriad
