#pragma once
// Finds which cards, groups, connections and links are interchangeable, by colour refinement.
//
// Colours at first: of a card its program; of a group its calls and what software they cost; of a connection (what one
// group, or all messages point to point, send from one end to another) the sequence of what it carries; of a link its
// bandwidth and latency. Then, until nothing splits any more, each is coloured anew by its colour and
//   connection  the colours of its ends, of its group, and of the links of its routes, route by route in order
//   link        the multiset of (colour of the connection, number of the route) of the shares that cross it
//   card        the colours of its groups, each with its number among the groups of the card, and the multisets of the
//               colours of the connections that leave it and that reach it
//   group       the multiset of the colours of its cards, each with the number of the group among the card's
//
// Why one of each colour is enough. State of the whole system at an instant: of each card where its program is, of each
// rank of a group in which step of which call it is and how many messages of which steps have come, of each connection the
// messages that wait and what is left of each share that flows. Claim: things of one colour are always in the same
// state. They are at the start. Let it hold up to an instant; then everything up to the next one is the same for them:
//   - Rates. The shares that flow are, by colour, all of a colour or none. Give all flows of one (colour, route) the rate
//     x and ask that x is max-min fair for the network of classes, in which a link carries w(route class, link class) times x
//     for each route class: w is the same for all links of a class, because the multisets that cross them are. These rates
//     fill, on each link of a class, the same sum, and each flow has a full link on which none is faster, since its
//     representative has: they are max-min fair in the whole system, whose max-min fair rates are unique.
//   - Ends of shares. Same bytes (share r of n of the same size), same rate, same latency (of the same links).
//   - Ranks. A step ends when a number of messages has come. It and the steps that they are of are the same: of each
//     connection colour equally many connections reach the rank, and these carry the same sequences. What the rank sends then
//     goes over equally many connections of each colour, in the same sizes, after the same delay.
//   - Programs are deterministic, the same, and are told the same at the same times.
// So nothing ever tells two of a colour apart. The rates of the network of classes are equal to those of the whole up to
// the rounding of sums in doubles.
//
// What can split colours that looks alike: a hash (ECMP) that leads two pairs over differently loaded links; sizes that do
// not divide, so that one rank sends a byte more than the next; a slow link; a group that lies across a server.
//
// Colours are hashes of 64 bits. That two of a million colours agree by chance has a probability below 10^-7.

#include "interconnect/folding/route_bundles.h"
#include "sim/identity/card_id.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace myriad {

class Refinement {
public:
    static constexpr std::uint32_t kNoGroup = 0xFFFF'FFFF;  // of messages point to point

    struct Connection {
        std::uint32_t from = 0;  // ends
        std::uint32_t to = 0;
        std::uint32_t group = kNoGroup;
        std::uint32_t bundle = 0;  // of its routes
    };
    struct Member {
        std::uint32_t end = 0;
        std::uint32_t slot = 0;  // number of the group among those of the end
    };

    // `colours`: of the ends; of the resources.
    Refinement(RouteBundles& bundles, std::size_t cards, std::vector<std::uint64_t> end_colours,
               std::vector<std::uint64_t> resource_colours);

    // Groups and connections are numbered from 0 in this order.
    void add_group(std::uint64_t colour, const std::vector<Member>& members);
    void add_connection(const Connection& connection, std::uint64_t colour);

    enum class Outcome : std::uint8_t {
        stable,
        too_many,  // more than `most` classes of cards, which it went no further to count
        too_long,  // a defect spreads a hop a round: after kWorkMax steps over connections and links it had not ended
    };
    static constexpr std::size_t kWorkMax = 2'000'000'000;  // ten to twenty seconds
    Outcome run(std::size_t most, std::size_t work_max = kWorkMax);

    [[nodiscard]] std::size_t card_classes() const { return counts_.cards; }
    [[nodiscard]] int rounds() const { return rounds_; }
    [[nodiscard]] const std::vector<Connection>& connections() const { return connections_; }
    [[nodiscard]] const std::vector<std::uint64_t>& end_colours() const { return ends_; }
    [[nodiscard]] const std::vector<std::uint64_t>& group_colours() const { return groups_; }
    [[nodiscard]] const std::vector<std::uint64_t>& connection_colours() const { return colours_; }
    // 0: no connection crosses it.
    [[nodiscard]] const std::vector<std::uint64_t>& resource_colours() const { return resources_; }

    // Of one rank, or helper, of a group.
    [[nodiscard]] static std::uint64_t member_colour(std::uint64_t end, std::uint32_t slot);

private:
    struct Counts {
        std::size_t cards = 0;
        std::size_t ends = 0;
        std::size_t groups = 0;
        std::size_t connections = 0;
        std::size_t resources = 0;
        bool operator==(const Counts&) const = default;
    };
    struct GroupMember {
        std::uint32_t group = 0;
        Member member;
    };

    void colour_connections();
    void colour_resources();
    void colour_ends();
    [[nodiscard]] Counts count();
    [[nodiscard]] std::size_t distinct(const std::vector<std::uint64_t>& colours, std::size_t first_ones);

    RouteBundles& bundles_;
    std::size_t cards_;
    std::vector<std::uint64_t> ends_;
    std::vector<std::uint64_t> resources_;
    std::vector<std::uint64_t> groups_;
    std::vector<GroupMember> members_;
    std::vector<Connection> connections_;
    std::vector<std::uint64_t> colours_;  // of connections
    std::vector<std::uint64_t> sums_;
    std::vector<std::uint64_t> scratch_;
    Counts counts_;
    int rounds_ = 0;
};

}  // namespace myriad
