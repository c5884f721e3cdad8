// A sweep over the beginnings and ends of a rank's spans: between two of them the set of what is going on does not change.

#include "workloads/training/rank_waits.h"

#include <algorithm>
#include <cstdint>
#include <tuple>
#include <vector>

namespace myriad {
namespace {

// What a span is to the sweep. A wait is two of them: until its last peer came, and after.
enum class Activity : std::uint8_t { kernel, work_of_lane, busy, wait, late };
struct Edge {
    std::int64_t at;
    std::int8_t step;  // 1: begins, -1: ends
    Activity activity;
    std::uint8_t group;
};

class Sweep {
public:
    void add(Activity activity, GroupKind group, TimePoint from, TimePoint to) {
        if (from < to) {
            const auto number = static_cast<std::uint8_t>(group);
            edges_.push_back({from.time_since_epoch().count(), 1, activity, number});
            edges_.push_back({to.time_since_epoch().count(), -1, activity, number});
        }
    }

    RankWaits run(TimePoint started, TimePoint ended) {
        std::sort(edges_.begin(), edges_.end(),
                  [](const Edge& a, const Edge& b) { return std::tie(a.at, a.step) < std::tie(b.at, b.step); });
        std::int64_t before = started.time_since_epoch().count();
        for (const Edge& edge : edges_) {
            account(Picoseconds{edge.at - before});
            before = edge.at;
            count(edge);
        }
        account(Picoseconds{ended.time_since_epoch().count() - before});
        return waits_;
    }

private:
    struct Active {
        std::int64_t busy = 0;
        std::int64_t waits = 0;
        std::int64_t late = 0;
    };

    void account(Picoseconds length) {
        if (length <= Picoseconds{0}) {
            return;
        }
        waits_.bubble += working_ == 0 ? length : Picoseconds{0};
        for (std::size_t group = 0; group < kGroupKinds; ++group) {
            const Active& active = active_[group];
            GroupWait& wait = waits_.groups[group];
            const bool exposed = active.waits > 0 && kernels_ == 0;
            wait.busy += active.busy > 0 ? length : Picoseconds{0};
            wait.exposed += exposed ? length : Picoseconds{0};
            wait.late += exposed && active.late == active.waits ? length : Picoseconds{0};
        }
    }

    void count(const Edge& edge) {
        Active& active = active_[edge.group];
        switch (edge.activity) {
            case Activity::kernel:
                kernels_ += edge.step;
                break;
            case Activity::work_of_lane:
                working_ += edge.step;
                break;
            case Activity::busy:
                active.busy += edge.step;
                break;
            case Activity::wait:
                active.waits += edge.step;
                break;
            case Activity::late:
                active.late += edge.step;
                break;
        }
    }

    std::vector<Edge> edges_;
    std::array<Active, kGroupKinds> active_{};
    std::int64_t kernels_ = 0;
    std::int64_t working_ = 0;
    RankWaits waits_;
};

}  // namespace

RankWaits waits_of(const SpanLog& log, std::int64_t rank, TimePoint started, TimePoint ended) {
    Sweep sweep;
    for (std::int64_t i = 0; i < log.count(rank); ++i) {
        const Span span = log.at(rank, i);
        if (span.kind == SpanKind::bubble) {
            continue;
        }
        if (!span.beside) {
            sweep.add(Activity::work_of_lane, GroupKind::none, span.start, span.end);
        }
        if (computes(span.kind)) {
            sweep.add(Activity::kernel, GroupKind::none, span.start, span.end);
            continue;
        }
        sweep.add(Activity::busy, span.group, span.start, span.end);
        if (!span.beside) {
            sweep.add(Activity::wait, span.group, span.start, span.end);
            if (span.cause_rank >= 0) {
                sweep.add(Activity::late, span.group, span.start, std::clamp(span.cause_at, span.start, span.end));
            }
        }
    }
    return sweep.run(started, ended);
}

}  // namespace myriad
