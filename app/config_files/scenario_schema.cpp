// Keys of scenario files: experiments.

#include "app/config_files/changes.h"
#include "app/config_files/schemas.h"
#include "app/config_files/words.h"

namespace myriad {
namespace {

const Schema& fidelity_schema() {
    static const Schema schema{
        "fidelity",
        "How much detail each part is simulated in.",
        {
            word_key("network", "level of the network", kNetworkLevelWords).by_default("packet"),
            word_key("card", "level of the card", kCardLevelWords).by_default("roofline"),
            word_key("interference", "do kernels and communication slow each other down", kInterferenceWords)
                .by_default("automatic"),
            key<Bytes>("cell", "payload of a packet at packet level: more is faster, less is finer")
                .by_default("1 MiB")
                .between("64 B", "1 GiB"),
            word_key("arbitration", "packet level: which of the packets that wait for a link goes next",
                     kArbitrationWords)
                .by_default("fifo"),
            word_key("fold", "network flow, training: run identical cards once, which gives the same result",
                     kFoldWords)
                .by_default("automatic"),
            word_key("flow_control", "packet level: are the buffers behind links bounded", kFlowControlWords)
                .by_default("none"),
        }};
    return schema;
}

const Schema& training_schema() {
    static const Schema schema{"training",
                               "One training step of a language model.",
                               {
                                   reference_key("model", "the language model", llm_schema).required(),
                                   section_key("plan", "division over cards", plan_schema).required(),
                               }};
    return schema;
}

const Schema& collective_schema() {
    static const Schema schema{
        "collective",
        "One collective after another, one a size.",
        {
            word_key("op", "what is done", kCollectiveOpWords).required(),
            word_key("algorithm", "how", kCollectiveAlgorithmWords).by_default("automatic"),
            key<std::string>("sizes", "sizes as nccl-tests counts them: '256 MiB', or a range '8 B:8 GiB:2x'")
                .list()
                .required(),
            key<int>("ranks", "ranks taking part; absent: all cards").between("2", "1000000"),
            key<int>("stride", "rank r runs on card r x stride").by_default("1").between("1", "1000000"),
            key<int>("cards", "explicit placement, rank r on the r-th of these; instead of ranks and stride").list(),
            key<int>("hierarchy", "sizes for the hierarchical algorithm, innermost first; absent: from the topology")
                .list(),
            reference_key("schedule", "a collective of your own, instead of algorithm", schedule_schema),
            word_key("blocks", "all_to_allv: who has how much for whom", kBlockDistributionWords),
            key<double>("skew", "of blocks zipf and banded: the exponent").between("0", "10"),
            key<std::uint64_t>("blocks_seed", "of blocks random"),
            key<std::int64_t>(
                "counts",
                "all_to_allv, instead of blocks: rank 0's for rank 0, 1 ... then rank 1's and so on, in any "
                "unit; a size is that of the rank with most")
                .list(),
        }};
    return schema;
}

const Schema& overlap_gemm_schema() {
    static const Schema schema{
        "overlap_gemm",
        "C[m, n] = A[m, k] B[k, n], the same on every card.",
        {
            key<std::int64_t>("m", "rows of A and C").required().between("1", "1048576"),
            key<std::int64_t>("n", "columns of B and C").required().between("1", "1048576"),
            key<std::int64_t>("k", "columns of A, rows of B").required().between("1", "1048576"),
            word_key("data_type", "of the operands", kGemmTypeWords).by_default("bf16"),
            key<std::int64_t>("repeats", "times, one after the other, operands of its own each time")
                .by_default("1")
                .between("1", "1000"),
        }};
    return schema;
}

const Schema& overlap_collective_schema() {
    static const Schema schema{"overlap_collective",
                               "One collective of all cards.",
                               {
                                   word_key("op", "what is done; card level live: all_reduce only", kCollectiveOpWords)
                                       .by_default("all_reduce"),
                                   word_key("algorithm", "how; card level live: direct, which automatic means there",
                                            kCollectiveAlgorithmWords)
                                       .by_default("automatic"),
                                   key<Bytes>("size", "as nccl-tests counts it").required().between("4 KiB", "1 TiB"),
                               }};
    return schema;
}

const Schema& overlap_copy_schema() {
    static const Schema schema{
        "overlap_copy",
        "A copy from the memory of one card to that of another.",
        {
            key<int>("from", "card that has the bytes").required().between("0", "1000000"),
            key<int>("to", "card that gets them").required().between("0", "1000000"),
            key<Bytes>("size", "how much").required().between("1 B", "1 TiB"),
            word_key("direction", "which of the two runs the kernel; no matter below card level live",
                     kCopyDirectionWords)
                .by_default("read"),
        }};
    return schema;
}

const Schema& overlap_schema() {
    static const Schema schema{
        "overlap",
        "Computing and communicating at the same time, for any of these that are given; each also alone.",
        {
            section_key("gemm", "a matrix multiplication on every card", overlap_gemm_schema),
            section_key("collective", "a collective of all cards", overlap_collective_schema),
            section_key("copy", "a copy between two cards", overlap_copy_schema),
            key<std::int64_t>("communication_cores",
                              "cores of a card that each kernel of communication holds; card level live")
                .by_default("16")
                .between("1", "1024"),
        }};
    return schema;
}

const Schema& workload_schema() {
    static const Schema schema = Schema{
        "workload",
        "What runs: exactly one of these.",
        {
            section_key("training", "a training step", training_schema),
            section_key("inference", "steps of prefill or decode", inference_schema),
            section_key("collective", "collectives alone", collective_schema),
            section_key("traffic", "flows between cards", traffic_schema),
            section_key("iteration", "computing as time, and all-reduces", iteration_schema),
            section_key("overlap", "a GEMM, a collective and a copy at once", overlap_schema),
        }}.alternatives();
    return schema;
}

}  // namespace

const Schema& scenario_schema() {
    static const Schema schema = Schema{
        "scenario",
        "One experiment: a cluster doing something.",
        {
            key<std::string>("name", "how results call it").by_file_name(),
            key<std::string>("title", "what it is, in one line"),
            reference_key("cluster", "where it runs", cluster_schema).required(),
            section_key("overrides", "as of the cluster, after its own", override_schema).list(),
            section_key("faults", "as of the cluster, after its own", fault_schema).list(),
            section_key("placement", "which card each rank runs on", placement_schema).by_default("{}"),
            section_key("fidelity", "level of detail", fidelity_schema).by_default("{}"),
            key<std::uint64_t>("seed", "of everything random: the up-links that ecmp picks, random placement, traffic")
                .by_default("1"),
            section_key("workload", "what runs", workload_schema).required(),
        }}.in_folder("../scenarios");
    return schema;
}

std::vector<SchemaFunction> file_schemas() {
    return {hbm_schema,     core_schema, chip_schema,     server_schema,   fabric_schema,
            cluster_schema, llm_schema,  schedule_schema, scenario_schema, sweep_schema};
}

const Schema* schema_of_kind(std::string_view kind) {
    for (const SchemaFunction schema : file_schemas()) {
        if (schema().name() == kind) {
            return &schema();
        }
    }
    return nullptr;
}

}  // namespace myriad
