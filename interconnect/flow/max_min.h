#pragma once
// Max-min fair rates of flows over shared links, kept up to date as flows start and stop. Knows no time and no bytes.
//
// A flow crosses a fixed set of links. Its rate is its bottleneck's level: rates are such that every flow has one link
// that is full and on which no flow is faster (or it has the whole of its narrowest link: its cap). There is exactly one
// such set of rates.
//
// What makes it fast:
//   - A link whose flows cannot fill it (sum of their caps <= capacity) is loose: it limits nobody and joins nobody. Flows
//     over loose links alone cost a few additions, whatever else is going on.
//   - All flows that are held by one link have one rate, the link's level: a change of level touches the link, and the
//     sums of the links that its flows cross as well. Nothing is kept a flow but which link holds it.
//   - Few changes are relaxed from link to link, lowest level first, as far as they change anything (max_min_relax.cpp);
//     many at once fill the connected part of the network anew (max_min_refill.cpp).
//
// A flow may stand for others that do what it does (interconnect/folding): on each of its links it then counts as often
// as flows of its kind cross that link, its weight there. The rate is that of one of them.

#include "sim/units/units.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace myriad {

class MaxMin {
public:
    // Instead of a link, as what holds a flow.
    static constexpr std::uint32_t kOwnCap = 0xFFFF'FFFF;
    static constexpr std::uint32_t kNothing = 0xFFFF'FFFE;  // it has just started

    // Bytes a second of each link. 0: nothing passes. The caps of all flows over a link together stay below 2^63.
    explicit MaxMin(const std::vector<BytesPerSecond>& capacities);

    // Makes a flow over these links (each once, at least one) and gives its number; numbers count from 0. It is not
    // active yet.
    std::uint32_t define(std::span<const std::uint32_t> links) { return define(links, {}); }
    // `weights`: by link; empty: each is 1.
    std::uint32_t define(std::span<const std::uint32_t> links, std::span<const std::uint32_t> weights);
    void start(std::uint32_t flow);  // not active
    void stop(std::uint32_t flow);   // active
    void set_capacity(std::uint32_t link, BytesPerSecond capacity);

    // Makes the rates right for what has changed since; all changes of one instant are settled at once.
    void settle();

    // Bytes a second, of an active flow, as of the last settle.
    [[nodiscard]] double rate(std::uint32_t flow) const { return flows_[flow].rate; }
    [[nodiscard]] std::uint32_t bottleneck(std::uint32_t flow) const { return flows_[flow].bottleneck; }
    [[nodiscard]] BytesPerSecond cap(std::uint32_t flow) const {
        return BytesPerSecond{static_cast<std::int64_t>(flows_[flow].cap)};
    }
    [[nodiscard]] double level(std::uint32_t link) const { return links_[link].level; }
    [[nodiscard]] std::span<const std::uint32_t> links_of(std::uint32_t flow) const {
        return {paths_.data() + flows_[flow].path, flows_[flow].hops};
    }
    // How often the flow counts on the `hop`-th of its links.
    [[nodiscard]] std::uint32_t weight(std::uint32_t flow, std::size_t hop) const {
        return weights_.empty() ? 1 : weights_[flows_[flow].path + hop];
    }
    // Flows that the link holds.
    [[nodiscard]] const std::vector<std::uint32_t>& held(std::uint32_t link) const { return own_[link]; }

    // Of the last settle: links whose level or whose held flows changed, and flows that are held by something else than
    // before (with what held them).
    struct Move {
        std::uint32_t flow = 0;
        std::uint32_t before = kNothing;
    };
    [[nodiscard]] const std::vector<std::uint32_t>& changed_links() const { return changed_; }
    [[nodiscard]] const std::vector<Move>& moves() const { return moves_; }

