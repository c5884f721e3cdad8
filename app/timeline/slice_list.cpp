// A run is closed as soon as it is as long as the resolution, so that what is joined stays as fine as what is not.

#include "app/timeline/slice_list.h"

#include <algorithm>
#include <map>

namespace myriad {
namespace {

// A run of short slices that is being joined.
class Run {
public:
    [[nodiscard]] bool takes(const Slice& slice, Picoseconds resolution) const {
        return slice.end - slice.begin < resolution && !empty_ && slice.begin - run_.end < resolution &&
               run_.end - run_.begin < resolution;
    }
    void begin(const Slice& slice) {
        run_ = slice;
        empty_ = false;
        of_kind_.clear();
        of_kind_[slice.kind] = slice.end - slice.begin;
    }
    void take(const Slice& slice) {
        run_.end = std::max(run_.end, slice.end);
        run_.joined += slice.joined;
        run_.bytes = std::max<std::int64_t>(run_.bytes, 0) + std::max<std::int64_t>(slice.bytes, 0);
        of_kind_[slice.kind] += slice.end - slice.begin;
    }
    void finish(std::vector<Slice>& out) {
        if (empty_) {
            return;
        }
        Picoseconds most{-1};
        for (const auto& [kind, time] : of_kind_) {
            if (time > most) {
                most = time;
                run_.kind = kind;
            }
        }
        out.push_back(run_);
        empty_ = true;
    }

private:
    Slice run_;
    std::map<std::string_view, Picoseconds> of_kind_;
    bool empty_ = true;
};

}  // namespace

std::vector<Slice> SliceList::joined(Picoseconds resolution) const {
    if (resolution <= Picoseconds{0}) {
        return slices_;
    }
    std::vector<Slice> out;
    Run run;
    for (const Slice& slice : slices_) {
        if (run.takes(slice, resolution)) {
            run.take(slice);
            continue;
        }
        run.finish(out);
        if (slice.end - slice.begin < resolution) {
            run.begin(slice);
        } else {
            out.push_back(slice);
        }
    }
    run.finish(out);
    return out;
}

bool SliceList::covers(TimePoint time) const {
    const auto after = std::upper_bound(slices_.begin(), slices_.end(), time,
                                        [](TimePoint at, const Slice& slice) { return at < slice.begin; });
    return after != slices_.begin() && time < std::prev(after)->end;
}

}  // namespace myriad
