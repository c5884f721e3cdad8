// From what was announced to a network of classes: plans, then what each connection carries, then routes, then colours.

#include "interconnect/folding/folded_network.h"

#include "interconnect/collective/helpers.h"
#include "interconnect/routing/flow_hash.h"
#include "sim/error/error.h"

#include <fmt/core.h>

#include <algorithm>
#include <numeric>
#include <set>
#include <tuple>

namespace myriad {

namespace {

// Transfers looked at for one list of calls; a second or two.
constexpr double kTransfersMax = 1e8;
constexpr std::uint64_t kReducerColour = std::uint64_t{1} << 40;  // no program number

std::uint64_t hash_of(const std::string& text) {
    std::uint64_t hash = text.size();
    for (const char letter : text) {
        hash = hash_step(hash, static_cast<unsigned char>(letter));
    }
    return hash;
}

}  // namespace

FoldedNetwork::FoldedNetwork(const Topology& topology, Router& router, Agenda& agenda, const Components& components,
                             CollectiveLibrary library, std::string obstacle)
    : topology_(topology),
      router_(router),
      agenda_(agenda),
      components_(components),
      obstacle_(std::move(obstacle)),
      model_(topology, router, std::move(library)) {}

CommunicatorId FoldedNetwork::create_communicator(CommunicatorSpec spec) {
    MYRIAD_CHECK(network_ == nullptr, "groups are created before the fold");
    const CommunicatorId id = model_.add_group(spec);
    specs_.push_back(std::move(spec));
    calls_.emplace_back();
    return id;
}

void FoldedNetwork::will_call(CommunicatorId communicator, const CollectiveCall& call) {
    MYRIAD_CHECK(network_ == nullptr, "calls are announced before the fold");
    std::vector<CollectiveCall>& known = calls_[static_cast<std::size_t>(communicator)];
    if (std::none_of(known.begin(), known.end(), [&](const CollectiveCall& other) {
            return other.op == call.op && other.size == call.size && other.root == call.root;
        })) {
        known.push_back(call);
    }
}

void FoldedNetwork::will_send(CardId from, CardId to, Bytes size, std::uint64_t kind) {
    MYRIAD_CHECK(network_ == nullptr, "messages are announced before the fold");
    relations_.push_back({from, to, size.count(), kind});
}

const Folding& FoldedNetwork::fold(std::span<const std::uint32_t> program_of_card) {
    MYRIAD_CHECK(network_ == nullptr, "a network is folded once");
    MYRIAD_CHECK(program_of_card.size() == topology_.cards.size(), "every card has a program number");
    folding_.why_not = obstacle_.empty() ? try_to_fold(program_of_card) : obstacle_;
    folding_.folded = folding_.why_not.empty();
    if (!folding_.folded) {
        quotient_.reset();
        represent_all(program_of_card);
    }
    build();
    patterns_.clear();
    relations_ = {};
    return folding_;
}

void FoldedNetwork::represent_all(std::span<const std::uint32_t> program_of_card) {
    folding_.class_of.resize(program_of_card.size());
    std::iota(folding_.class_of.begin(), folding_.class_of.end(), 0u);
    folding_.multiplicity.assign(program_of_card.size(), 1);
    for (std::uint32_t card = 0; card < program_of_card.size(); ++card) {
        folding_.representatives.push_back(CardId{card});
    }
}

std::uint64_t FoldedNetwork::group_colour(std::size_t group) {
    std::uint64_t colour = hash_of(specs_[group].dimension);
    for (const CollectiveCall& call : calls_[group]) {
        const CollectivePlan& plan = model_.plan(CommunicatorId{static_cast<std::uint32_t>(group)}, call);
        for (const std::int64_t part : {static_cast<std::int64_t>(call.op), std::int64_t{call.root}, call.size.count(),
                                        std::int64_t{plan.schedule->steps()}, plan.cost.start.count(),
                                        plan.cost.step.count(), plan.cost.copy.count(), plan.cost.wire_per_million}) {
            colour = hash_step(colour, static_cast<std::uint64_t>(part));
        }
    }
    return colour;
}

// Why it cannot be done; empty: it can.
std::string FoldedNetwork::plan_groups() {
    std::size_t connections = relations_.size();
    for (std::size_t g = 0; g < specs_.size(); ++g) {
        const GroupPlaces places{static_cast<int>(specs_[g].cards.size()), may_be_helped(topology_, specs_[g])};
        groups_.push_back({places, {}, 0, 0});
        std::sort(calls_[g].begin(), calls_[g].end(), [](const CollectiveCall& a, const CollectiveCall& b) {
            return std::tuple{a.op, a.size, a.root} < std::tuple{b.op, b.size, b.root};
        });
        std::vector<PlannedCall> planned;
        std::pair<CallList, bool> key{{}, places.helped};
        for (const CollectiveCall& call : calls_[g]) {
            const CollectivePlan& plan = model_.plan(CommunicatorId{static_cast<std::uint32_t>(g)}, call);
            planned.push_back({plan.schedule, call.size, plan.cost});
            key.first.emplace_back(plan.schedule, call.size.count());
            uneven_calls_ += CallPatterns::divides(planned.back()) ? 0 : 1;
        }
        std::unique_ptr<CallPatterns>& patterns = patterns_[key];
        if (patterns == nullptr) {
            if (CallPatterns::work(planned, places) > kTransfersMax) {
                return fmt::format("the calls of {} are more than {:.0f} million transfers to look at", specs_[g].name,
                                   kTransfersMax * 1e-6);
            }
            patterns = std::make_unique<CallPatterns>(planned, places);
        }
        patterns_of_.push_back(patterns.get());
        connections += patterns->connections();
        if (connections > kConnectionsMax) {
            return fmt::format("more than {} pairs of cards exchange messages", kConnectionsMax);
        }
    }
    return {};
}

void FoldedNetwork::add_groups(Refinement& refinement) {
    std::vector<std::uint32_t> slots(topology_.cards.size(), 0);
    for (std::size_t g = 0; g < specs_.size(); ++g) {
        std::vector<Refinement::Member>& members = groups_[g].members;
        for (const CardId card : specs_[g].cards) {
            members.push_back({index(card), slots[index(card)]++});
        }
        if (groups_[g].places.helped) {
            const std::uint32_t adder = index(*reducer_of(topology_, specs_[g].cards));
            members.push_back({adder, 0});
            members.push_back({adder + 1, 0});
        }
        refinement.add_group(group_colour(g), members);
    }
}

void FoldedNetwork::add_connections(Refinement& refinement, RouteBundles& bundles) {
    for (std::uint32_t g = 0; g < groups_.size(); ++g) {
        FoldGroup& group = groups_[g];
        group.first_connection = static_cast<std::uint32_t>(refinement.connections().size());
        for (int place = 0; place < group.places.count(); ++place) {
            const Refinement::Member& from = group.members[static_cast<std::size_t>(place)];
            for (const CallPatterns::Peer& peer : patterns_of_[g]->from(place)) {
                const Refinement::Member& to = group.members[peer.place];
                const RouteSet routes = router_.between(CardId{from.end}, CardId{to.end});
                const std::uint64_t slots = std::uint64_t{from.slot} << 32 | to.slot;
                refinement.add_connection({from.end, to.end, g, bundles.add(CardId{from.end}, routes)},
                                          hash_step(peer.label, slots));
            }
        }
        group.end_connection = static_cast<std::uint32_t>(refinement.connections().size());
    }
}

// All messages between two cards are one connection. The n-th of a kind and size to leave a card is its own, and so is the
// m-th to reach a card of those that are the n-th of where they come from: each class of connections has one at each card
// of its two classes.
void FoldedNetwork::add_relations(Refinement& refinement, RouteBundles& bundles) {
    std::set<Relation> seen;
    std::map<std::tuple<CardId, std::int64_t, std::uint64_t>, std::uint32_t> leaving;
    std::map<std::tuple<CardId, std::int64_t, std::uint64_t, std::uint32_t>, std::uint32_t> reaching;
    std::map<std::pair<CardId, CardId>, std::vector<std::uint64_t>> labels;
    for (const Relation& relation : relations_) {
        if (!seen.insert(relation).second) {
            continue;
        }
        std::uint64_t label = hash_step(relation.kind, static_cast<std::uint64_t>(relation.size));
        const std::uint32_t n = leaving[{relation.from, relation.size, relation.kind}]++;
        label = hash_step(label, n);
        label = hash_step(label, reaching[{relation.to, relation.size, relation.kind, n}]++);
        labels[{relation.from, relation.to}].push_back(label);
    }
    for (auto& [ends, list] : labels) {
        std::sort(list.begin(), list.end());
        std::uint64_t colour = list.size();
        for (const std::uint64_t label : list) {
            colour = hash_step(colour, label);
        }
        const auto [from, to] = ends;
        refinement.add_connection(
            {index(from), index(to), Refinement::kNoGroup, bundles.add(from, router_.between(from, to))}, colour);
    }
}

std::string FoldedNetwork::why_stopped(const Refinement& refinement, Refinement::Outcome outcome) const {
    std::string text =
        fmt::format("at least {} classes of {} cards", refinement.card_classes(), topology_.cards.size());
    if (outcome == Refinement::Outcome::too_long) {
        text += fmt::format(", still splitting after {} rounds", refinement.rounds());
    }
    if (uneven_calls_ > 0) {
        text += fmt::format("; calls of a size that does not divide into equal chunks: {}", uneven_calls_);
    }
    return text;
}

std::string FoldedNetwork::try_to_fold(std::span<const std::uint32_t> program_of_card) {
    if (router_.draws_for_messages()) {
        return "each message draws its own route";
    }
    if (std::string why_not = plan_groups(); !why_not.empty()) {
        return why_not;
    }
    const FluidLinks links(topology_);
    std::vector<std::uint64_t> ends(program_of_card.begin(), program_of_card.end());
    for (std::size_t reducer = topology_.cards.size(); reducer < ends_of(topology_); ++reducer) {
        ends.push_back(kReducerColour + (reducer - topology_.cards.size()) % 2);
    }
    std::vector<std::uint64_t> resources;
    for (std::uint32_t r = 0; r < links.resources(); ++r) {
        Picoseconds latency{0};
        for (const std::uint32_t link : links.members(r)) {
            latency += links.latency(link);
        }
        resources.push_back(hash_step(static_cast<std::uint64_t>(links.capacity(r).count()),
                                      static_cast<std::uint64_t>(latency.count())));
    }
    RouteBundles bundles(topology_, links);
    Refinement refinement(bundles, topology_.cards.size(), std::move(ends), std::move(resources));
    add_groups(refinement);
    add_connections(refinement, bundles);
    add_relations(refinement, bundles);
    const Refinement::Outcome outcome = refinement.run(topology_.cards.size() / 2);
    folding_.classes = refinement.card_classes();
    sizes_.rounds = refinement.rounds();
    sizes_.connections = refinement.connections().size();
    if (outcome != Refinement::Outcome::stable) {
        return why_stopped(refinement, outcome);
    }
    quotient_ = std::make_unique<Quotient>(topology_, router_, refinement, groups_);
    sizes_.connection_classes = quotient_->connection_classes();
    sizes_.link_classes = quotient_->link_classes();
    sizes_.group_classes = quotient_->group_classes().size();
    const std::vector<std::uint32_t>& classes = quotient_->class_of_end();
    folding_.class_of.assign(classes.begin(), classes.begin() + static_cast<std::ptrdiff_t>(topology_.cards.size()));
    folding_.representatives = quotient_->representatives();
    folding_.multiplicity = quotient_->multiplicity();
    return {};
}

void FoldedNetwork::build() {
    transport_ = quotient_ ? std::make_unique<FlowTransport>(*quotient_, agenda_, components_.transport)
                           : std::make_unique<FlowTransport>(topology_, router_, agenda_, components_.transport);
    auto planner = std::make_unique<QuotientPlanner>(model_, quotient_.get(), calls_);
    planner_ = planner.get();
    network_ =
        std::make_unique<MessageNetwork>(topology_, agenda_, components_.network, *transport_, std::move(planner));
    if (!quotient_) {
        for (const CommunicatorSpec& spec : specs_) {
            network_->create_communicator(spec);
        }
        return;
    }
    for (const Quotient::GroupClass& made : quotient_->group_classes()) {
        const GroupPlaces& places = groups_[made.group].places;
        std::vector<CardId> seats;
        for (int seat = 0; seat < places.seats(); ++seat) {
            seats.push_back(CardId{made.first_end + static_cast<std::uint32_t>(places.of_seat(seat))});
        }
        network_->create_folded_communicator(specs_[made.group], std::move(seats), made.seats.stands_in);
    }
}

void FoldedNetwork::collective(CommunicatorId communicator, int rank, const CollectiveCall& call, Completion done) {
    MYRIAD_CHECK(network_ != nullptr, "a network is folded before it runs");
    if (!quotient_) {
        network_->collective(communicator, rank, call, done);
        return;
    }
    const CardId card = specs_[static_cast<std::size_t>(communicator)].cards[static_cast<std::size_t>(rank)];
    MYRIAD_CHECK(folding_.representatives[folding_.class_of[index(card)]] == card,
                 fmt::format("card {} is represented by another and runs no program", index(card)));
    const CommunicatorId group{quotient_->group_class(communicator)};
    const int runner = quotient_->runner(communicator, rank);
    if (runner == 0) {  // every group has it: counted once a call
        payload_ += planner_->payload(group, call);
    }
    network_->collective(group, runner, call, done);
}

void FoldedNetwork::send(CardId from, CardId to, Bytes size, std::uint64_t tag, Completion done) {
    MYRIAD_CHECK(network_ != nullptr, "a network is folded before it runs");
    if (quotient_) {
        const auto [sender, receiver] = quotient_->stand_in(from, to);
        MYRIAD_CHECK(sender == from, fmt::format("card {} is represented by another and runs no program", index(from)));
        payload_ += quotient_->copies(from, to) * size;
    }
    network_->send(from, to, size, tag, done);
}

void FoldedNetwork::receive(CardId at, CardId from, std::uint64_t tag, Completion done) {
    MYRIAD_CHECK(network_ != nullptr, "a network is folded before it runs");
    if (!quotient_) {
        network_->receive(at, from, tag, done);
        return;
    }
    const auto [sender, receiver] = quotient_->stand_in(from, at);
    network_->receive(receiver, sender, tag, done);
}

std::vector<Bytes> FoldedNetwork::link_bytes() const {
    return quotient_ ? quotient_->link_bytes(transport_->resource_bytes()) : transport_->link_bytes();
}

std::vector<Bytes> FoldedNetwork::link_bytes_at(TimePoint at, std::uint64_t& steps) const {
    return quotient_ ? quotient_->link_bytes(transport_->resource_bytes_at(at, steps))
                     : transport_->link_bytes_at(at, steps);
}

}  // namespace myriad
