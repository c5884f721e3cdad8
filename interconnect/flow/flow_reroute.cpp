// Flows that leave links which stand still. What has left the link counts as arrived after the latency of its route; the
// rest, rounded up to a byte, starts anew.

#include "interconnect/flow/flow_transport.h"

#include <algorithm>
#include <cmath>

namespace myriad {

// Empties the lane; the first share given back is what is left of the one that flowed.
void FlowTransport::take_shares(std::uint32_t number, std::vector<Share>& shares) {
    Lane& lane = lanes_[number];
    const std::uint32_t holder = rates_.bottleneck(number);
    const double left = std::ceil(left_of(lane, holder));
    const std::size_t first = shares.size();
    for (std::uint32_t share = lane.head; share != kNone; share = shares_[share].next) {
        shares.push_back(shares_[share]);
        free_shares_.push_back(share);
    }
    Share& head = shares[first];
    const std::int64_t rest = std::min(head.bytes, static_cast<std::int64_t>(left));
    lane.carried += head.bytes - rest;
    head.bytes = rest;
    lane.head = kNone;
    if (holder == MaxMin::kOwnCap) {
        lane_ends_.set(number, DueTimes::kNever);
    }
    rates_.stop(number);
}

void FlowTransport::leave_still_links() {
    std::vector<Share> shares;
    for (std::uint32_t number = 0; number < lanes_.size(); ++number) {
        if (lanes_[number].head == kNone) {
            continue;
        }
        const auto path = rates_.links_of(number);
        if (std::any_of(path.begin(), path.end(),
                        [&](std::uint32_t link) { return links().capacity(link).count() == 0; })) {
            take_shares(number, shares);
        }
    }
    for (const Share& share : shares) {
        MessageRecord& record = records_[share.message];
        --record.shares;
        const Connection connection = connection_of(owner_of(*record.client), record.from, record.to);
        spread(share.message, connection, share.bytes);
    }
    want_settle();
}

}  // namespace myriad
