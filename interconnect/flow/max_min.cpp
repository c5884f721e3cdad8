// Book-keeping of flows and links; which of the two ways settles a batch of changes. Rates are doubles: two flows that
// differ by less than a part in 10^11 count as equal, which is far below a picosecond of any transfer.

#include "interconnect/flow/max_min.h"

#include "sim/error/error.h"

#include <algorithm>
#include <limits>
#include <string>

namespace myriad {

MaxMin::MaxMin(const std::vector<BytesPerSecond>& capacities)
    : links_(capacities.size()), own_(capacities.size()), defined_(capacities.size()), crossing_(capacities.size()) {
    for (std::size_t l = 0; l < capacities.size(); ++l) {
        MYRIAD_CHECK(capacities[l].count() >= 0, "a link has a capacity that is not negative");
        links_[l].capacity = static_cast<double>(capacities[l].count());
    }
    constexpr std::size_t kExpected = 1u << 20;  // address space only: what is not used is never touched
    flows_.reserve(kExpected);
    paths_.reserve(8 * kExpected);
}

std::uint32_t MaxMin::define(std::span<const std::uint32_t> links, std::span<const std::uint32_t> weights) {
    MYRIAD_CHECK(!links.empty() && links.size() < 0xFFFF, "a flow crosses at least one link");
    MYRIAD_CHECK(weights.empty() || weights.size() == links.size(), "a flow has a weight on each of its links");
    const bool weighted = std::any_of(weights.begin(), weights.end(), [](std::uint32_t w) { return w != 1; });
    if (weighted || !weights_.empty()) {
        weights_.resize(paths_.size(), 1);
        weights_.insert(weights_.end(), weights.begin(), weights.end());
        weights_.resize(paths_.size() + links.size(), 1);
    }
    Flow flow;
    flow.path = static_cast<std::uint32_t>(paths_.size());
    flow.hops = static_cast<std::uint16_t>(links.size());
    flow.cap = std::numeric_limits<double>::infinity();
    for (const std::uint32_t link : links) {
        paths_.push_back(link);
        defined_[link].push_back(static_cast<std::uint32_t>(flows_.size()));
        flow.cap = std::min(flow.cap, links_[link].capacity);
    }
    flows_.push_back(flow);
    return static_cast<std::uint32_t>(flows_.size() - 1);
}

std::uint32_t MaxMin::weight_on(std::uint32_t flow, std::uint32_t link) const {
    if (weights_.empty()) {
        return 1;
    }
    const auto path = links_of(flow);
    return weight(flow, static_cast<std::size_t>(std::find(path.begin(), path.end(), link) - path.begin()));
}

void MaxMin::touch(std::uint32_t link) {
    if (!links_[link].touched) {
        links_[link].touched = true;
        touched_.push_back(link);
    }
}

void MaxMin::start(std::uint32_t number) {
    Flow& flow = flows_[number];
    MYRIAD_CHECK(!flow.active, "a flow starts once");
    open_changes();
    flow.active = true;
    flow.bottleneck = kNothing;
    flow.rate = 0.0;
    ++flow.generation;
    bool tight = false;
    const auto path = links_of(number);
    for (std::size_t hop = 0; hop < path.size(); ++hop) {
        const std::uint32_t l = path[hop];
        Link& link = links_[l];
        const std::uint32_t times = weight(number, hop);
        link.demand += static_cast<std::int64_t>(flow.cap) * times;
        link.active += times;
        if (link.state == State::tight) {
            crossing_[l].push_back({number, flow.generation});
            if (crossing_[l].size() > 2 * std::size_t{link.active} + 32) {
                forget_stale(l);
            }
        } else if (link.state == State::loose && overfull(link)) {
            link.state = State::fresh;
        }
        if (link.state != State::loose) {
            tight = true;
            touch(l);
        }
    }
    changes_ += tight ? 1 : 0;
    started_.push_back(number);
}

void MaxMin::stop(std::uint32_t number) {
    Flow& flow = flows_[number];
    MYRIAD_CHECK(flow.active, "only an active flow stops");
    open_changes();
    if (flow.bottleneck < kNothing) {
        note_change(flow.bottleneck);
        let_go(number);
    }
    bool tight = false;
    const auto path = links_of(number);
    for (std::size_t hop = 0; hop < path.size(); ++hop) {
        const std::uint32_t l = path[hop];
        Link& link = links_[l];
        const std::uint32_t times = weight(number, hop);
        link.demand -= static_cast<std::int64_t>(flow.cap) * times;
        link.active -= times;
        if (link.state == State::loose) {
            continue;
        }
        tight = true;
        touch(l);
        if (link.state == State::tight) {
            link.others -= times * flow.rate;  // let_go has counted it among the others
        }
    }
    flow.active = false;
    ++flow.generation;
    changes_ += tight ? 1 : 0;
}

void MaxMin::set_capacity(std::uint32_t number, BytesPerSecond capacity) {
    MYRIAD_CHECK(capacity.count() >= 0, "a link has a capacity that is not negative");
    Link& link = links_[number];
    if (link.capacity == static_cast<double>(capacity.count())) {
        return;
    }
    open_changes();
    link.capacity = static_cast<double>(capacity.count());
    touch(number);
    change_caps(number);
    for (const std::uint32_t l : touched_) {
        if (links_[l].state == State::loose && overfull(links_[l])) {
            links_[l].state = State::fresh;
        }
    }
    changes_ += relax_limit_ + 1;  // what is held by a cap is seen by a refill only
}

// Of all flows over the link. Looks at every flow that was ever defined: a capacity changes rarely.
void MaxMin::change_caps(std::uint32_t number) {
    for (std::uint32_t f = 0; f < flows_.size(); ++f) {
        Flow& flow = flows_[f];
        const auto path = links_of(f);
        if (std::find(path.begin(), path.end(), number) == path.end()) {
            continue;
        }
        double cap = std::numeric_limits<double>::infinity();
        for (const std::uint32_t l : path) {
            cap = std::min(cap, links_[l].capacity);
        }
        for (std::size_t hop = 0; hop < path.size() && flow.active; ++hop) {
            const std::int64_t more = static_cast<std::int64_t>(cap) - static_cast<std::int64_t>(flow.cap);
            links_[path[hop]].demand += more * weight(f, hop);
            touch(path[hop]);
        }
        flow.cap = cap;
    }
}

void MaxMin::open_changes() {
    if (!reported_) {
        return;
    }
    reported_ = false;
    for (const std::uint32_t link : changed_) {
        links_[link].changed = false;
    }
    for (const Move& move : moves_) {
        flows_[move.flow].moved = false;
    }
    changed_.clear();
    moves_.clear();
}

// Of a link that has been loose, and so has kept no list.
void MaxMin::gather(std::uint32_t l) {
    crossing_[l].clear();
    for (const std::uint32_t f : defined_[l]) {
        if (flows_[f].active) {
            crossing_[l].push_back({f, flows_[f].generation});
        }
    }
}

void MaxMin::forget_stale(std::uint32_t l) {
    std::erase_if(crossing_[l],
                  [this](const Entry& entry) { return flows_[entry.flow].generation != entry.generation; });
}

void MaxMin::note_change(std::uint32_t link) {
    if (!links_[link].changed) {
        links_[link].changed = true;
        changed_.push_back(link);
    }
}

void MaxMin::note_move(std::uint32_t number) {
    Flow& flow = flows_[number];
    if (!flow.moved) {
        flow.moved = true;
        moves_.push_back({number, flow.bottleneck});
    }
}

void MaxMin::hold(std::uint32_t number, std::uint32_t l) {
    Link& link = links_[l];
    Flow& flow = flows_[number];
    const std::uint32_t times = weight_on(number, l);
    flow.bottleneck = l;
    flow.place = static_cast<std::uint32_t>(own_[l].size());
    own_[l].push_back(number);
    link.held += times;
    link.others -= times * flow.rate;
    link.joined = true;
    note_change(l);
}

// From then on it counts among the others of the link that held it.
void MaxMin::let_go(std::uint32_t number) {
    Flow& flow = flows_[number];
    Link& link = links_[flow.bottleneck];
    std::vector<std::uint32_t>& own = own_[flow.bottleneck];
    const std::uint32_t last = own.back();
    own[flow.place] = last;
    flows_[last].place = flow.place;
    own.pop_back();
    const std::uint32_t times = weight_on(number, flow.bottleneck);
    link.held -= times;
    link.others += times * flow.rate;
    link.most = std::max(link.most, flow.rate);
    note_change(flow.bottleneck);
}

bool MaxMin::meets_tight(std::uint32_t flow) const {
    const auto path = links_of(flow);
    return std::any_of(path.begin(), path.end(),
                       [this](std::uint32_t link) { return links_[link].state != State::loose; });
}

void MaxMin::classify_touched() {
    for (const std::uint32_t l : touched_) {
        Link& link = links_[l];
        if (link.state != State::loose && !overfull(link)) {
            link.state = State::loose;
            closed_.push_back(l);
        } else if (link.state == State::fresh) {
            gather(l);
        }
    }
}

// Flows that meet no tight link have their cap, and nobody else notices.
void MaxMin::place_loose() {
    for (const std::uint32_t f : started_) {
        Flow& flow = flows_[f];
        if (!flow.active) {
            continue;
        }
        note_move(f);
        if (!meets_tight(f)) {
            flow.bottleneck = kOwnCap;
            flow.rate = flow.cap;
        }
    }
}

void MaxMin::settle() {
    open_changes();
    ++counts_.settled;
    classify_touched();
    place_loose();
    if (!touched_.empty()) {
        if (changes_ > relax_limit_) {
            refill();
        } else if (!relax()) {
            ++counts_.given_up;
            refill();
        }
    }
    for (const std::uint32_t l : touched_) {
        links_[l].touched = false;
    }
    touched_.clear();
    closed_.clear();
    started_.clear();
    changes_ = 0;
    reported_ = true;
}

}  // namespace myriad
