#pragma once
// Keeps the spans of a step, packed, for a look back at its end. 20 million spans take about 1 GB; when there are more,
// those of a few chosen ranks are kept on and the others are given up.

#include "workloads/training/span.h"

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace myriad {

struct SpanLogOptions {
    std::int64_t ranks = 1;            // of the step
    std::int64_t most = 20'000'000;    // spans kept at once
    std::vector<std::int64_t> chosen;  // ranks whose spans are kept when those of all are too many
    bool chosen_only = false;          // from the start
};

class SpanLog final : public SpanSink {
public:
    explicit SpanLog(SpanLogOptions options);

    // Before the first span: only these ranks' are kept, from the start. Where identical ranks are run once, the others
    // have none.
    void keep_only(const std::vector<std::int64_t>& ranks);
    void on_span(const Span& span) override;
    // After the last span: puts each rank's in order of end, then of start.
    void finish();

    [[nodiscard]] std::int64_t ranks() const { return options_.ranks; }
    [[nodiscard]] bool has(std::int64_t rank) const { return kept_[static_cast<std::size_t>(rank)]; }
    [[nodiscard]] std::vector<std::int64_t> recorded_ranks() const;
    // Of one rank, numbered in the order of finish().
    [[nodiscard]] std::int64_t count(std::int64_t rank) const;
    [[nodiscard]] Span at(std::int64_t rank, std::int64_t number) const;
    [[nodiscard]] TimePoint end_at(std::int64_t rank, std::int64_t number) const;
    // Number of the first span of the rank that ends after `time`.
    [[nodiscard]] std::int64_t first_after(std::int64_t rank, TimePoint time) const;

    [[nodiscard]] std::int64_t size() const { return size_; }
    // There were too many spans of all ranks: what is here is of the chosen ranks.
    [[nodiscard]] bool narrowed() const { return narrowed_; }
    // Spans of the chosen ranks that found no room. A look back over what is left would be wrong.
    [[nodiscard]] std::int64_t dropped() const { return dropped_; }

private:
    struct Packed {
        std::int64_t start;
        std::int64_t end;
        std::int64_t cause_at;
        std::int64_t fixed;
        std::int32_t cause_rank;
        std::int32_t micro_batch;
        std::uint16_t label;
        std::uint16_t pass;
        std::uint8_t kind_group;  // kind, group << 4
        std::uint8_t lanes;       // lane, cause_lane << 2, beside << 4
        std::uint8_t bound;
        std::uint8_t chunk;
    };
    static_assert(sizeof(Packed) == 48 && kSpanKinds <= 16 && kGroupKinds <= 16);

    static bool before(const Packed& a, const Packed& b);
    void narrow();
    [[nodiscard]] std::uint16_t number_of(std::string_view text);

    SpanLogOptions options_;
    std::vector<bool> kept_;                   // by rank
    std::vector<std::deque<Packed>> of_rank_;  // by rank
    // Texts by where they stand, which is faster than by what they say; equal ones may have several numbers.
    std::map<std::pair<const char*, std::size_t>, std::uint16_t> number_of_;
    std::deque<std::string> texts_;
    struct Recent {
        const char* text = nullptr;
        std::size_t size = 0;
        std::uint16_t number = 0;
    };
    std::array<Recent, 256> recent_{};  // by a hash of where they stand; saves the look-up
    std::int64_t size_ = 0;
    std::int64_t dropped_ = 0;
    bool narrowed_ = false;
};

}  // namespace myriad
