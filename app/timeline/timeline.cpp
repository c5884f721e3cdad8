// Tracks first, as lists of slices in order of time; then the file, with the shortest spans joined until it is small
// enough. Perfetto reads times in nanoseconds: an arrow that began at the very end of a slice would hang on the next one,
// so arrows keep a nanosecond away from ends.

#include "app/timeline/timeline.h"

#include "app/timeline/group_lanes.h"
#include "app/timeline/slice_list.h"
#include "sim/error/error.h"
#include "sim/trace/chrome_trace.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <compare>
#include <iterator>
#include <map>

namespace myriad {
namespace {

constexpr std::int64_t kPathProcess = 1;  // 0 means the idle task to Perfetto
constexpr std::size_t kBytesOfSlice = 200;
constexpr std::size_t kFurther = ~std::size_t{0};  // no track of its own

struct Track {
    std::int64_t process = 0;
    std::int64_t number = 0;  // of its own in the whole trace
    std::string name;
    SliceList slices;
};

// Where causes are looked for.
struct SourcePlace {
    std::int64_t rank = 0;
    std::uint8_t lane = kMainLane;
    GroupKind group = GroupKind::none;  // of what runs beside programs
    auto operator<=>(const SourcePlace&) const = default;
};

class Drawing {
public:
    Drawing(const SpanLog& log, const CriticalPath& path, const TimelineOptions& options)
        : options_(options), ranks_(ranks_shown(log, path, options)) {
        if (!path.segments.empty()) {
            add_path(path);
        }
        for (std::size_t i = 0; i < ranks_.size(); ++i) {
            add_rank(log, ranks_[i], process_of(i));
            add_lanes(ranks_[i], process_of(i));
        }
    }

    Timeline finish() {
        Timeline timeline;
        timeline.ranks = ranks_;
        while (true) {
            const std::size_t slices = count(timeline.resolution);
            if (slices * kBytesOfSlice <= options_.bytes_most) {
                timeline.json = write(timeline.resolution);
                if (timeline.json.size() <= options_.bytes_most) {
                    return timeline;
                }
                timeline.json.clear();
            }
            MYRIAD_CHECK(timeline.resolution < Picoseconds{std::int64_t{1} << 60}, "a trace that cannot be made small");
            timeline.resolution = std::max(timeline.resolution * 2, Picoseconds{1000});
        }
    }

private:
    std::size_t add_track(std::int64_t process, std::string name) {
        tracks_.push_back({process, static_cast<std::int64_t>(tracks_.size()) + 1, std::move(name), {}});
        return tracks_.size() - 1;
    }

    void add_path(const CriticalPath& path) {
        const std::size_t track = add_track(kPathProcess, "critical path");
        for (const PathSegment& segment : path.segments) {
            Slice slice;
            slice.begin = segment.from;
            slice.end = segment.to;
            slice.label = segment.label.empty() ? name_of(segment.category) : segment.label;
            slice.kind = name_of(segment.category);
            slice.pass = segment.pass;
            slice.micro_batch = segment.micro_batch;
            slice.rank = segment.rank;
            tracks_[track].slices.add(slice);
        }
    }

    void add_rank(const SpanLog& log, std::int64_t rank, std::int64_t process) {
        std::vector<Span> spans;
        for (std::int64_t i = 0; i < log.count(rank); ++i) {
            spans.push_back(log.at(rank, i));
        }
        std::stable_sort(spans.begin(), spans.end(), [](const Span& a, const Span& b) { return a.start < b.start; });
        for (std::uint8_t lane = 0; lane < kBesideLane; ++lane) {
            std::vector<Span> of_lane;
            std::copy_if(spans.begin(), spans.end(), std::back_inserter(of_lane),
                         [&](const Span& span) { return span.lane == lane; });
            add_spans(of_lane, name_of_lane(lane), {rank, lane, GroupKind::none}, process);
        }
        for (const auto& [group, told] : under_way(log, rank)) {
            add_spans(told, name_of_group_lane(group), {rank, kBesideLane, group}, process);
        }
    }

    // In order of begin.
    void add_spans(const std::vector<Span>& spans, const std::string& name, const SourcePlace& place,
                   std::int64_t process) {
        std::vector<Slice> slices;
        std::transform(spans.begin(), spans.end(), std::back_inserter(slices), slice_of);
        const std::vector<std::size_t> tracks = add_slices(slices, name, process);
        for (std::size_t i = 0; i < spans.size(); ++i) {
            // A wait has its arrow on the lane that waits.
            if (spans[i].lane == place.lane && tracks[i] != kFurther) {
                note_cause(spans[i], tracks[i]);
            }
        }
        if (!tracks.empty()) {
            first_track_[place] = tracks.front();
        }
    }

