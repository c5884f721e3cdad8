#pragma once
// Slices of one track in order of time, and the same with runs of short ones joined.

#include "workloads/training/span.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace myriad {

struct Slice {
    TimePoint begin{};
    TimePoint end{};
    std::string_view label;
    std::string_view kind;  // of several: that which has most of the time
    std::string_view pass;
    std::int64_t micro_batch = -1;
    std::int64_t rank = -1;
    std::int64_t cause_rank = -1;
    std::int64_t from_card = -1;  // of a message or a flow, like the next two
    std::int64_t to_card = -1;
    std::int64_t bytes = -1;
    std::int64_t joined = 1;
    int chunk = 0;
    ComputeBound bound = ComputeBound::unknown;
};

class SliceList {
public:
    // Not before the begin of the slice before. covers() is for slices that do not overlap.
    void add(const Slice& slice) { slices_.push_back(slice); }
    // Runs of slices each shorter than `resolution` become slices that are about as long as that; gaps between them
    // are swallowed where they are shorter too. 0: as they are.
    [[nodiscard]] std::vector<Slice> joined(Picoseconds resolution) const;
    // A slice lies at this moment.
    [[nodiscard]] bool covers(TimePoint time) const;

private:
    std::vector<Slice> slices_;
};

}  // namespace myriad
