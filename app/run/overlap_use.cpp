// Slices and pseudo channels are told of one card, the one where their mean is greatest: a copy keeps two of eight cards
// busy, and a mean over all would hide it.

#include "app/run/overlap_use.h"

#include <algorithm>
#include <vector>

namespace myriad {
namespace {

struct Shares {
    double mean = 0.0;
    double most = 0.0;
};

Shares shares_of(const std::vector<Picoseconds>& now, const std::vector<Picoseconds>& before, Picoseconds elapsed) {
    Shares shares;
    for (std::size_t i = 0; i < now.size(); ++i) {
        const double share = seconds(now[i] - before[i]) / seconds(elapsed);
        shares.mean += share / static_cast<double>(now.size());
        shares.most = std::max(shares.most, share);
    }
    return shares;
}

LiveShares difference(const LiveUse& now, const LiveUse& before, Picoseconds elapsed) {
    LiveShares out;
    out.traffic = now.traffic;
    out.traffic -= before.traffic;
    Shares slices;
    Shares channels;
    for (std::size_t c = 0; c < now.cards.size(); ++c) {
        const LiveUse::Card& card = now.cards[c];
        const LiveUse::Card& was = before.cards[c];
        const auto larger_mean = [](const Shares& a, const Shares& b) { return a.mean < b.mean; };
        slices = std::max(slices, shares_of(card.slices, was.slices, elapsed), larger_mean);
        channels = std::max(channels, shares_of(card.channels, was.channels, elapsed), larger_mean);
        out.barriers = std::max(out.barriers, card.barriers - was.barriers);
        out.barrier_wait = std::max(out.barrier_wait, card.barrier_wait - was.barrier_wait);
    }
    out.slice_mean = slices.mean;
    out.slice_most = slices.most;
    out.channel_mean = channels.mean;
    out.channel_most = channels.most;
    const std::int64_t bursts = now.bursts - before.bursts;
    out.row_hits = bursts > 0 ? static_cast<double>(now.row_hits - before.row_hits) / static_cast<double>(bursts) : 0.0;
    return out;
}

}  // namespace

OverlapMeter::OverlapMeter(Platform& platform)
    : platform_(platform), counters_(platform.counters()), links_(links(platform)), live_(platform.use()) {}

OverlapMeter::Links OverlapMeter::links(Platform& platform) {
    Links links;
    for (const LinkUse& link : platform.link_use()) {
        links[{link.way.edge, link.way.direction}] = link.busy;
    }
    return links;
}

OverlapUse OverlapMeter::use(Picoseconds elapsed) const {
    OverlapUse use;
    const NetworkCounters now = platform_.counters();
    use.carried = now.payload - counters_.payload;
    use.messages = now.messages - counters_.messages;
    for (const auto& [way, busy] : links(platform_)) {
        const auto before = links_.find(way);
        use.link_busy = std::max(use.link_busy, before == links_.end() ? busy : busy - before->second);
    }
    if (live_) {
        use.live = difference(*platform_.use(), *live_, elapsed);
    }
    return use;
}

}  // namespace myriad
