// The walk. At (rank, lane, time) it looks for the span that ended then: first on the lane, then on the rank's other
// lanes (where a lane begins and where two join). Where none ended then, the span of a program that was under way is cut;
// where there is none either, the rank was idle since its last span. Every step goes back in time; steps that take none
// (a wait that ended at the very moment at which its cause happened) may not come round to where they were.

#include "workloads/training/critical_path.h"

#include "sim/error/error.h"

#include <algorithm>
#include <array>
#include <optional>

namespace myriad {
namespace {

PathCategory category_of(ComputeBound bound) {
    constexpr std::array<PathCategory, kComputeBounds> categories{
        PathCategory::compute, PathCategory::matrix, PathCategory::vector, PathCategory::hbm, PathCategory::on_chip};
    return categories[static_cast<std::size_t>(bound)];
}

class Walk {
public:
    Walk(const SpanLog& log, TimePoint started, TimePoint ended) : log_(log), started_(started), at_(ended) {}

    CriticalPath run() {
        rank_ = last_rank();
        while (at_ > started_) {
            const std::optional<Span> span = span_before();
            if (!span) {
                idle();
            } else if (computes(span->kind)) {
                pass_kernel(*span);
            } else {
                pass_wait(*span);
            }
        }
        std::reverse(path_.segments.begin(), path_.segments.end());
        return std::move(path_);
    }

private:
    struct Place {
        std::int64_t rank;
        std::uint8_t lane;
        bool operator==(const Place&) const = default;
    };

    [[nodiscard]] std::int64_t last_rank() const {
        std::int64_t last = -1;
        TimePoint latest{};
        for (const std::int64_t rank : log_.recorded_ranks()) {
            const std::int64_t count = log_.count(rank);
            if (count > 0 && (last < 0 || log_.end_at(rank, count - 1) > latest)) {
                last = rank;
                latest = log_.end_at(rank, count - 1);
            }
        }
        return std::max<std::int64_t>(last, 0);
    }

    // What the rank did until `at_`, on lane `lane_` if that tells. Cut at `at_` when it went on after that.
    [[nodiscard]] std::optional<Span> span_before() const {
        if (!log_.has(rank_)) {
            return std::nullopt;
        }
        const std::int64_t after = log_.first_after(rank_, at_);
        std::optional<Span> best;
        for (std::int64_t i = after - 1; i >= 0 && log_.end_at(rank_, i) == at_; --i) {
            const Span span = log_.at(rank_, i);
            const bool better = !best || (best->lane != lane_ && (span.lane == lane_ || span.lane < best->lane));
            if (span.start < span.end && better) {
                best = span;
            }
        }
        return best ? best : span_under_way(after);
    }

    // The span of the main lane, or else of the second, that `at_` lies in; lanes do not overlap themselves, so it is
    // the first of its lane that ends later.
    [[nodiscard]] std::optional<Span> span_under_way(std::int64_t after) const {
        std::optional<Span> second;
        for (std::int64_t i = after; i < log_.count(rank_); ++i) {
            const Span span = log_.at(rank_, i);
            const bool covers = span.start < at_;
            if (span.lane == kMainLane) {
                return covers ? span : second;
            }
            if (span.lane == kSecondLane && covers && !second) {
                second = span;
            }
        }
        return second;
    }

    void idle() {
        TimePoint from = started_;
        for (std::int64_t i = log_.has(rank_) ? log_.first_after(rank_, at_) - 1 : -1; i >= 0; --i) {
            const Span span = log_.at(rank_, i);
            if (span.lane != kBesideLane) {
                from = std::max(span.end, started_);
                break;
            }
        }
        add(from, PathCategory::idle, {});
    }

    // A card runs one kernel at a time: what a lane calls its kernel's time begins with the wait for the other lane's.
    void pass_kernel(const Span& span) {
        TimePoint from = std::max(span.start, started_);
        std::uint8_t lane = span.lane;
        for (std::int64_t i = log_.first_after(rank_, at_) - 1; i >= 0 && log_.end_at(rank_, i) > from; --i) {
            const Span other = log_.at(rank_, i);
            if (other.lane != span.lane && other.lane != kBesideLane && computes(other.kind) && other.end < at_) {
                from = other.end;
                lane = other.lane;
                break;
            }
        }
        add(from, category_of(span.bound), span);
        lane_ = lane;
    }

    void pass_wait(const Span& span) {
        const bool known = span.cause_rank >= 0 && log_.has(span.cause_rank) && span.cause_at <= at_;
        if (known && may_go_to({span.cause_rank, span.cause_lane}, span.cause_at)) {
            if (span.cause_at < at_) {
                add(std::max(span.cause_at, started_), PathCategory::network, span);
            }
            path_.hops += span.cause_rank != rank_ ? 1 : 0;
            rank_ = span.cause_rank;
            lane_ = span.cause_lane;
            return;
        }
        const TimePoint from = std::max(span.start, started_);
        const bool whole_network = span.cause_rank < 0 && span.kind != SpanKind::bubble;
        const TimePoint sent = whole_network ? from : std::clamp(span.cause_at, from, at_);
        lane_ = span.lane;
        if (sent < at_ && span.kind != SpanKind::bubble) {
            add(sent, PathCategory::network, span);
        }
        if (from < at_) {
            add(from, PathCategory::late, span);
        }
    }

    // Places at which the walk has stood at one instant: coming back to one would go round for ever.
    bool may_go_to(Place place, TimePoint time) {
        if (time < at_) {
            return true;
        }
        if (visited_.empty()) {
            visited_.push_back({rank_, lane_});
        }
        if (std::find(visited_.begin(), visited_.end(), place) != visited_.end()) {
            return false;
        }
        visited_.push_back(place);
        return true;
    }

    void add(TimePoint from, PathCategory category, const Span& span) {
        MYRIAD_CHECK(from < at_, "a step of the critical path takes no time");
        const bool work = category != PathCategory::late && category != PathCategory::idle;
        path_.segments.push_back({rank_, span.lane, from, at_, category, span.group,
                                  work ? std::min(span.fixed, at_ - from) : Picoseconds{0}, span.label, span.pass,
                                  span.micro_batch});
        at_ = from;
        visited_.clear();
    }

    const SpanLog& log_;
    TimePoint started_;
    TimePoint at_;
    std::int64_t rank_ = 0;
    std::uint8_t lane_ = kMainLane;
    std::vector<Place> visited_;
    CriticalPath path_;
};

}  // namespace

std::string_view name_of(PathCategory category) {
    constexpr std::array<std::string_view, kPathCategories> names{"compute", "matrix",  "vector", "hbm",
                                                                  "on_chip", "network", "late",   "idle"};
    return names[static_cast<std::size_t>(category)];
}

CriticalPath critical_path(const SpanLog& log, TimePoint started, TimePoint ended) {
    return Walk(log, started, ended).run();
}

}  // namespace myriad
