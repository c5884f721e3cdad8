#pragma once
// A kernel and a result with every field set, for the tests of this folder.

#include "models/kernel_table/kernel_store.h"
#include "tests/support/reference_clusters.h"

namespace myriad::sample {

inline Kernel gemm(std::int64_t m, std::string_view label = "gemm") {
    Kernel kernel;
    kernel.label = label;
    kernel.work = Flop{2.0 * static_cast<double>(m) * 256 * 128};
    kernel.read = Bytes{2 * (m * 128 + 256 * 128)};
    kernel.written = Bytes{2 * m * 256};
    kernel.shape = GemmShape{.m = m, .n = 256, .k = 128};
    return kernel;
}

inline KernelResult result(std::int64_t number) {
    KernelResult result;
    result.launch = us(3);
    result.body = ns(number);
    result.total = result.launch + result.body;
    result.work = Flop{0.1 * static_cast<double>(number)};  // no finite binary fraction
    result.hbm_read = Bytes{number + 1};
    result.hbm_written = Bytes{number + 2};
    result.cache_read = Bytes{number + 3};
    result.cache_hit = Bytes{number + 4};
    result.tiles = number + 5;
    result.cores = number + 6;
    result.waves = 1.0 / 3.0;
    result.plan = "128 x 256 x 64, split 2";
    result.tensor_busy = 0.7;
    result.vector_busy = 1e-300;
    result.hbm_busy = 0.3;
    result.cache_busy = -0.0;
    result.port_busy = 0.5;
    result.row_hit_rate = 0.9;
    result.refresh = 0.05;
    result.limit = KernelLimit::core_port;
    result.events = 18'446'744'073'709'551'615ull;
    return result;
}

}  // namespace myriad::sample
