// Settling many changes: the part of the network that they are connected with by tight links is filled anew. All rates
// of the part rise together; the link that is full first holds all of its flows that nothing has held before, and so on
// upwards (progressive filling), with a heap of links by the level at which they would be full. One pass over the flows
// to find the part, one to fill it.

#include "interconnect/flow/max_min.h"

#include <algorithm>
#include <functional>
#include <limits>

namespace myriad {

void MaxMin::refill() {
    ++counts_.refilled;
    ++epoch_;
    part_links_.clear();
    part_flows_.clear();
    for (const std::uint32_t l : closed_) {
        collect(l);
        own_[l].clear();
        links_[l].held = 0;
        note_change(l);
    }
    for (const std::uint32_t l : touched_) {
        Link& link = links_[l];
        if (link.state == State::loose) {
            collect(l);
        } else if (link.epoch != epoch_) {
            link.epoch = epoch_;
            part_links_.push_back(l);
        }
    }
    for (std::size_t next = 0; next < part_links_.size(); ++next) {
        collect(part_links_[next]);
    }
    for (const std::uint32_t l : part_links_) {
        Link& link = links_[l];
        link.state = State::tight;
        own_[l].clear();
        link.held = 0;
        link.others = 0.0;
        link.most = 0.0;
        link.rising = link.active;
        note_change(l);
    }
    fill();
}

void MaxMin::collect(std::uint32_t l) {
    if (links_[l].state == State::loose) {
        gather(l);
    } else {
        forget_stale(l);
    }
    for (const Entry& entry : crossing_[l]) {
        Flow& flow = flows_[entry.flow];
        if (flow.epoch == epoch_) {
            continue;
        }
        flow.epoch = epoch_;
        flow.frozen = false;
        part_flows_.push_back(entry.flow);
        for (const std::uint32_t other : links_of(entry.flow)) {
            Link& link = links_[other];
            if (link.state != State::loose && link.epoch != epoch_) {
                link.epoch = epoch_;
                part_links_.push_back(other);
            }
        }
    }
}

void MaxMin::freeze(std::uint32_t number, double rate, std::uint32_t bottleneck) {
    Flow& flow = flows_[number];
    if (flow.bottleneck != bottleneck || (bottleneck == kOwnCap && flow.rate != rate)) {
        note_move(number);
    }
    flow.frozen = true;
    flow.rate = rate;
    flow.bottleneck = bottleneck;
    const auto path = links_of(number);
    for (std::size_t hop = 0; hop < path.size(); ++hop) {
        const std::uint32_t l = path[hop];
        Link& link = links_[l];
        if (link.state == State::loose) {
            continue;
        }
        const std::uint32_t times = weight(number, hop);
        link.rising -= times;
        if (l == bottleneck) {
            flow.place = static_cast<std::uint32_t>(own_[l].size());
            own_[l].push_back(number);
            link.held += times;
        } else {
            link.others += times * rate;
            link.most = std::max(link.most, rate);
        }
    }
}

// Flows whose cap is not above `level`, from the `next` of part_flows_ on, which are in order of their caps.
void MaxMin::freeze_slowest(std::size_t& next, double level) {
    for (; next < part_flows_.size() && flows_[part_flows_[next]].cap <= level; ++next) {
        const std::uint32_t f = part_flows_[next];
        if (!flows_[f].frozen) {
            freeze(f, flows_[f].cap, kOwnCap);
        }
    }
}

// Caps are capacities of links, of which a network has a few kinds: a pass for each kind is cheaper than sorting.
void MaxMin::order_by_cap() {
    constexpr std::size_t kKinds = 8;
    const auto slower = [this](std::uint32_t a, std::uint32_t b) { return flows_[a].cap < flows_[b].cap; };
    std::vector<double> caps;
    for (const std::uint32_t f : part_flows_) {
        if (caps.size() <= kKinds && std::find(caps.begin(), caps.end(), flows_[f].cap) == caps.end()) {
            caps.push_back(flows_[f].cap);
        }
    }
    if (caps.size() > kKinds) {
        std::stable_sort(part_flows_.begin(), part_flows_.end(), slower);
        return;
    }
    std::sort(caps.begin(), caps.end());
    auto rest = part_flows_.begin();
    for (std::size_t kind = 0; kind + 1 < caps.size(); ++kind) {
        rest = std::partition(rest, part_flows_.end(), [&](std::uint32_t f) { return flows_[f].cap == caps[kind]; });
    }
}

void MaxMin::fill() {
    order_by_cap();
    const auto share = [](const Link& link) {
        return std::max(link.capacity - link.others, 0.0) / static_cast<double>(link.rising);
    };
    heap_.clear();
    for (const std::uint32_t l : part_links_) {
        if (links_[l].rising > 0) {
            heap_.emplace_back(share(links_[l]), l);
        }
    }
    std::make_heap(heap_.begin(), heap_.end(), std::greater<>{});
    std::size_t slowest = 0;
    while (!heap_.empty()) {
        std::pop_heap(heap_.begin(), heap_.end(), std::greater<>{});
        const auto [key, l] = heap_.back();
        heap_.pop_back();
        Link& link = links_[l];
        if (link.rising == 0) {
            continue;
        }
        const double level = share(link);
        const std::size_t before = slowest;
        if (level <= key * kSame) {
            freeze_slowest(slowest, level);
        }
        if (level > key * kSame || slowest != before) {  // it is full later than it seemed
            if (link.rising > 0) {
                heap_.emplace_back(share(link), l);
                std::push_heap(heap_.begin(), heap_.end(), std::greater<>{});
            }
            continue;
        }
        link.level = level;
        for (const Entry& entry : crossing_[l]) {
            if (!flows_[entry.flow].frozen) {
                freeze(entry.flow, level, l);
            }
        }
    }
    freeze_slowest(slowest, std::numeric_limits<double>::infinity());
}

}  // namespace myriad
