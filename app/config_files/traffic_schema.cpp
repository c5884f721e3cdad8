// Keys of the workloads that are traffic alone.

#include "app/config_files/schemas.h"
#include "app/config_files/words.h"

namespace myriad {

const Schema& traffic_schema() {
    static const Schema schema{
        "traffic",
        "Flows between cards, all posted at once.",
        {
            word_key("pattern", "who sends to whom", kTrafficPatternWords).required(),
            key<Bytes>("size", "of a flow; of a distribution the mean").required().between("1 B", "1 TiB"),
            word_key("size_distribution", "how sizes vary", kSizeDistributionWords).by_default("fixed"),
            key<std::int64_t>("flows", "number of them; patterns random and hotspot").between("1", "100000000"),
            key<std::int64_t>("shift", "places between sender and receiver; pattern shift; absent: 1")
                .between("1", "1000000"),
            key<double>("hot_share", "of the flows, those to the first card; pattern hotspot; absent: 0.5")
                .between("0", "1"),
            key<int>("cards", "that take part, in this order; absent: all").list(),
        }};
    return schema;
}

const Schema& iteration_schema() {
    static const Schema schema{
        "iteration",
        "A training-like iteration on the network alone: blocks of computing, taken as plain time, and all-reduces.",
        {
            key<std::int64_t>("layers", "each `blocks` forward, later backward").required().between("1", "10000"),
            key<std::int64_t>("blocks", "of a layer: compute, then a tensor-parallel all-reduce that is waited for")
                .by_default("2")
                .between("1", "1000"),
            key<Picoseconds>("forward_compute", "of a block").required().between("0 ns", "1 s"),
            key<Picoseconds>("backward_compute", "of a block").required().between("0 ns", "1 s"),
            key<int>("tensor_parallel", "neighbouring cards of a group; the other cards are data parallel")
                .by_default("1")
                .between("1", "1000000"),
            key<Bytes>("tensor_size", "of each tensor-parallel all-reduce; absent: none").between("1 B", "1 TiB"),
            word_key("tensor_algorithm", "how", kCollectiveAlgorithmWords).by_default("automatic"),
            key<Bytes>("data_size", "of the all-reduce of a layer's gradients; absent: none").between("1 B", "1 TiB"),
            word_key("data_algorithm", "how", kCollectiveAlgorithmWords).by_default("automatic"),
            key<bool>("overlap_gradient_reduction", "wait for gradients at the end only, not after each layer")
                .by_default("true"),
        }};
    return schema;
}

}  // namespace myriad
