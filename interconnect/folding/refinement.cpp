// Each new colour is a hash of the old one and of what is around, so classes only ever split; when a round splits none, the
// partition is the coarsest that is equitable.

#include "interconnect/folding/refinement.h"

#include "interconnect/routing/flow_hash.h"
#include "sim/error/error.h"

#include <algorithm>

namespace myriad {

namespace {
// Keep the sums over what leaves, what reaches and what joins an end apart.
constexpr std::uint64_t kLeaves = 0x6C65'6176'6573'0001;
constexpr std::uint64_t kReaches = 0x7265'6163'6865'7301;
constexpr std::uint64_t kMember = 0x6D65'6D62'6572'0001;
}  // namespace

Refinement::Refinement(RouteBundles& bundles, std::size_t cards, std::vector<std::uint64_t> end_colours,
                       std::vector<std::uint64_t> resource_colours)
    : bundles_(bundles), cards_(cards), ends_(std::move(end_colours)), resources_(std::move(resource_colours)) {
    for (std::uint64_t& colour : ends_) {
        colour = mix_bits(colour + 1);
    }
}

void Refinement::add_group(std::uint64_t colour, const std::vector<Member>& members) {
    for (const Member& member : members) {
        members_.push_back({static_cast<std::uint32_t>(groups_.size()), member});
    }
    groups_.push_back(colour);
}

void Refinement::add_connection(const Connection& connection, std::uint64_t colour) {
    MYRIAD_CHECK(connection.group == kNoGroup || connection.group < groups_.size(), "no such group");
    connections_.push_back(connection);
    colours_.push_back(colour);
}

std::uint64_t Refinement::member_colour(std::uint64_t end, std::uint32_t slot) {
    return hash_step(end, kMember + slot);
}

void Refinement::colour_connections() {
    bundles_.sum_down(resources_);
    for (std::size_t c = 0; c < connections_.size(); ++c) {
        const Connection& connection = connections_[c];
        std::uint64_t colour = hash_step(colours_[c], bundles_.colour_of(connection.bundle));
        colour = hash_step(colour, ends_[connection.from]);
        colour = hash_step(colour, ends_[connection.to]);
        colours_[c] = hash_step(colour, connection.group == kNoGroup ? 0 : groups_[connection.group]);
    }
}

void Refinement::colour_resources() {
    bundles_.clear();
    for (std::size_t c = 0; c < connections_.size(); ++c) {
        bundles_.put(connections_[c].bundle, mix_bits(colours_[c] + kMember));
    }
    sums_.resize(resources_.size());
    bundles_.sum_up(sums_);
    for (std::size_t r = 0; r < resources_.size(); ++r) {
        resources_[r] = sums_[r] == 0 ? 0 : hash_step(resources_[r], sums_[r]);
    }
}

void Refinement::colour_ends() {
    sums_.assign(ends_.size(), 0);
    for (std::size_t c = 0; c < connections_.size(); ++c) {
        sums_[connections_[c].from] += mix_bits(colours_[c] ^ kLeaves);
        sums_[connections_[c].to] += mix_bits(colours_[c] ^ kReaches);
    }
    scratch_.assign(groups_.size(), 0);
    for (const GroupMember& at : members_) {
        sums_[at.member.end] += member_colour(groups_[at.group], at.member.slot);
        scratch_[at.group] += member_colour(ends_[at.member.end], at.member.slot);
    }
    for (std::size_t e = 0; e < ends_.size(); ++e) {
        ends_[e] = hash_step(ends_[e], sums_[e]);
    }
    for (std::size_t g = 0; g < groups_.size(); ++g) {
        groups_[g] = hash_step(groups_[g], scratch_[g]);
    }
}

std::size_t Refinement::distinct(const std::vector<std::uint64_t>& colours, std::size_t first_ones) {
    scratch_.assign(colours.begin(), colours.begin() + static_cast<std::ptrdiff_t>(first_ones));
    std::sort(scratch_.begin(), scratch_.end());
    return static_cast<std::size_t>(std::unique(scratch_.begin(), scratch_.end()) - scratch_.begin());
}

Refinement::Counts Refinement::count() {
    Counts counts;
    counts.cards = distinct(ends_, cards_);
    counts.ends = distinct(ends_, ends_.size());
    counts.groups = distinct(groups_, groups_.size());
    counts.connections = distinct(colours_, colours_.size());
    counts.resources = distinct(resources_, resources_.size());
    return counts;
}

Refinement::Outcome Refinement::run(std::size_t most, std::size_t work_max) {
    const std::size_t a_round = 4 * connections_.size() + 2 * bundles_.edges() + resources_.size();
    for (std::size_t work = 0;; work += a_round) {
        if (work > work_max) {
            return Outcome::too_long;
        }
        ++rounds_;
        colour_connections();
        colour_resources();
        colour_ends();
        const Counts now = count();
        if (now == counts_) {
            return Outcome::stable;
        }
        counts_ = now;
        if (counts_.cards > most) {
            return Outcome::too_many;
        }
    }
}

}  // namespace myriad
