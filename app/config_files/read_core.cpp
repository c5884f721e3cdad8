// A core file becomes a TileConfig.

#include "app/config_files/read_hardware.h"

#include <algorithm>
#include <sstream>

namespace myriad {
namespace {

// "128x64" or "128 x 256 x 64" into whole numbers; what is wrong is told at the key.
std::vector<std::int64_t> edges(Section& s, const char* key, const std::string& text, std::size_t count) {
    std::vector<std::int64_t> numbers;
    std::istringstream in(text);
    std::int64_t number = 0;
    while (in >> number) {
        numbers.push_back(number);
        in >> std::ws;
        if (in.peek() == 'x') {
            in.get();
        }
    }
    const bool positive = std::all_of(numbers.begin(), numbers.end(), [](std::int64_t n) { return n > 0; });
    if (!in.eof() || numbers.size() != count || !positive) {
        s.error(key, "expected " + std::to_string(count) + " whole numbers joined by 'x', found '" + text + "'");
        numbers.assign(count, 1);
    }
    return numbers;
}

std::vector<GemmTile> gemm_tiles(Section& s) {
    std::vector<GemmTile> tiles;
    std::istringstream in(s.get<std::string>("gemm_tiles"));
    for (std::string word; in >> word;) {
        const auto n = edges(s, "gemm_tiles", word, 3);
        tiles.push_back({n[0], n[1], n[2]});
    }
    if (tiles.empty()) {
        s.error("gemm_tiles", "expected at least one tile, like '128x128x64'");
    }
    return tiles;
}

}  // namespace

TileConfig read_core(Section s) {
    TileConfig tile;
    static_cast<void>(s.get<std::string>("name"));
    tile.gemm_tiles = gemm_tiles(s);
    const auto instruction = edges(s, "instruction", s.get<std::string>("instruction"), 3);
    tile.instruction_m = instruction[0];
    tile.instruction_n = instruction[1];
    tile.instruction_k = instruction[2];
    const auto fragment = edges(s, "fragment", s.get<std::string>("fragment"), 2);
    tile.fragment_m = fragment[0];
    tile.fragment_n = fragment[1];
    tile.fragments = s.get<int>("fragments");
    tile.local_bytes_per_cycle = s.get<double>("local_bytes_per_cycle");
    tile.special_per_cycle = s.get<double>("special_per_cycle");
    tile.threads = s.get<int>("threads");
    tile.loads_per_thread = s.get<double>("loads_per_thread");
    tile.stages = s.get<int>("stages");
    tile.cluster = s.get<int>("cluster");
    tile.tiles_per_core = s.get<int>("tiles_per_core");
    tile.tensor_efficiency = s.get<double>("tensor_efficiency");
    tile.tensor_efficiency_8bit = s.get<double>("tensor_efficiency_8bit");
    tile.attention_efficiency = s.get<double>("attention_efficiency");
    tile.attention_grad_efficiency = s.get<double>("attention_grad_efficiency");
    tile.softmax_overlap = s.get<double>("softmax_overlap");
    const auto attention = edges(s, "attention_tile", s.get<std::string>("attention_tile"), 2);
    tile.attention_queries = attention[0];
    tile.attention_keys = attention[1];
    tile.attention_tiles_per_core = s.get<int>("attention_tiles_per_core");
    tile.longest_first = s.get<bool>("longest_first");
    tile.splits_ungrouped = s.get<bool>("splits_ungrouped");
    tile.decode_rows = s.get<int>("decode_rows");
    tile.core_port = s.get<BytesPerSecond>("port");
    tile.cache = s.get<BytesPerSecond>("cache_bandwidth");
    tile.slices = s.get<int>("cache_slices");
    tile.cache_share = s.get<double>("cache_share");
    tile.cache_latency = s.get<Picoseconds>("cache_latency");
    tile.memory_latency = s.get<Picoseconds>("memory_latency");
    tile.tile_start = s.get<Picoseconds>("tile_start");
    tile.attention_tile_start = s.get<Picoseconds>("attention_tile_start");
    tile.tile_end = s.get<Picoseconds>("tile_end");
    tile.pass_gap = s.get<Picoseconds>("pass_gap");
    tile.kernel_start = s.get<Picoseconds>("kernel_start");
    tile.kernel_end = s.get<Picoseconds>("kernel_end");
    s.finish();
    return tile;
}

}  // namespace myriad
