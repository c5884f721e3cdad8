// A sweep over the beginnings and ends of a rank's spans: between two of them the set of what is going on does not change.
// Spans of a lane follow each other, so its edges come in order, and lanes are merged instead of sorted.

#include "workloads/training/rank_waits.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

namespace myriad {
namespace {

// What a span is to the sweep.
enum : std::uint8_t {
    kKernel = 1,  // runs on the card
    kWork = 2,    // a lane does something else than wait for another stage
    kBusy = 4,    // a collective or message of `group` is under way or awaited
    kWait = 8,    // a lane waits for it
    kLate = 16,   // and its last peer has not come
};
struct Edge {
    std::int64_t at;
    std::int8_t step;  // 1: begins, -1: ends
    std::uint8_t what;
    std::uint8_t group;
};
using Edges = std::vector<Edge>;

constexpr std::size_t kLanes = 3;

class Sweep {
public:
    explicit Sweep(TimePoint started) : before_(started.time_since_epoch().count()) {}

    void step(const Edge& edge) {
        account(Picoseconds{edge.at - before_});
        before_ = edge.at;
        Active& active = active_[edge.group];
        kernels_ += (edge.what & kKernel) != 0 ? edge.step : 0;
        working_ += (edge.what & kWork) != 0 ? edge.step : 0;
        active.busy += (edge.what & kBusy) != 0 ? edge.step : 0;
        active.waits += (edge.what & kWait) != 0 ? edge.step : 0;
        active.late += (edge.what & kLate) != 0 ? edge.step : 0;
    }

    RankWaits finish(TimePoint ended) {
        account(Picoseconds{ended.time_since_epoch().count() - before_});
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
            if (active.busy == 0) {
                continue;
            }
            GroupWait& wait = waits_.groups[group];
            const bool exposed = active.waits > 0 && kernels_ == 0;
            wait.busy += length;
            wait.exposed += exposed ? length : Picoseconds{0};
            wait.late += exposed && active.late == active.waits ? length : Picoseconds{0};
        }
    }

    std::array<Active, kGroupKinds> active_{};
    std::int64_t kernels_ = 0;
    std::int64_t working_ = 0;
    std::int64_t before_;
    RankWaits waits_;
};

void add_edges(const Span& span, Edges& edges) {
    const auto group = static_cast<std::uint8_t>(span.group);
    const auto add = [&](TimePoint at, int step, int what) {
        edges.push_back(
            {at.time_since_epoch().count(), static_cast<std::int8_t>(step), static_cast<std::uint8_t>(what), group});
    };
    const int work = span.beside || span.kind == SpanKind::bubble ? 0 : kWork;
    if (computes(span.kind) || span.kind == SpanKind::bubble) {
        const int kernel = computes(span.kind) ? kKernel : 0;
        add(span.start, 1, work | kernel);
        add(span.end, -1, work | kernel);
        return;
    }
    const int wait = span.beside ? 0 : kWait;
    const bool late = !span.beside && span.cause_rank >= 0 && span.cause_at > span.start;
    add(span.start, 1, work | kBusy | wait | (late ? kLate : 0));
    if (late) {
        add(std::min(span.cause_at, span.end), -1, kLate);
    }
    add(span.end, -1, work | kBusy | wait);
}

}  // namespace

RankWaits waits_of(const SpanLog& log, std::int64_t rank, TimePoint started, TimePoint ended) {
    std::array<Edges, kLanes> lanes;
    for (std::int64_t i = 0; i < log.count(rank); ++i) {
        const Span span = log.at(rank, i);
        add_edges(span, lanes[std::min<std::size_t>(span.lane, kLanes - 1)]);
    }
    const auto earlier = [](const Edge& a, const Edge& b) { return a.at < b.at; };
    for (Edges& edges : lanes) {
        if (!std::is_sorted(edges.begin(), edges.end(), earlier)) {  // communication beside, which overlaps itself
            std::stable_sort(edges.begin(), edges.end(), earlier);
        }
        edges.push_back({std::numeric_limits<std::int64_t>::max(), 0, 0, 0});
    }
    Sweep sweep(started);
    std::array<std::size_t, kLanes> next{};
    while (true) {
        std::size_t lane = 0;
        for (std::size_t other = 1; other < kLanes; ++other) {
            lane = earlier(lanes[other][next[other]], lanes[lane][next[lane]]) ? other : lane;
        }
        const Edge& edge = lanes[lane][next[lane]];
        if (edge.step == 0) {
            return sweep.finish(ended);
        }
        sweep.step(edge);
        ++next[lane];
    }
}

}  // namespace myriad
