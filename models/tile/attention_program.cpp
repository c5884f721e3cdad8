// Time of a step that multiplies R held rows with W walked ones, head width d and dv:
//   tensor   2 R W (d + dv) flop at rate x attention_efficiency (backward: 2 R W (3 d + 2 dv))
//   vector   R W elements, each kSoftmaxOperations on the lanes and one exponential on the special units, less the share
//            that hides behind the products of the same tile (softmax_overlap)
// Causal: a step that lies wholly behind the diagonal is not walked; the one on it costs as a full one.
// Order: blocks of one head next to each other, heads of one key-value head next to each other, so that they share K and
// V in the cache; by place, or the longest first inside a head. Splits of the keys follow the rule of flash-decoding: the smallest number whose wave efficiency is within 85 %
// of the best.

#include "models/tile/attention_program.h"

#include "models/tile/ceil_div.h"
#include "sim/error/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace myriad {
namespace {

constexpr double kSoftmaxOperations = 6.0;  // scale, maximum, subtract, sum, convert, rescale; flop an element
constexpr double kBackwardOperations = 8.0;
constexpr std::int64_t kPartialBytes = 4;
constexpr std::int64_t kSplitsMax = 128;
constexpr double kSplitEfficiency = 0.85;
constexpr std::int64_t kIndexBytes = 4;  // an entry of a block table

}  // namespace

AttentionProgram::AttentionProgram(const ChipConfig& chip, const CoreRates& rates, const AttentionShape& shape,
                                   std::int64_t element, std::int64_t steps_per_tile)
    : config_(chip.tile), rates_(rates), shape_(shape), element_(element) {
    MYRIAD_CHECK(shape.sequences > 0 && shape.heads > 0 && shape.kv_heads > 0 && shape.heads % shape.kv_heads == 0 &&
                     shape.queries > 0 && shape.keys > 0,
                 "an empty attention");
    packed_ = !shape.backward && shape.queries * (shape.heads / shape.kv_heads) <= config_.attention_queries;
    heads_ = packed_ ? shape.kv_heads : shape.heads;
    const std::int64_t rows = packed_ ? shape.queries * (shape.heads / shape.kv_heads) : outer();
    const std::int64_t least = packed_ ? config_.decode_rows : config_.attention_queries;
    held_ = shape.backward ? config_.attention_keys : std::max(least, packed_ ? rows : least);
    blocks_ = packed_ ? 1 : ceil_div(outer(), held_);
    resident_ = config_.attention_tiles_per_core;
    const std::int64_t block = shape.backward ? config_.attention_queries : config_.attention_keys;
    const std::int64_t walked = shape.backward ? shape.queries : shape.keys;
    if (packed_) {
        choose_splits();
    }
    walk_ = block * ceil_div(ceil_div(ceil_div(walked, splits_), block), steps_per_tile);
    lay_out();
}

void AttentionProgram::choose_splits() {
    const std::int64_t tiles = shape_.sequences * heads_;
    const std::int64_t slots = rates_.tensor_cores * resident_;
    const std::int64_t blocks = ceil_div(shape_.keys, config_.attention_keys);
    if (5 * tiles >= 4 * slots || (!config_.splits_ungrouped && shape_.heads == shape_.kv_heads)) {
        return;
    }
    const std::int64_t most = std::min({kSplitsMax, slots, blocks});
    std::vector<double> efficiency;
    double best = 0.0;
    for (std::int64_t s = 1; s <= most; ++s) {
        const double waves = static_cast<double>(tiles * s) / static_cast<double>(slots);
        const double rounded = static_cast<double>(ceil_div(tiles * s, slots));
        const bool new_cut = s == 1 || ceil_div(blocks, s) != ceil_div(blocks, s - 1);
        efficiency.push_back(new_cut ? waves / rounded : 0.0);
        best = std::max(best, efficiency.back());
    }
    for (std::int64_t s = 1; s <= most; ++s) {
        if (efficiency[static_cast<std::size_t>(s - 1)] >= kSplitEfficiency * best) {
            splits_ = s;
            return;
        }
    }
}

