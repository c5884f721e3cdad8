// Keys of a core file: what the tile and live levels need of a chip beyond its peaks. Chips of one architecture name the
// same file and put over it what differs.

#include "app/config_files/schemas.h"

namespace myriad {
namespace {

SchemaKey share(const char* name, const char* doc) {
    return key<double>(name, doc).required().between("0.05", "1").sourced();
}

SchemaKey delay(const char* name, const char* doc) {
    return key<Picoseconds>(name, doc).required().between("0 ns", "100 us").sourced();
}

SchemaKey whole(const char* name, const char* doc, const char* high) {
    return key<int>(name, doc).required().between("1", high).sourced();
}

}  // namespace

const Schema& core_schema() {
    static const Schema schema =
        Schema{"core",
               "How the cores of an architecture reach memory and how its library cuts kernels.",
               {
                   key<std::string>("name", "how results call it").by_file_name(),
                   key<std::string>("gemm_tiles",
                                    "tiles of C with depth of k that the library has, like '128x256x64 64x64x64'")
                       .required()
                       .sourced(),
                   key<std::string>("instruction", "matrix instruction m x n x k in elements of 16 bits")
                       .required()
                       .sourced(),
                   key<std::string>("fragment", "edges m x n of what one issuing unit multiplies at most")
                       .required()
                       .sourced(),
                   whole("fragments", "issuing units along each edge of a tile at least", "8"),
                   key<double>("local_bytes_per_cycle", "local memory of a core")
                       .required()
                       .between("1", "4096")
                       .sourced(),
                   key<double>("special_per_cycle", "exponentials a core and cycle")
                       .required()
                       .between("0.25", "1024")
                       .sourced(),
                   whole("threads", "threads of a core", "16384"),
                   key<double>("loads_per_thread", "loads that a thread of an element-wise kernel keeps under way")
                       .required()
                       .between("0.25", "16")
                       .sourced(),
                   whole("stages", "depths of k that a GEMM holds in local memory", "14"),
                   whole("cluster", "neighbouring tiles of a GEMM that load a shared block once (multicast)", "16"),
                   whole("tiles_per_core", "tiles of a GEMM that a core holds at once, at most", "8"),
                   share("tensor_efficiency", "share of the tensor peak in the main loop of a GEMM"),
                   share("tensor_efficiency_8bit", "the same for types of 8 bits"),
                   share("attention_efficiency", "the same in attention"),
                   share("attention_grad_efficiency", "the same in its gradient"),
                   key<double>("softmax_overlap", "share of softmax that hides behind the products of its tile")
                       .required()
                       .between("0", "1")
                       .sourced(),
                   key<std::string>("attention_tile", "queries x keys").required().sourced(),
                   whole("attention_tiles_per_core", "tiles of attention that a core holds at once", "8"),
                   key<bool>("longest_first", "tiles of causal attention are dispatched by length, not by place")
                       .required()
                       .sourced(),
                   key<bool>("splits_ungrouped", "decode splits keys that a single query head uses, too")
                       .required()
                       .sourced(),
                   whole("decode_rows", "queries that a tile of decode computes at least", "256"),
                   key<BytesPerSecond>("port", "reads of one core from the cache")
                       .required()
                       .between("1 GB/s", "10 TB/s")
                       .sourced(),
                   key<BytesPerSecond>("cache_bandwidth", "reads of all cores from the last-level cache")
                       .required()
                       .between("1 GB/s", "1000 TB/s")
                       .sourced(),
                   whole("cache_slices", "slices of the last-level cache", "1024"),
                   share("cache_share", "share of its capacity that data used by all cores has"),
                   delay("cache_latency", "core to cache and back"),
                   delay("memory_latency", "cache to HBM and back, beside the time in HBM"),
                   delay("tile_start", "from the dispatch of a tile to its first load"),
                   delay("attention_tile_start", "the same for a tile of attention"),
                   delay("tile_end", "from the last product of a tile to its first store"),
                   delay("pass_gap", "from the last store of one pass of a kernel (split k or keys) to the next pass"),
                   delay("kernel_start", "from the launch of a kernel to its first tile, beside launch_latency"),
                   delay("kernel_end", "from the last store of a kernel to the next launch"),
               }}
            .in_folder("cores")
            .require_sources();
    return schema;
}

}  // namespace myriad
