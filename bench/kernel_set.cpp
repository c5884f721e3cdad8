// The distinct kernels of a training step of Qwen3-235B-A22B on one Zhenwu 810E: cold (every one simulated) and from the
// kernel cache on disk; and one large GEMM. Results of both ways are compared before a time is printed.
//
//   bench_kernel_set

#include "app/config_files/load.h"
#include "app/kernel_cache/kernel_cache.h"
#include "models/kernel_table/kernel_table.h"
#include "models/kernels.h"
#include "models/tile/simulate_kernel.h"
#include "sim/error/error.h"

#include <cstdio>
#include <ctime>
#include <filesystem>
#include <vector>

using namespace myriad;

namespace {

// Tensor parallel 4, expert parallel 32: 4 of 128 experts a card; micro-batch of one sequence of 4,096 tokens, 8 experts
// a token, so 32,768 rows on 4 experts of an expert-parallel group of 4,096 tokens a card, unevenly.
constexpr std::int64_t kTokens = 4096;
constexpr std::int64_t kHidden = 4096;
constexpr std::int64_t kHeads = 64 / 4;
constexpr std::int64_t kKvHeads = 4 / 4;
constexpr std::int64_t kHeadDim = 128;
constexpr std::int64_t kInner = 1536;
constexpr std::int64_t kVocabulary = 151936 / 4;
const std::vector<std::int64_t> kRows{9100, 8300, 7900, 7468};

void add_linear(std::vector<Kernel>& kernels, std::int64_t outputs, std::int64_t inputs) {
    kernels.push_back(gemm_kernel(DataType::bf16, {kTokens, outputs, inputs}));
    kernels.push_back(gemm_kernel(DataType::bf16, {kTokens, inputs, outputs}));
    kernels.push_back(gemm_kernel(DataType::bf16, {outputs, inputs, kTokens, 1, true, 4}));
}

std::vector<Kernel> training_kernels() {
    std::vector<Kernel> kernels;
    add_linear(kernels, (kHeads + 2 * kKvHeads) * kHeadDim, kHidden);
    add_linear(kernels, kHidden, kHeads * kHeadDim);
    add_linear(kernels, 128, kHidden);  // router
    add_linear(kernels, kVocabulary, kHidden);
    for (const auto& [n, k] :
         {std::pair{2 * kInner, kHidden}, {kHidden, kInner}, {kHidden, 2 * kInner}, {kInner, kHidden}}) {
        kernels.push_back(grouped_gemm_kernel(DataType::bf16, {kRows, n, k}));
    }
    for (const std::int64_t rows : kRows) {  // gradients of the weights, an expert each
        kernels.push_back(gemm_kernel(DataType::bf16, {2 * kInner, kHidden, rows, 1, true, 4}));
        kernels.push_back(gemm_kernel(DataType::bf16, {kHidden, kInner, rows, 1, true, 4}));
    }
    AttentionShape attention{1, kHeads, kKvHeads, kTokens, kTokens, kHeadDim, kHeadDim};
    kernels.push_back(attention_kernel(DataType::bf16, attention));
    attention.backward = true;
    kernels.push_back(attention_kernel(DataType::bf16, attention));
    kernels.push_back(norm_kernel(DataType::bf16, NormKind::rms, kTokens / 4, kHidden));
    kernels.push_back(norm_kernel(DataType::bf16, NormKind::rms, kTokens * (kHeads + kKvHeads), kHeadDim));
    kernels.push_back(rope_kernel(DataType::bf16, kTokens, kHeads + kKvHeads, kHeadDim));
    kernels.push_back(softmax_kernel(DataType::fp32, kTokens, 128));
    kernels.push_back(activation_kernel(DataType::bf16, ActivationKind::swiglu, 32768, kInner));
    kernels.push_back(residual_kernel(DataType::bf16, kTokens / 4, kHidden));
    kernels.push_back(embedding_kernel(DataType::bf16, kTokens, kHidden, 4));
    kernels.push_back(cross_entropy_kernel(DataType::bf16, kTokens, kVocabulary));
    kernels.push_back(adam_kernel(1'000'000'000, Bytes{2}, Bytes{4}));
    kernels.push_back(reduce_kernel(DataType::bf16, 4, Bytes{kTokens * kHidden * 2}));
    return kernels;
}

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

double fill(const ChipConfig& chip, KernelStore& store, const std::vector<Kernel>& kernels, Picoseconds& sum,
            std::int64_t& simulated) {
    const double start = cpu_seconds();
    KernelTable table(chip, &store, [](const ChipConfig& c, const Kernel& k) { return simulate_kernel(c, k); });
    sum = {};
    for (const Kernel& kernel : kernels) {
        sum += table.result(kernel).total;
    }
    table.save();
    simulated = table.simulated();
    return cpu_seconds() - start;
}

}  // namespace

int main() {
    const auto loaded = load_chip("zhenwu-810e");
    const ChipConfig& chip = loaded.value.chip;
    const std::vector<Kernel> kernels = training_kernels();
    const auto folder = std::filesystem::temp_directory_path() / "myriad-bench-kernels";
    std::filesystem::remove_all(folder);
    KernelCache cache(folder, [](const std::string&) {});
    Picoseconds first{};
    Picoseconds second{};
    std::int64_t simulated = 0;
    const double cold = fill(chip, cache, kernels, first, simulated);
    MYRIAD_CHECK(simulated == static_cast<std::int64_t>(kernels.size()), "every kernel of the set is a distinct one");
    const double warm = fill(chip, cache, kernels, second, simulated);
    std::filesystem::remove_all(folder);
    MYRIAD_CHECK(simulated == 0 && first == second, "the cache gives what was simulated");

    const double start = cpu_seconds();
    const KernelResult gemm = simulate_kernel(chip, gemm_kernel(DataType::bf16, {8192, 8192, 8192}));
    const double one = cpu_seconds() - start;
    // 1.1 PFLOP at 139.3 TFLOP/s are 7.895 ms.
    MYRIAD_CHECK(gemm.body > ms(7) && gemm.body < ms(10), "a large GEMM runs near the peak");
    std::printf("kernels %zu, cold %.3f s, warm %.4f s, gemm %.3f s\n", kernels.size(), cold, warm, one);
    return 0;
}