    // For tests and benchmarks: how often each way was taken.
    struct Counts {
        std::int64_t settled = 0;
        std::int64_t relaxed = 0;
        std::int64_t refilled = 0;
        std::int64_t given_up = 0;  // relaxations that went on for too long and were refilled
    };
    [[nodiscard]] const Counts& counts() const { return counts_; }
    // More changes at once than this are refilled; for tests.
    void set_relax_limit(std::size_t changes) { relax_limit_ = changes; }

private:
    struct Flow {
        double rate = 0.0;  // as counted in `others` of the links that do not hold it
        double cap = 0.0;   // capacity of its narrowest link
        std::uint32_t path = 0;
        std::uint32_t bottleneck = kNothing;
        std::uint32_t place = 0;       // in `own` of its bottleneck
        std::uint32_t generation = 0;  // of its activity; entries of older ones are stale
        std::uint32_t epoch = 0;       // of the refill that has seen it
        std::uint16_t hops = 0;
        bool active = false;
        bool moved = false;   // is in moves_
        bool frozen = false;  // by the refill
    };
    struct Entry {
        std::uint32_t flow = 0;
        std::uint32_t generation = 0;
    };
    enum class State : std::uint8_t { loose, fresh, tight };  // fresh: tight, but `others` not added up yet
    // One cache line: a flow that starts or stops touches that of each of its links.
    struct alignas(64) Link {
        std::int64_t demand = 0;  // sum of the caps of its active flows
        double capacity = 0.0;
        double level = 0.0;
        double others = 0.0;  // tight: sum of the rates of the active flows that it does not hold
        double most = 0.0;    // tight: no such flow is faster than this
        // Counted by weight:
        std::uint32_t active = 0;
        std::uint32_t held = 0;    // flows in its list in own_
        std::uint32_t rising = 0;  // in a refill: flows that are not frozen yet
        std::uint32_t epoch = 0;
        std::uint16_t visits = 0;  // by relax; now and then `others` is added up anew
        State state = State::loose;
        bool touched = false;  // is in touched_
        bool dirty = false;    // is in the heap of relax
        bool changed = false;  // is in changed_
        bool joined = false;   // it holds flows that it did not hold when its level was set
    };
    using Heap = std::vector<std::pair<double, std::uint32_t>>;
    // Rates that differ by less are equal: rounding of sums of many rates stays far below, a picosecond far above.
    static constexpr double kSame = 1.0 + 1e-11;

    [[nodiscard]] bool overfull(const Link& link) const { return static_cast<double>(link.demand) > link.capacity; }
    // Of the flow on a link of its path.
    [[nodiscard]] std::uint32_t weight_on(std::uint32_t flow, std::uint32_t link) const;
    void open_changes();
    void touch(std::uint32_t link);
    void gather(std::uint32_t link);
    void forget_stale(std::uint32_t link);
    void note_change(std::uint32_t link);
    void note_move(std::uint32_t flow);
    void hold(std::uint32_t flow, std::uint32_t link);
    void let_go(std::uint32_t flow);
    void change_caps(std::uint32_t link);
    // Opens and closes touched links; gives those that are not tight any more.
    void classify_touched();
    void place_loose();
    [[nodiscard]] bool meets_tight(std::uint32_t flow) const;

    // max_min_relax.cpp
    [[nodiscard]] bool relax();
    void place_started();
    void empty_closed();
    [[nodiscard]] double limit_elsewhere(std::uint32_t flow, std::uint32_t except, std::uint32_t& where) const;
    void add_up(std::uint32_t link);
    void mark_dirty(std::uint32_t link);
    [[nodiscard]] double estimate(const Link& link) const;
    void relax_link(std::uint32_t link);
    bool take_faster(std::uint32_t link);
    bool release_limited(std::uint32_t link, double level);
    void move(std::uint32_t flow, std::uint32_t to);
    void set_rate(std::uint32_t flow, double rate);

    // max_min_refill.cpp
    void refill();
    void collect(std::uint32_t link);
    void order_by_cap();
    void fill();
    void freeze_slowest(std::size_t& next, double level);
    void freeze(std::uint32_t flow, double rate, std::uint32_t bottleneck);

    std::vector<Link> links_;
    std::vector<std::vector<std::uint32_t>> own_;      // by link: flows that it holds
    std::vector<std::vector<std::uint32_t>> defined_;  // by link: all flows over it that were ever defined
    std::vector<std::vector<Entry>> crossing_;         // by tight link: its active flows, and stale entries
    std::vector<Flow> flows_;
    std::vector<std::uint32_t> paths_;
    std::vector<std::uint32_t> weights_;  // beside paths_; empty as long as all are 1
    std::vector<std::uint32_t> touched_;  // links whose flows or capacity changed since the last settle
    std::vector<std::uint32_t> started_;
    std::vector<std::uint32_t> closed_;  // of these, those that have become loose
    std::size_t changes_ = 0;            // to flows that meet a tight link
    bool reported_ = false;              // changed_ and moves_ are of a settle that is over
    std::vector<std::uint32_t> changed_;
    std::vector<Move> moves_;
    std::size_t relax_limit_ = 1024;
    Counts counts_;

    Heap heap_;
    std::vector<std::pair<double, std::uint32_t>> candidates_;
    std::uint32_t epoch_ = 0;
    std::vector<std::uint32_t> part_links_;  // of a refill
    std::vector<std::uint32_t> part_flows_;
};

}  // namespace myriad
