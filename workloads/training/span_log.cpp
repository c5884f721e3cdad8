// A deque a rank: it never moves what it holds, and it wastes half a kilobyte at most. Labels become numbers.

#include "workloads/training/span_log.h"

#include "sim/error/error.h"

#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <tuple>

namespace myriad {
namespace {

std::int32_t narrow_number(std::int64_t value) {
    MYRIAD_CHECK(value >= -1 && value <= std::numeric_limits<std::int32_t>::max(), fmt::format("{}", value));
    return static_cast<std::int32_t>(value);
}

TimePoint at_picosecond(std::int64_t count) { return TimePoint{Picoseconds{count}}; }

}  // namespace

SpanLog::SpanLog(SpanLogOptions options)
    : options_(std::move(options)),
      kept_(static_cast<std::size_t>(options_.ranks), !options_.chosen_only),
      of_rank_(static_cast<std::size_t>(options_.ranks)) {
    for (const std::int64_t rank : options_.chosen) {
        kept_[static_cast<std::size_t>(rank)] = true;
    }
    narrowed_ = options_.chosen_only;
}

void SpanLog::keep_only(const std::vector<std::int64_t>& ranks) {
    MYRIAD_CHECK(size_ == 0, "spans have come already");
    std::fill(kept_.begin(), kept_.end(), false);
    for (const std::int64_t rank : ranks) {
        kept_[static_cast<std::size_t>(rank)] = true;
    }
}

std::uint16_t SpanLog::number_of(std::string_view text) {
    const auto place = reinterpret_cast<std::uintptr_t>(text.data());
    Recent& recent = recent_[(place >> 3U ^ place >> 11U) % recent_.size()];
    if (recent.text == text.data() && recent.size == text.size() && recent.text != nullptr) {
        return recent.number;
    }
    const auto [known, fresh] =
        number_of_.try_emplace({text.data(), text.size()}, static_cast<std::uint16_t>(texts_.size()));
    if (fresh) {
        MYRIAD_CHECK(texts_.size() < std::numeric_limits<std::uint16_t>::max(), "labels of spans");
        texts_.emplace_back(text);
    }
    recent = {text.data(), text.size(), known->second};
    return known->second;
}

void SpanLog::on_span(const Span& span) {
    MYRIAD_CHECK(span.rank >= 0 && span.rank < options_.ranks, fmt::format("span of rank {}", span.rank));
    MYRIAD_CHECK(span.start <= span.end, fmt::format("{} of rank {}", span.label, span.rank));
    MYRIAD_CHECK(span.cause_rank < 0 || span.cause_at <= span.end, fmt::format("{} of rank {}", span.label, span.rank));
    if (!has(span.rank)) {
        return;
    }
    if (size_ >= options_.most && !narrowed_) {
        narrow();
    }
    if (!has(span.rank)) {
        return;
    }
    if (size_ >= options_.most) {
        ++dropped_;
        return;
    }
    MYRIAD_CHECK(span.chunk >= 0 && span.chunk <= std::numeric_limits<std::uint8_t>::max(), "chunk of a span");
    const auto kind_group =
        static_cast<std::uint8_t>(static_cast<unsigned>(span.kind) | static_cast<unsigned>(span.group) << 4U);
    const auto lanes = static_cast<std::uint8_t>(span.lane | span.cause_lane << 2 | (span.beside ? 16 : 0));
    std::deque<Packed>& spans = of_rank_[static_cast<std::size_t>(span.rank)];
    spans.push_back({span.start.time_since_epoch().count(), span.end.time_since_epoch().count(),
                     span.cause_at.time_since_epoch().count(), span.fixed.count(), narrow_number(span.cause_rank),
                     narrow_number(span.micro_batch), number_of(span.label), number_of(span.pass), kind_group, lanes,
                     static_cast<std::uint8_t>(span.bound), static_cast<std::uint8_t>(span.chunk)});
    ++size_;
    // What is told late is told soon after it ended, so a few steps put it where it belongs; finish() does the rest.
    constexpr std::size_t kSteps = 16;
    const std::size_t last = spans.size() - 1;
    for (std::size_t i = last; i > 0 && last - i < kSteps && before(spans[i], spans[i - 1]); --i) {
        std::swap(spans[i], spans[i - 1]);
    }
}

void SpanLog::narrow() {
    narrowed_ = true;
    for (std::size_t rank = 0; rank < kept_.size(); ++rank) {
        if (std::find(options_.chosen.begin(), options_.chosen.end(), static_cast<std::int64_t>(rank)) ==
            options_.chosen.end()) {
            kept_[rank] = false;
            size_ -= static_cast<std::int64_t>(of_rank_[rank].size());
            std::deque<Packed>().swap(of_rank_[rank]);
        }
    }
}

bool SpanLog::before(const Packed& a, const Packed& b) { return std::tie(a.end, a.start) < std::tie(b.end, b.start); }

void SpanLog::finish() {
    for (std::deque<Packed>& spans : of_rank_) {
        if (!std::is_sorted(spans.begin(), spans.end(), before)) {
            std::stable_sort(spans.begin(), spans.end(), before);
        }
    }
}

std::vector<std::int64_t> SpanLog::recorded_ranks() const {
    std::vector<std::int64_t> ranks;
    for (std::int64_t rank = 0; rank < options_.ranks; ++rank) {
        if (has(rank)) {
            ranks.push_back(rank);
        }
    }
    return ranks;
}

std::int64_t SpanLog::count(std::int64_t rank) const {
    return static_cast<std::int64_t>(of_rank_[static_cast<std::size_t>(rank)].size());
}

Span SpanLog::at(std::int64_t rank, std::int64_t number) const {
    const Packed& packed = of_rank_[static_cast<std::size_t>(rank)][static_cast<std::size_t>(number)];
    Span span;
    span.rank = rank;
    span.kind = static_cast<SpanKind>(packed.kind_group & 15);
    span.beside = (packed.lanes & 16) != 0;
    span.lane = packed.lanes & 3;
    span.label = texts_[packed.label];
    span.start = at_picosecond(packed.start);
    span.end = at_picosecond(packed.end);
    span.pass = texts_[packed.pass];
    span.micro_batch = packed.micro_batch;
    span.chunk = packed.chunk;
    span.cause_rank = packed.cause_rank;
    span.cause_lane = packed.lanes >> 2 & 3;
    span.cause_at = at_picosecond(packed.cause_at);
    span.group = static_cast<GroupKind>(packed.kind_group >> 4);
    span.bound = static_cast<ComputeBound>(packed.bound);
    span.fixed = Picoseconds{packed.fixed};
    return span;
}

TimePoint SpanLog::end_at(std::int64_t rank, std::int64_t number) const {
    return at_picosecond(of_rank_[static_cast<std::size_t>(rank)][static_cast<std::size_t>(number)].end);
}

std::int64_t SpanLog::first_after(std::int64_t rank, TimePoint time) const {
    const std::deque<Packed>& spans = of_rank_[static_cast<std::size_t>(rank)];
    const auto found = std::upper_bound(spans.begin(), spans.end(), time.time_since_epoch().count(),
                                        [](std::int64_t at, const Packed& span) { return at < span.end; });
    return found - spans.begin();
}

}  // namespace myriad