    void add_lanes(std::int64_t rank, std::int64_t process) {
        for (const TimelineLane& lane : options_.lanes) {
            if (lane.rank == rank) {
                std::vector<Slice> slices = lane.slices;
                std::stable_sort(slices.begin(), slices.end(),
                                 [](const Slice& a, const Slice& b) { return a.begin < b.begin; });
                static_cast<void>(add_slices(slices, lane.name, process));
            }
        }
    }

    // In order of begin. Those that overlap are dealt to several tracks; those that would need very many are drawn as one,
    // on a track more. Gives the track of each.
    std::vector<std::size_t> add_slices(const std::vector<Slice>& slices, const std::string& name,
                                        std::int64_t process) {
        constexpr std::size_t kTracksMost = 16;
        TrackDealer dealer;
        std::vector<std::size_t> tracks;
        std::vector<std::size_t> result;
        std::vector<Slice> further;
        for (const Slice& slice : slices) {
            const auto number = static_cast<std::size_t>(dealer.deal(slice.begin, slice.end));
            if (number >= kTracksMost) {
                further.push_back(slice);
                result.push_back(kFurther);
                continue;
            }
            if (number == tracks.size()) {
                tracks.push_back(add_track(process, numbered(name, number)));
            }
            tracks_[tracks[number]].slices.add(slice);
            result.push_back(tracks[number]);
        }
        if (!further.empty()) {
            tracks_[add_track(process, name + ", further")].slices = flattened(std::move(further));
        }
        return result;
    }

    static std::string numbered(const std::string& name, std::size_t number) {
        return number == 0 ? name : fmt::format("{} {}", name, number + 1);
    }
    [[nodiscard]] static std::int64_t process_of(std::size_t shown) {
        return kPathProcess + 1 + static_cast<std::int64_t>(shown);
    }

    // Of causes beside programs: the collective before it of such a group, whose end let this one begin.
    [[nodiscard]] static SourcePlace source_of(const Span& span) {
        return {span.cause_rank, span.cause_lane, span.cause_lane == kBesideLane ? span.group : GroupKind::none};
    }

    // Bubbles and the waits that follow them have the same cause: one arrow, to where the wait ends.
    void note_cause(const Span& span, std::size_t track) {
        if (span.cause_rank >= 0 && span.cause_rank != span.rank && span.kind != SpanKind::bubble) {
            causes_.push_back({span, track});
        }
    }

    [[nodiscard]] std::size_t count(Picoseconds resolution) const {
        std::size_t sum = 0;
        for (const Track& track : tracks_) {
            sum += track.slices.joined(resolution).size();
        }
        return sum;
    }

    std::string write(Picoseconds resolution) const {
        ChromeTrace trace;
        const std::string note = resolution > Picoseconds{0}
                                     ? fmt::format(" (spans below {} ns are drawn together)", resolution.count() / 1000)
                                     : "";
        if (!tracks_.empty() && tracks_.front().process == kPathProcess) {
            trace.name_process(kPathProcess, "critical path" + note);
        }
        for (std::size_t i = 0; i < ranks_.size(); ++i) {
            const auto rank = static_cast<std::size_t>(ranks_[i]);
            const std::string where = rank < options_.names.size() ? ": " + options_.names[rank] : "";
            trace.name_process(process_of(i), fmt::format("rank {}{}{}", ranks_[i], where, note));
        }
        for (const Track& track : tracks_) {
            trace.name_track(track.process, track.number, track.name);
            for (const Slice& slice : track.slices.joined(resolution)) {
                write_slice(trace, track, slice);
            }
        }
        write_arrows(trace, resolution);
        write_counters(trace);
        return trace.finish();
    }

