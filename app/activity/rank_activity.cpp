// The resolution is the least power of two, in nanoseconds, that leaves few enough slices; found by bisection, because a
// long run has millions of slices to join each time.

#include "app/activity/rank_activity.h"

#include "sim/error/error.h"

#include <algorithm>
#include <map>
#include <utility>

namespace myriad {
namespace {

class Labels {
public:
    std::size_t number(const Slice& slice) {
        const std::string name = slice.joined > 1 && slice.label != "message" && slice.label != "flow"
                                     ? "several, mostly " + std::string(slice.kind)
                                     : std::string(slice.label);
        const auto [known, fresh] = numbers_.try_emplace({name, std::string(slice.kind)}, labels_.size());
        if (fresh) {
            labels_.push_back({name, std::string(slice.kind)});
        }
        return known->second;
    }
    std::vector<ActivityLabel> take() { return std::move(labels_); }

private:
    std::map<std::pair<std::string, std::string>, std::size_t> numbers_;
    std::vector<ActivityLabel> labels_;
};

}  // namespace

RankActivity rank_activity(std::vector<ActivityRow> rows, const std::vector<TimelineLane>& lanes,
                           std::size_t slices_most) {
    struct Drawn {
        std::size_t row = 0;
        std::string name;
        SliceList slices;
    };
    std::vector<Drawn> drawn;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        for (const TimelineLane& lane : lanes) {
            if (lane.rank == rows[row].rank) {
                drawn.push_back({row, lane.name, flattened(lane.slices)});
            }
        }
    }
    std::vector<std::vector<Slice>> joined(drawn.size());
    const auto is_few = [&](Picoseconds resolution) {
        std::size_t count = 0;
        for (std::size_t lane = 0; lane < drawn.size(); ++lane) {
            joined[lane] = drawn[lane].slices.joined(resolution);
            count += joined[lane].size();
        }
        return count <= std::max(slices_most, drawn.size());
    };
    RankActivity activity;
    if (!is_few(activity.resolution)) {
        constexpr int kMost = 50;  // 2^50 ns are 13 days of simulated time
        int too_fine = -1;
        int enough = kMost;
        while (enough - too_fine > 1) {
            const int middle = (too_fine + enough) / 2;
            (is_few(Picoseconds{1000} * (std::int64_t{1} << middle)) ? enough : too_fine) = middle;
        }
        activity.resolution = Picoseconds{1000} * (std::int64_t{1} << enough);
        MYRIAD_CHECK(is_few(activity.resolution), "slices that cannot be drawn together");
    }
    Labels labels;
    for (std::size_t lane = 0; lane < drawn.size(); ++lane) {
        ActivityLane& out = rows[drawn[lane].row].lanes.emplace_back();
        out.name = drawn[lane].name;
        for (const Slice& slice : joined[lane]) {
            out.slices.push_back({slice.begin.time_since_epoch(), slice.end - slice.begin, labels.number(slice)});
        }
    }
    activity.labels = labels.take();
    activity.rows = std::move(rows);
    return activity;
}

}  // namespace myriad
