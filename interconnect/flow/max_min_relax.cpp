// Settling few changes. Links whose sums changed are dirty and wait in a heap by the level that they would have. The
// lowest first: it takes over flows that are faster than its level, hands over flows that another link holds lower, and
// sets its flows to its level, which changes the sums of the other links that they cross and makes those dirty.
//
// When nothing is dirty every flow is at the level of a full link on which no flow is faster: that is max-min fair,
// whatever the way there. Only the end is not guaranteed by the rules, so a count of links bounds it; what goes on
// longer is filled anew.

#include "interconnect/flow/max_min.h"

#include <algorithm>
#include <functional>
#include <limits>

namespace myriad {

namespace {
// Links relaxed a settle, for each link that was dirty at one time.
constexpr std::size_t kVisitsMax = 8;
// `others` collects a rounding a change; added up anew after so many visits.
constexpr std::uint32_t kAddUpEvery = 1024;
}  // namespace

double MaxMin::estimate(const Link& link) const {
    return link.held == 0 ? 0.0 : std::max(link.capacity - link.others, 0.0) / static_cast<double>(link.held);
}

void MaxMin::mark_dirty(std::uint32_t l) {
    Link& link = links_[l];
    if (!link.dirty) {
        link.dirty = true;
        heap_.emplace_back(estimate(link), l);
        std::push_heap(heap_.begin(), heap_.end(), std::greater<>{});
    }
}

void MaxMin::add_up(std::uint32_t l) {
    Link& link = links_[l];
    forget_stale(l);
    link.state = State::tight;
    link.others = 0.0;
    link.most = 0.0;
    for (const Entry& entry : crossing_[l]) {
        const Flow& flow = flows_[entry.flow];
        if (flow.bottleneck != l) {
            link.others += weight_on(entry.flow, l) * flow.rate;
            link.most = std::max(link.most, flow.rate);
        }
    }
}

void MaxMin::set_rate(std::uint32_t number, double rate) {
    Flow& flow = flows_[number];
    const double more = rate - flow.rate;
    flow.rate = rate;
    const auto path = links_of(number);
    for (std::size_t hop = 0; hop < path.size(); ++hop) {
        const std::uint32_t l = path[hop];
        Link& link = links_[l];
        if (link.state != State::tight || l == flow.bottleneck) {
            continue;
        }
        link.others += weight(number, hop) * more;
        link.most = std::max(link.most, rate);
        if (link.held > 0 || link.others > link.capacity * kSame) {
            mark_dirty(l);
        }
    }
}

// The lowest of the flow's cap and of the levels of the links that hold anything, `except` left out.
double MaxMin::limit_elsewhere(std::uint32_t number, std::uint32_t except, std::uint32_t& where) const {
    const Flow& flow = flows_[number];
    double limit = flow.cap;
    where = kOwnCap;
    const auto path = links_of(number);
    for (std::size_t hop = 0; hop < path.size(); ++hop) {
        const std::uint32_t l = path[hop];
        const Link& link = links_[l];
        if (l == except || link.state != State::tight || link.held == 0) {
            continue;
        }
        if (!link.dirty) {
            if (link.level < limit) {
                limit = link.level;
                where = l;
            }
            continue;
        }
        // The level that it would have with this flow: its sum may still count the flow at a rate that it will not have.
        const std::uint32_t times = weight(number, hop);
        const double room = std::max(link.capacity - link.others + times * flow.rate, 0.0);
        const auto flows = static_cast<double>(link.held + times);
        if (room < limit * flows) {
            limit = room / flows;
            where = l;
        }
    }
    return limit;
}

void MaxMin::move(std::uint32_t number, std::uint32_t to) {
    Flow& flow = flows_[number];
    note_move(number);
    if (flow.bottleneck < kNothing) {
        const std::uint32_t from = flow.bottleneck;
        let_go(number);
        if (links_[from].state == State::tight) {
            mark_dirty(from);
        }
    }
    if (to == kOwnCap) {
        flow.bottleneck = kOwnCap;
        set_rate(number, flow.cap);
    } else {
        hold(number, to);
        mark_dirty(to);
    }
}

// A first guess; the relaxation corrects it.
void MaxMin::place_started() {
    for (const std::uint32_t f : started_) {
        if (flows_[f].active && flows_[f].bottleneck == kNothing) {
            std::uint32_t where = kOwnCap;
            static_cast<void>(limit_elsewhere(f, kNothing, where));
            move(f, where);
        }
    }
}

void MaxMin::empty_closed() {
    for (const std::uint32_t l : closed_) {
        while (!own_[l].empty()) {
            const std::uint32_t f = own_[l].back();
            std::uint32_t where = kOwnCap;
            static_cast<void>(limit_elsewhere(f, l, where));
            move(f, where);
        }
    }
}

bool MaxMin::relax() {
    ++counts_.relaxed;
    place_started();
    empty_closed();
    for (const std::uint32_t l : touched_) {
        if (links_[l].state == State::fresh) {
            add_up(l);
        }
        if (links_[l].state == State::tight) {
            mark_dirty(l);
        }
    }
    std::size_t visits = 0;
    std::size_t first_visits = 1;
    while (!heap_.empty()) {
        std::pop_heap(heap_.begin(), heap_.end(), std::greater<>{});
        const auto [key, l] = heap_.back();
        heap_.pop_back();
        Link& link = links_[l];
        if (estimate(link) > key * kSame) {  // it has risen since; others may come first now
            link.dirty = false;
            mark_dirty(l);
            continue;
        }
        first_visits += link.changed ? 0 : 1;
        if (++visits > kVisitsMax * (first_visits + 16)) {
            link.dirty = false;
            for (const auto& [unused, left] : heap_) {
                links_[left].dirty = false;
            }
            heap_.clear();
            return false;
        }
        relax_link(l);
    }
    return true;
}

// The link stays dirty meanwhile, so that what it does to itself does not put it into the heap.
void MaxMin::relax_link(std::uint32_t l) {
    Link& link = links_[l];
    if (++link.visits % kAddUpEvery == 0) {
        add_up(l);
    }
    for (;;) {
        if (link.held == 0) {
            if (link.others <= link.capacity * kSame) {
                link.dirty = false;
                return;
            }
            static_cast<void>(take_faster(l));
            continue;
        }
        const double level = estimate(link);
        if (link.most > level * kSame && take_faster(l)) {
            continue;
        }
        // Levels of other links that have fallen since are their own affair (take_faster).
        if ((level > link.level * kSame || link.joined) && release_limited(l, level)) {
            link.dirty = false;
            mark_dirty(l);  // the links that took over come first
            return;
        }
        break;
    }
    link.dirty = false;
    const double level = estimate(link);
    if (!link.joined && level <= link.level * kSame && level * kSame >= link.level) {
        return;  // nothing that counts has changed: its flows keep their rates, and the sums elsewhere stay true
    }
    note_change(l);
    link.level = level;
    link.joined = false;
    for (const std::uint32_t f : own_[l]) {
        set_rate(f, level);
    }
}

// Takes over flows that are faster than the level, fastest first; with each the level rises. Without flows of its own it
// takes the fastest in any case. False: there was none.
bool MaxMin::take_faster(std::uint32_t l) {
    Link& link = links_[l];
    add_up(l);
    const double level = estimate(link);
    candidates_.clear();
    double rest = 0.0;
    for (const Entry& entry : crossing_[l]) {
        const Flow& flow = flows_[entry.flow];
        if (flow.bottleneck == l) {
            continue;
        }
        if (flow.rate > level * kSame) {
            candidates_.emplace_back(flow.rate, entry.flow);
        } else {
            rest = std::max(rest, flow.rate);
        }
    }
    // Ties by number, so that the outcome does not depend on the order of the entries.
    std::sort(candidates_.begin(), candidates_.end(), std::greater<>{});
    std::size_t done = 0;
    for (; done < candidates_.size(); ++done) {
        const auto [rate, flow] = candidates_[done];
        if (done > 0 && rate <= estimate(link) * kSame) {
            rest = std::max(rest, rate);
            break;
        }
        const std::uint32_t times = weight_on(flow, l);
        const double level_with =
            std::max(link.capacity - link.others + times * rate, 0.0) / static_cast<double>(link.held + times);
        std::uint32_t where = kOwnCap;
        const double limit = limit_elsewhere(flow, l, where);
        if (limit * kSame < level_with) {
            // It will be slower than this link would let it be; its rate is of the time before that.
            if (flows_[flow].bottleneck != where) {
                move(flow, where);
            }
            set_rate(flow, limit);
            if (where != kOwnCap) {
                links_[where].joined = true;  // until it is relaxed, one of its flows is not at its level
                mark_dirty(where);
            }
            rest = std::max(rest, limit);
        } else {
            move(flow, l);
        }
    }
    link.most = rest;
    return done > 0;
}

// Hands flows that another link holds lower than `level` to that link. False: there is none.
bool MaxMin::release_limited(std::uint32_t l, double level) {
    candidates_.clear();
    for (const std::uint32_t f : own_[l]) {
        std::uint32_t where = kOwnCap;
        if (limit_elsewhere(f, l, where) * kSame < level) {
            candidates_.emplace_back(0.0, f);
        }
    }
    for (const auto& [unused, f] : candidates_) {
        std::uint32_t where = kOwnCap;
        static_cast<void>(limit_elsewhere(f, l, where));
        move(f, where);
    }
    return !candidates_.empty();
}

}  // namespace myriad