    static void write_slice(ChromeTrace& trace, const Track& track, const Slice& slice) {
        constexpr std::array<std::string_view, kComputeBounds> kBounds{"", "matrix units", "vector lanes", "HBM",
                                                                       "on chip"};
        TraceArguments arguments{{"kind", slice.kind}};
        if (slice.joined > 1) {
            arguments.emplace_back("spans", slice.joined);
            trace.slice(track.process, track.number, fmt::format("{} spans, mostly {}", slice.joined, slice.kind),
                        slice.begin, slice.end, arguments);
            return;
        }
        if (!slice.pass.empty()) {
            arguments.emplace_back("pass", slice.pass);
        }
        const std::array<std::pair<std::string_view, std::int64_t>, 6> numbers{{{"micro_batch", slice.micro_batch},
                                                                                {"caused_by_rank", slice.cause_rank},
                                                                                {"rank", slice.rank},
                                                                                {"from_card", slice.from_card},
                                                                                {"to_card", slice.to_card},
                                                                                {"bytes", slice.bytes}}};
        for (const auto& [name, number] : numbers) {
            if (number >= 0) {
                arguments.emplace_back(name, number);
            }
        }
        if (slice.chunk > 0) {
            arguments.emplace_back("chunk", std::int64_t{slice.chunk});
        }
        if (slice.bound != ComputeBound::unknown) {
            arguments.emplace_back("limited_by", kBounds[static_cast<std::size_t>(slice.bound)]);
        }
        trace.slice(track.process, track.number, slice.label, slice.begin, slice.end, arguments);
    }

    void write_arrows(ChromeTrace& trace, Picoseconds resolution) const {
        constexpr Picoseconds kInside{1000};
        std::int64_t id = 0;
        for (const auto& [span, track] : causes_) {
            const auto source = first_track_.find(source_of(span));
            if (source == first_track_.end() || span.end - span.start < std::max(resolution, 2 * kInside)) {
                continue;
            }
            const Track& from = tracks_[source->second];
            const TimePoint sent = std::max(span.cause_at - kInside, TimePoint{});
            if (from.slices.covers(sent)) {
                trace.arrow(++id, span.label, {from.process, from.number, sent},
                            {tracks_[track].process, tracks_[track].number, span.end - kInside});
            }
        }
    }

    void write_counters(ChromeTrace& trace) const {
        const std::int64_t of_links = process_of(ranks_.size());
        bool named = false;
        for (const TimelineCounter& counter : options_.counters) {
            const auto shown = std::find(ranks_.begin(), ranks_.end(), counter.rank);
            std::int64_t process = process_of(static_cast<std::size_t>(shown - ranks_.begin()));
            if (counter.rank == kNoRank) {
                process = of_links;
                if (!named) {
                    trace.name_process(process, "links");
                    named = true;
                }
            } else if (shown == ranks_.end()) {
                continue;
            }
            for (const auto& [time, value] : counter.points) {
                trace.counter(process, counter.name, counter.unit, time, value);
            }
        }
    }

    struct Caused {
        Span span;
        std::size_t track;
    };

    const TimelineOptions& options_;
    std::vector<std::int64_t> ranks_;
    std::vector<Track> tracks_;
    std::vector<Caused> causes_;
    std::map<SourcePlace, std::size_t> first_track_;
};

}  // namespace

std::vector<std::int64_t> ranks_shown(const SpanLog& log, const CriticalPath& path, const TimelineOptions& options) {
    std::vector<std::int64_t> shown;
    const auto add = [&](std::int64_t rank) {
        const bool room = static_cast<std::int64_t>(shown.size()) < options.ranks;
        if (room && log.has(rank) && std::find(shown.begin(), shown.end(), rank) == shown.end()) {
            shown.push_back(rank);
        }
    };
    const auto count = static_cast<std::int64_t>(options.representatives.size());
    const std::int64_t picked = std::min(count, options.ranks);
    for (std::int64_t i = 0; i < picked; ++i) {
        // Of fewer than all: the first, the last and evenly between.
        const std::int64_t number = picked == count ? i : picked == 1 ? 0 : i * (count - 1) / (picked - 1);
        add(options.representatives[static_cast<std::size_t>(number)]);
    }
    std::map<std::int64_t, Picoseconds> time;
    for (const PathSegment& segment : path.segments) {
        time[segment.rank] += segment.to - segment.from;
    }
    std::vector<std::pair<std::int64_t, Picoseconds>> longest(time.begin(), time.end());
    std::stable_sort(longest.begin(), longest.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
    for (const auto& [rank, unused] : longest) {
        add(rank);
    }
    for (const std::int64_t rank : log.recorded_ranks()) {
        add(rank);
    }
    return shown;
}

Timeline make_timeline(const SpanLog& log, const CriticalPath& path, const TimelineOptions& options) {
    return Drawing(log, path, options).finish();
}

}  // namespace myriad