void AttentionProgram::lay_out() {
    // Every tile's rows begin a block of their own; splits of the keys share theirs.
    const std::int64_t query_bytes =
        shape_.sequences * heads_ * blocks_ * held_ * std::max(shape_.head_dim, shape_.value_dim) * element_;
    const std::int64_t key_bytes = (ceil_div(shape_.keys, walk_) + 1) * walk_ * shape_.sequences * shape_.kv_heads *
                                   (shape_.head_dim + shape_.value_dim) * element_;
    key_value_ = static_cast<std::uint64_t>(2 * query_bytes);
    output_ = key_value_ + static_cast<std::uint64_t>(key_bytes);
    partials_ = output_ + static_cast<std::uint64_t>(4 * query_bytes + key_bytes);
    end_ = partials_ + static_cast<std::uint64_t>(splits_ * shape_.sequences * shape_.heads * shape_.queries *
                                                  (shape_.value_dim + 2) * kPartialBytes);
}

std::string AttentionProgram::plan() const {
    std::string text = shape_.backward ? fmt::format("{} keys x {} queries", held_, config_.attention_queries)
                                       : fmt::format("{} queries x {} keys", held_, config_.attention_keys);
    if (splits_ > 1) {
        text += fmt::format(", keys split in {}", splits_);
    }
    return text;
}

std::int64_t AttentionProgram::pass_begin(std::int64_t pass) const {
    const std::int64_t first = shape_.sequences * heads_ * blocks_ * splits_;
    return pass == 0 ? 0 : first + (pass > 1 ? shape_.sequences * shape_.heads : 0);
}

AttentionProgram::Place AttentionProgram::place(std::int64_t tile) const {
    if (packed_) {
        return {tile / (heads_ * splits_), tile / splits_ % heads_, tile % splits_};
    }
    const std::int64_t lane = tile / blocks_;
    const std::int64_t block = tile % blocks_;
    // The last block of queries sees most keys, the first block of keys is seen by most queries.
    const bool reverse = shape_.causal && !shape_.backward && config_.longest_first;
    return {lane / heads_, lane % heads_, reverse ? blocks_ - 1 - block : block};
}

AttentionProgram::Range AttentionProgram::range(const Place& at) const {
    if (packed_) {
        const std::int64_t blocks = ceil_div(shape_.keys, config_.attention_keys);
        const std::int64_t each = ceil_div(blocks, splits_) * config_.attention_keys;
        const std::int64_t begin = std::min(at.block * each, shape_.keys);
        return {begin, std::min(begin + each, shape_.keys)};
    }
    const std::int64_t offset = shape_.keys - shape_.queries;  // queries are the last ones of the sequence
    if (shape_.backward) {
        const std::int64_t first = shape_.causal ? std::max<std::int64_t>(0, at.block * held_ - offset) : 0;
        return {std::min(first, shape_.queries - 1), shape_.queries};
    }
    const std::int64_t last = offset + std::min((at.block + 1) * held_, shape_.queries);
    return {0, shape_.causal ? std::max<std::int64_t>(1, std::min(last, shape_.keys)) : shape_.keys};
}

std::int64_t AttentionProgram::steps(std::int64_t tile) const {
    if (tile >= pass_begin(1) && splits_ > 1) {
        return 1;
    }
    const Range keys = range(place(tile));
    return std::max<std::int64_t>(1, ceil_div(keys.end - keys.begin, walk_));
}

StepWork AttentionProgram::work(std::int64_t walked) const {
    const std::int64_t block = shape_.backward ? config_.attention_queries : config_.attention_keys;
    const auto pairs = static_cast<double>(held_ * ceil_div(std::max<std::int64_t>(walked, 1), block) * block);
    const auto d = static_cast<double>(shape_.head_dim);
    const auto dv = static_cast<double>(shape_.value_dim);
    const double flop = 2.0 * pairs * (shape_.backward ? 3.0 * d + 2.0 * dv : d + dv);
    const double efficiency = shape_.backward ? config_.attention_grad_efficiency : config_.attention_efficiency;
    StepWork work;
    work.tensor = time_of(flop, rates_.tensor.count() * efficiency);
    const double operations = shape_.backward ? kBackwardOperations : kSoftmaxOperations;
    const Picoseconds softmax = time_of(pairs * operations, rates_.vector.count()) + time_of(pairs, rates_.special);
    work.vector =
        Picoseconds{static_cast<std::int64_t>(static_cast<double>(softmax.count()) * (1.0 - config_.softmax_overlap))};
    return work;
}

