// Place by place, so that the connections of one lie side by side.

#include "interconnect/folding/call_patterns.h"

#include "interconnect/collective/chunk_sizes.h"
#include "interconnect/routing/flow_hash.h"

#include <algorithm>
#include <unordered_set>

namespace myriad {

std::vector<int> CallPatterns::telling_steps(const PlannedCall& call) {
    const bool by_pattern = divides(call);
    std::vector<int> steps;
    std::unordered_set<int> seen;
    for (int step = 0; step < call.schedule->steps(); ++step) {
        if (!by_pattern || seen.insert(call.schedule->pattern(step)).second) {
            steps.push_back(step);
        }
    }
    return steps;
}

double CallPatterns::work(std::span<const PlannedCall> calls, const GroupPlaces& places) {
    double transfers = 0.0;
    std::vector<Transfer> sent;
    for (const PlannedCall& call : calls) {
        if (!divides(call) && call.schedule->steps() > 1) {  // not step by step, to say that there are too many
            call.schedule->sends(0, 0, sent);
            transfers += static_cast<double>(std::max<std::size_t>(sent.size(), 1)) * call.schedule->steps();
            continue;
        }
        for (const int step : telling_steps(call)) {
            call.schedule->sends(0, step, sent);
            transfers += static_cast<double>(std::max<std::size_t>(sent.size(), 1));
        }
    }
    return transfers * places.seats();
}

CallPatterns::CallPatterns(std::span<const PlannedCall> calls, const GroupPlaces& places) {
    constexpr std::size_t kNone = ~std::size_t{0};
    std::vector<std::vector<int>> steps;
    for (const PlannedCall& call : calls) {
        steps.push_back(telling_steps(call));
    }
    std::vector<std::size_t> slot(static_cast<std::size_t>(places.count()), kNone);
    std::vector<Transfer> sent;
    const auto add = [&](int seat, std::size_t number) {
        const PlannedCall& call = calls[number];
        const ChunkSizes sizes(call.size, call.schedule->chunks());
        for (const int step : steps[number]) {
            call.schedule->sends(seat, step, sent);
            for (const Transfer& transfer : sent) {
                const auto place = static_cast<std::uint32_t>(places.of_seat(transfer.peer));
                if (slot[place] == kNone) {
                    slot[place] = peers_.size();
                    peers_.push_back({place, 0});
                }
                std::uint64_t& label = peers_[slot[place]].label;
                const int roles = 3 * places.role_of_seat(seat) + places.role_of_seat(transfer.peer);
                label = hash_step(
                    label, number << 40 | static_cast<std::uint64_t>(roles) << 32 | static_cast<std::uint32_t>(step));
                label = hash_step(label, static_cast<std::uint64_t>(sizes.of(transfer).count()));
            }
        }
    };
    for (int place = 0; place < places.count(); ++place) {
        first_.push_back(peers_.size());
        for (const int seat : places.seats_at(place)) {
            for (std::size_t number = 0; number < calls.size(); ++number) {
                if (seat < places.ranks || calls[number].schedule->helped()) {
                    add(seat, number);
                }
            }
        }
        for (std::size_t i = first_.back(); i < peers_.size(); ++i) {
            slot[peers_[i].place] = kNone;
        }
        std::sort(peers_.begin() + static_cast<std::ptrdiff_t>(first_.back()), peers_.end(),
                  [](const Peer& a, const Peer& b) { return a.place < b.place; });
    }
    first_.push_back(peers_.size());
}

}  // namespace myriad
