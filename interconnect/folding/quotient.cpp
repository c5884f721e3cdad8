// How often a route of a class counts on a link of a class is counted from the route's side: each of n routes crosses v of
// the m links of the class, each of which so is crossed by n v / m of them. That this is a whole number is checked.

#include "interconnect/folding/quotient.h"

#include "sim/error/error.h"

#include <fmt/core.h>

#include <algorithm>

namespace myriad {

namespace {

constexpr std::uint32_t kNone = 0xFFFF'FFFF;

std::uint64_t pair_of(std::uint32_t a, std::uint32_t b) { return std::uint64_t{a} << 32 | b; }

}  // namespace

std::vector<std::uint32_t> classes_of(const std::vector<std::uint64_t>& colours, std::size_t first_ones) {
    std::unordered_map<std::uint64_t, std::uint32_t> numbers;  // looked up, never iterated
    std::vector<std::uint32_t> classes(first_ones);
    for (std::size_t i = 0; i < first_ones; ++i) {
        classes[i] = numbers.try_emplace(colours[i], static_cast<std::uint32_t>(numbers.size())).first->second;
    }
    return classes;
}

Quotient::Quotient(const Topology& topology, Router& router, const Refinement& refinement,
                   const std::vector<FoldGroup>& groups)
    : router_(router), links_(topology), groups_(groups), ends_(topology.cards.size()) {
    end_class_ = classes_of(refinement.end_colours(), refinement.end_colours().size());
    for (std::uint32_t card = 0; card < topology.cards.size(); ++card) {
        if (end_class_[card] == representatives_.size()) {
            representatives_.push_back(CardId{card});
            multiplicity_.push_back(0);
        }
        ++multiplicity_[end_class_[card]];
    }
    class_connections(refinement);
    class_groups(refinement);
    stand_in_directly(refinement);
    class_resources(refinement);
    connection_class_ = {};  // millions, and used above only
}

void Quotient::class_connections(const Refinement& refinement) {
    connection_class_ = classes_of(refinement.connection_colours(), refinement.connections().size());
    for (std::size_t c = 0; c < connection_class_.size(); ++c) {
        const Refinement::Connection& connection = refinement.connections()[c];
        const std::uint32_t number = connection_class_[c];
        if (number == first_of_.size()) {
            first_of_.push_back(connection);
            connection_count_.push_back(0);
        }
        ++connection_count_[number];
        const Refinement::Connection& first = first_of_[number];
        MYRIAD_CHECK(
            end_class_[first.from] == end_class_[connection.from] && end_class_[first.to] == end_class_[connection.to],
            "connections of a class join ends of the same classes");
    }
}

void Quotient::class_groups(const Refinement& refinement) {
    group_class_ = classes_of(refinement.group_colours(), groups_.size());
    for (std::uint32_t g = 0; g < groups_.size(); ++g) {
        if (group_class_[g] == group_classes_.size()) {
            group_classes_.push_back({g, 0, {}, static_cast<std::uint32_t>(ends_)});
            ends_ += static_cast<std::size_t>(groups_[g].places.count());
            seat(group_class_[g], refinement);
        }
        ++group_classes_[group_class_[g]].count;
    }
}

// The first place of each class runs for the class; helpers run where their rank does.
void Quotient::seat(std::uint32_t number, const Refinement& refinement) {
    GroupClass& made = group_classes_[number];
    const FoldGroup& group = groups_[made.group];
    std::vector<std::uint32_t> runner_of_place;
    for (int place = 0; place < group.places.count(); ++place) {
        const Refinement::Member& member = group.members[static_cast<std::size_t>(place)];
        const auto [known, fresh] = runners_.try_emplace({number, end_class_[member.end], member.slot}, place);
        runner_of_place.push_back(static_cast<std::uint32_t>(known->second));
    }
    const int ranks = group.places.ranks;
    for (int seat = 0; seat < group.places.seats(); ++seat) {
        const auto runner = runner_of_place[static_cast<std::size_t>(group.places.of_seat(seat))];
        const int shift = seat < 3 * ranks ? ranks * group.places.role_of_seat(seat) : 2 * ranks;
        made.seats.stands_in.push_back(runner + static_cast<std::uint32_t>(shift));
    }
    keep_connections(made, runner_of_place, refinement);
}

void Quotient::keep_connections(GroupClass& made, const std::vector<std::uint32_t>& runner_of_place,
                                const Refinement& refinement) {
    const FoldGroup& group = groups_[made.group];
    std::unordered_map<std::uint32_t, std::uint32_t> place_of_end;
    for (std::uint32_t place = 0; place < group.members.size(); ++place) {
        place_of_end.emplace(group.members[place].end, place);
    }
    std::vector<std::vector<std::uint32_t>> kept(group.members.size());
    for (std::uint32_t c = group.first_connection; c < group.end_connection; ++c) {
        const Refinement::Connection& connection = refinement.connections()[c];
        const std::uint32_t from = place_of_end.at(connection.from);
        const std::uint32_t to = place_of_end.at(connection.to);
        if (runner_of_place[from] != from) {
            continue;
        }
        const std::uint32_t kind = connection_class_[c];
        // All connections of a class leave places of one class, so only this runner has any of it.
        if (!std::any_of(kept[from].begin(), kept[from].end(), [&](std::uint32_t place) {
                return class_between_.at(pair_of(made.first_end + from, made.first_end + place)) == kind;
            })) {
            kept[from].push_back(to);
            class_between_.emplace(pair_of(made.first_end + from, made.first_end + to), kind);
        }
    }
    for (int seat = 0; seat < group.places.seats(); ++seat) {
        made.seats.kept.push_back(kept[static_cast<std::size_t>(group.places.of_seat(seat))]);
    }
}

void Quotient::stand_in_directly(const Refinement& refinement) {
    direct_stand_in_.resize(first_of_.size());
    const auto represents = [&](std::uint32_t card) { return index(representatives_[end_class_[card]]) == card; };
    for (std::size_t c = 0; c < connection_class_.size(); ++c) {
        const Refinement::Connection& connection = refinement.connections()[c];
        if (connection.group != Refinement::kNoGroup) {
            continue;
        }
        const std::uint64_t ends = pair_of(connection.from, connection.to);
        if (represents(connection.from)) {
            direct_stand_in_[connection_class_[c]] = {CardId{connection.from}, CardId{connection.to}};
            class_between_.emplace(ends, connection_class_[c]);
        }
        if (represents(connection.from) || represents(connection.to)) {
            direct_.emplace(ends, connection_class_[c]);
        }
    }
}

void Quotient::class_resources(const Refinement& refinement) {
    const std::vector<std::uint64_t>& colours = refinement.resource_colours();
    std::unordered_map<std::uint64_t, std::uint32_t> numbers;  // looked up, never iterated
    resource_class_.assign(colours.size(), kNone);
    for (std::uint32_t r = 0; r < colours.size(); ++r) {
        if (colours[r] == 0) {
            continue;
        }
        const auto [known, fresh] = numbers.try_emplace(colours[r], static_cast<std::uint32_t>(numbers.size()));
        if (fresh) {
            resource_count_.push_back(0);
            capacity_.push_back(links_.capacity(r));
        }
        resource_class_[r] = known->second;
        ++resource_count_[known->second];
    }
}

int Quotient::runner(CommunicatorId id, int rank) const {
    const auto group = static_cast<std::size_t>(id);
    const Refinement::Member& member = groups_[group].members[static_cast<std::size_t>(rank)];
    return runners_.at({group_class_[group], end_class_[member.end], member.slot});
}

std::pair<CardId, CardId> Quotient::stand_in(CardId from, CardId to) const {
    const auto known = direct_.find(pair_of(index(from), index(to)));
    MYRIAD_CHECK(known != direct_.end(),
                 fmt::format("card {} said before the fold that it sends to card {}", index(from), index(to)));
    return direct_stand_in_[known->second];
}

std::int64_t Quotient::copies(CardId from, CardId to) const {
    return connection_count_[direct_.at(pair_of(index(from), index(to)))];
}

std::int64_t Quotient::find(CardId from, CardId to, std::vector<FlowPath>& paths) {
    const std::uint32_t kind = class_between_.at(pair_of(index(from), index(to)));
    const Refinement::Connection& first = first_of_[kind];
    const RouteSet routes = router_.between(CardId{first.from}, CardId{first.to});
    std::vector<std::uint32_t> crossed;
    paths.resize(routes.size());
    for (std::size_t r = 0; r < routes.size(); ++r) {
        FlowPath& path = paths[r];
        path.latency = links_.walk(CardId{first.from}, routes[r], crossed);
        path.resources.clear();
        path.weights.clear();
        for (std::uint32_t& resource : crossed) {
            resource = resource_class_[resource];
        }
        for (const std::uint32_t resource : crossed) {
            if (std::find(path.resources.begin(), path.resources.end(), resource) != path.resources.end()) {
                continue;
            }
            const std::int64_t all = connection_count_[kind] * std::count(crossed.begin(), crossed.end(), resource);
            MYRIAD_CHECK(all % resource_count_[resource] == 0, "all links of a class carry the same");
            path.resources.push_back(resource);
            path.weights.push_back(static_cast<std::uint32_t>(all / resource_count_[resource]));
        }
    }
    return connection_count_[kind];
}

std::vector<Bytes> Quotient::link_bytes(const std::vector<Bytes>& resource_bytes) const {
    std::vector<Bytes> bytes(links_.directed_links());
    for (std::uint32_t r = 0; r < resource_class_.size(); ++r) {
        if (resource_class_[r] == kNone) {
            continue;
        }
        for (const std::uint32_t link : links_.members(r)) {
            bytes[link] = resource_bytes[resource_class_[r]];
        }
    }
    return bytes;
}

}  // namespace myriad
