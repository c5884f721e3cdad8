// Canonical serialisation of chips and kernels into a hash: fields in the order of their structs, lists with their
// length, variants with their index. Every struct is taken apart by structured binding, so that a new field does not
// compile before it has been thought of here.

#include "models/kernel_table/kernel_key.h"

#include <variant>

namespace myriad {

namespace {

// Overloads for what fields are made of; `all` takes any number of them.
class Hasher {
public:
    explicit Hasher(StableHash& hash) : hash_(hash) {}

    template <class... Fields>
    void all(const Fields&... fields) {
        (one(fields), ...);
    }

    void one(const PeakTable& peaks) {
        for (const FlopPerSecond rate : peaks.rates) {
            one(rate);
        }
    }
    void one(const HbmConfig& hbm) {
        const auto& [type, stacks, capacity, bandwidth, efficiency, preset] = hbm;
        all(std::string_view(type), stacks, capacity, bandwidth, efficiency, preset);
    }
    void one(const HbmPreset& preset) {
        const auto& [name, organisation, times, controller, clock] = preset;  // all but the name
        all(organisation, times, controller, clock);
    }
    void one(const HbmOrganisation& organisation) {
        const auto& [channels, pseudo_channels, pseudo_channel_bits, transfers_per_clock, burst_transfers, bank_groups,
                     banks_per_group, rows, page] = organisation;
        all(channels, pseudo_channels, pseudo_channel_bits, transfers_per_clock, burst_transfers, bank_groups,
            banks_per_group, rows, page);
    }
    void one(const HbmTimes& times) {
        const auto& [read_latency, write_latency, activate_to_read, activate_to_write, precharge, activate_to_precharge,
                     row_cycle, read_to_precharge, write_recovery, write_to_read_short, write_to_read_long,
                     activate_short, activate_long, four_activates, refresh_all, refresh_bank, refresh_to_activate,
                     refresh_interval, column_short, column_long, read_to_write_gap, activate_cycles,
                     precharge_cycles] = times;
        all(read_latency, write_latency, activate_to_read, activate_to_write, precharge, activate_to_precharge,
            row_cycle, read_to_precharge, write_recovery, write_to_read_short, write_to_read_long, activate_short,
            activate_long, four_activates, refresh_all, refresh_bank, refresh_to_activate, refresh_interval,
            column_short, column_long, read_to_write_gap, activate_cycles, precharge_cycles);
    }
    void one(const HbmControllerConfig& controller) {
        const auto& [read_queue, write_queue, write_high, write_low, refresh, refresh_rate, map] = controller;
        all(read_queue, write_queue, write_high, write_low, static_cast<int>(refresh), refresh_rate,
            static_cast<int>(map));
    }
    void one(const GemmTile& tile) {
        const auto& [m, n, k] = tile;
        all(m, n, k);
    }
    void one(const TileConfig& tile) {
        const auto& [name, gemm_tiles, instruction_m, instruction_n, instruction_k, fragment_m, fragment_n, fragments,
                     local_bytes_per_cycle, tensor_efficiency, tensor_efficiency_8bit, attention_efficiency,
                     attention_grad_efficiency, softmax_overlap, attention_queries, attention_keys,
                     attention_tiles_per_core, longest_first, splits_ungrouped, decode_rows, special_per_cycle, threads,
                     loads_per_thread, stages, cluster, tiles_per_core, core_port, cache, slices, cache_share,
                     cache_latency, memory_latency, tile_start, attention_tile_start, tile_end, pass_gap, kernel_start,
                     kernel_end] = tile;
        one(std::uint64_t{gemm_tiles.size()});
        for (const GemmTile& candidate : gemm_tiles) {
            one(candidate);
        }
        all(instruction_m, instruction_n, instruction_k, fragment_m, fragment_n, fragments, local_bytes_per_cycle,
            tensor_efficiency, tensor_efficiency_8bit, attention_efficiency, attention_grad_efficiency, softmax_overlap,
            attention_queries, attention_keys, attention_tiles_per_core, longest_first, splits_ungrouped, decode_rows,
            special_per_cycle, threads, loads_per_thread, stages, cluster, tiles_per_core, core_port, cache, slices,
            cache_share, cache_latency, memory_latency, tile_start, attention_tile_start, tile_end, pass_gap,
            kernel_start, kernel_end);
    }

    void one(std::monostate) {}
    void one(const GemmShape& shape) {
        const auto& [m, n, k, batch, accumulate, output_bytes] = shape;
        all(m, n, k, batch, accumulate, output_bytes);
    }
    void one(const GroupedGemmShape& shape) {
        const auto& [rows, n, k] = shape;
        one(std::uint64_t{rows.size()});
        for (const std::int64_t of_expert : rows) {
            one(of_expert);
        }
        all(n, k);
    }
    void one(const AttentionShape& shape) {
        const auto& [sequences, heads, kv_heads, queries, keys, head_dim, value_dim, causal, backward, shared_key_value,
                     page_tokens] = shape;
        all(sequences, heads, kv_heads, queries, keys, head_dim, value_dim, causal, backward, shared_key_value,
            page_tokens);
    }
    void one(const VectorShape& shape) {
        const auto& [rows, width, row_reduction, special, access_bytes] = shape;
        all(rows, width, row_reduction, special, access_bytes);
    }

    void one(Picoseconds time) { hash_.add(std::int64_t{time.count()}); }
    template <class Tag, class Rep>
    void one(Quantity<Tag, Rep> quantity) {
        hash_.add(quantity.count());
    }
    void one(std::int64_t number) { hash_.add(number); }
    void one(std::uint64_t number) { hash_.add(number); }
    void one(int number) { hash_.add(number); }
    void one(bool truth) { hash_.add(truth); }
    void one(double number) { hash_.add(number); }
    void one(std::string_view text) { hash_.add(text); }
    void one(KernelUnit unit) { hash_.add(static_cast<int>(unit)); }
    void one(DataType type) { hash_.add(static_cast<int>(type)); }

private:
    StableHash& hash_;
};

}  // namespace

HashKey chip_key(const ChipConfig& chip) {
    StableHash hash;
    // Not read by the tile level: name, power, price, what collectives take (it is no matter of a kernel alone).
    const auto& [name, cores, matrix_cores, clock, tensor, vector, gemm_efficiency, vector_efficiency, hbm,
                 local_memory, l2, last_level_cache, launch_latency, tdp, tile, communication, rent] = chip;
    Hasher(hash).all(kTileModelVersion, cores, matrix_cores, clock, tensor, vector, gemm_efficiency, vector_efficiency,
                     hbm, local_memory, l2, last_level_cache, launch_latency, tile);
    return hash.key();
}

HashKey kernel_key(const Kernel& kernel) {
    StableHash hash;
    const auto& [label, unit, type, work, read, written, launches, shape] = kernel;
    Hasher hasher(hash);
    hasher.all(unit, type, work, read, written, launches, std::uint64_t{shape.index()});
    std::visit([&hasher](const auto& of_kind) { hasher.one(of_kind); }, shape);
    return hash.key();
}

std::string text_of(const HashKey& key) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (const std::uint64_t half : {key.high, key.low}) {
        for (int shift = 60; shift >= 0; shift -= 4) {
            text += kDigits[half >> shift & 0xf];
        }
    }
    return text;
}

}  // namespace myriad
