// Buckets begin narrow and are made wider when there are 200 of them, when a pause is longer than many of them, or when
// looking has cost more than it may.

#include "app/activity/link_watch.h"

#include <algorithm>
#include <numeric>

namespace myriad {
namespace {

constexpr std::int64_t kNarrowest = 1'000;  // 1 ns
constexpr std::int64_t kUnknown = 100'000;  // where nothing is known of the run
constexpr std::int64_t kBucketsWanted = 150;
constexpr std::int64_t kBucketsOfPause = 32;

BusySeriesOptions options_for(Picoseconds expected) {
    BusySeriesOptions options;
    options.width =
        Picoseconds{expected.count() > 0 ? std::max(expected.count() / kBucketsWanted, kNarrowest) : kUnknown};
    return options;
}

}  // namespace

LinkClasses::LinkClasses(const Topology& topology) {
    std::vector<std::uint16_t> number;  // by class of the topology
    for (const LinkClass& link_class : topology.link_classes) {
        const auto known = std::find(names.begin(), names.end(), link_class.name);
        number.push_back(static_cast<std::uint16_t>(known - names.begin()));
        if (known == names.end()) {
            names.push_back(link_class.name);
            bandwidth.push_back(link_class.bandwidth);
        }
    }
    links.resize(names.size());
    for (const Edge& edge : topology.edges) {
        const std::uint16_t of_edge = edge.down ? BusySeries::kNoClass : number[edge.link_class];
        of_link.insert(of_link.end(), 2, of_edge);
        if (!edge.down) {
            links[of_edge] += 2;
        }
    }
}

LinkWatch::LinkWatch(Platform& platform, Picoseconds expected)
    : platform_(platform),
      meter_(platform.link_meter()),
      classes_(platform.topology()),
      series_(classes_.of_link, classes_.names.size(), options_for(expected)),
      busy_(classes_.of_link.size()) {
    if (meter_) {
        platform_.agenda().watch(series_.next(), {&LinkWatch::due, this, 0});
    }
}

LinkWatch::~LinkWatch() { platform_.agenda().watch(Agenda::kNever, {}); }

void LinkWatch::due(void* self, std::uint64_t /*argument*/) {
    auto& watch = *static_cast<LinkWatch*>(self);
    watch.look_until(watch.platform_.agenda().next_time());
    watch.platform_.agenda().watch(watch.series_.next(), {&LinkWatch::due, self, 0});
}

void LinkWatch::look_until(TimePoint time) {
    while (series_.next() <= time) {
        // In a pause nothing changes, so it needs few buckets; and where it is long, so is the run.
        const bool far = (time - series_.next()) / series_.width() >= kBucketsOfPause;
        if (far || cost_ > meter_->allowance(platform_.agenda().delivered())) {
            const TimePoint before = series_.next();
            series_.widen();
            if (series_.next() != before) {
                continue;
            }
        }
        cost_ += meter_->read(series_.next(), busy_);
        series_.close(busy_);
    }
}

std::optional<LinksOverTime> LinkWatch::finish() {
    const TimePoint end = platform_.agenda().now();
    platform_.agenda().watch(Agenda::kNever, {});
    if (!meter_ || end == TimePoint{}) {
        return std::nullopt;
    }
    look_until(end);
    std::fill(busy_.begin(), busy_.end(), Picoseconds{0});
    for (const LinkUse& use : platform_.link_use()) {
        busy_[2 * std::size_t{index(use.way.edge)} + use.way.direction] = use.busy;
    }
    series_.finish(end, busy_);
    LinksOverTime result;
    result.bucket = series_.width();
    for (std::size_t c = 0; c < classes_.names.size(); ++c) {
        ClassSeries series{classes_.names[c], classes_.links[c], {}, {}, {}};
        for (std::size_t b = 0; b < series_.buckets(); ++b) {
            const Picoseconds sum = series_.sum(b, c);
            const double all =
                seconds(series_.length(b)) * static_cast<double>(std::max<std::int64_t>(series.links, 1));
            series.busy.push_back(sum);
            series.mean.push_back(std::clamp(seconds(sum) / all, 0.0, 1.0));
            series.most.push_back(series_.most(b, c));
        }
        result.classes.push_back(std::move(series));
    }
    result.busiest = busiest();
    return result;
}

// Equally busy ones in the order of the topology.
std::vector<LinkSeries> LinkWatch::busiest() const {
    const Topology& topology = platform_.topology();
    std::vector<std::uint32_t> order(busy_.size());
    std::iota(order.begin(), order.end(), 0u);
    const auto busier = [&](std::uint32_t a, std::uint32_t b) {
        return busy_[a] != busy_[b] ? busy_[a] > busy_[b] : a < b;
    };
    const auto shown = static_cast<std::ptrdiff_t>(std::min(kBusiest, order.size()));
    std::partial_sort(order.begin(), order.begin() + shown, order.end(), busier);
    order.resize(static_cast<std::size_t>(shown));
    std::vector<LinkSeries> result;
    for (const std::uint32_t link : order) {
        if (busy_[link].count() == 0 || classes_.of_link[link] == BusySeries::kNoClass) {
            continue;
        }
        const Edge& edge = topology.edges[link / 2];
        LinkSeries& series = result.emplace_back();
        series.from = topology.nodes[index(link % 2 == 0 ? edge.a : edge.b)].name;
        series.to = topology.nodes[index(link % 2 == 0 ? edge.b : edge.a)].name;
        series.link_class = classes_.names[classes_.of_link[link]];
        for (std::size_t b = 0; b < series_.buckets(); ++b) {
            series.use.push_back(series_.share(b, link));
        }
    }
    return result;
}

}  // namespace myriad