void AttentionProgram::combine_step(TileStep& out) const {
    const std::int64_t bytes = splits_ * shape_.queries * (shape_.value_dim + 2) * kPartialBytes;
    out.add({partials_, Bytes{bytes}, false, 1, false});
    out.work.vector = time_of(static_cast<double>(2 * bytes / kPartialBytes), rates_.vector.count());
}

void AttentionProgram::step(std::int64_t tile, std::int64_t step, TileStep& out) const {
    if (tile >= pass_begin(1) && splits_ > 1) {
        combine_step(out);
        return;
    }
    const Place at = place(tile);
    const Range walked = range(at);
    const std::int64_t begin = walked.begin + step * walk_;
    const std::int64_t count = std::max<std::int64_t>(0, std::min(walk_, walked.end - begin));
    out.work = work(count);
    const std::int64_t group = shape_.heads / shape_.kv_heads;
    const std::int64_t kv_head = packed_ ? at.head : at.head / group;
    const bool shared = !packed_ && (blocks_ > 1 || group > 1);
    const std::int64_t width = shape_.head_dim + (shape_.shared_key_value ? 0 : shape_.value_dim);
    const auto lane = static_cast<std::uint64_t>(at.sequence * shape_.kv_heads + kv_head);
    if (shape_.backward) {
        // Q, dO and the log-sum-exp of the walked queries; dQ is added to in fp32.
        const auto query_lane = static_cast<std::uint64_t>(at.sequence * shape_.heads + at.head);
        const std::uint64_t address =
            (query_lane * static_cast<std::uint64_t>(shape_.queries) + static_cast<std::uint64_t>(begin)) *
            static_cast<std::uint64_t>(2 * shape_.head_dim * element_);
        out.add({address, Bytes{count * (shape_.head_dim + shape_.value_dim) * element_ + count * 2 * kPartialBytes},
                 false, 1, true});
        out.add({output_ + 2 * address, Bytes{count * shape_.head_dim * kPartialBytes}, true, 1, true});
    } else {
        const auto row = lane * static_cast<std::uint64_t>((ceil_div(shape_.keys, walk_) + 1) * walk_) +
                         static_cast<std::uint64_t>(begin);
        std::int64_t bytes = count * width * element_;
        if (shape_.page_tokens > 0) {
            bytes += ceil_div(count, shape_.page_tokens) * kIndexBytes;
        }
        out.add({key_value_ + row * static_cast<std::uint64_t>(width * element_), Bytes{bytes}, false, 1, shared});
    }
    if (step == 0) {
        const std::int64_t rows = packed_ ? shape_.queries * group : std::min(held_, outer() - at.block * held_);
        const std::int64_t held_width = shape_.backward ? width : shape_.head_dim;
        std::int64_t block = packed_ ? at.sequence * heads_ + at.head : tile;
        if (shape_.backward) {
            block = static_cast<std::int64_t>(lane) * blocks_ + at.block;  // K and V, shared by the heads of a group
        }
        out.add({static_cast<std::uint64_t>(block * held_ * held_width * element_) + (shape_.backward ? key_value_ : 0),
                 Bytes{rows * held_width * element_}, false, 1, splits_ > 1 || (shape_.backward && group > 1)});
    }
}

void AttentionProgram::end(std::int64_t tile, TileEnd& out) const {
    const bool combining = splits_ > 1 && tile >= pass_begin(1);
    if (combining) {
        out.add({output_, Bytes{shape_.queries * shape_.value_dim * element_}, true, 1, false});
        return;
    }
    const Place at = place(tile);
    const std::int64_t group = shape_.heads / shape_.kv_heads;
    const std::int64_t rows = packed_ ? shape_.queries * group : std::min(held_, outer() - at.block * held_);
    out.work.vector = time_of(2.0 * static_cast<double>(held_ * shape_.value_dim), rates_.vector.count());
    if (splits_ > 1) {
        out.add({partials_, Bytes{rows * (shape_.value_dim + 2) * kPartialBytes}, true, 1, true});
    } else if (shape_.backward) {
        out.add({output_, Bytes{rows * (shape_.head_dim + shape_.value_dim) * element_}, true, 1, false});
    } else {
        out.add({output_, Bytes{rows * (shape_.value_dim * element_ + kPartialBytes)}, true, 1, false});
    }
}

}  // namespace myriad
