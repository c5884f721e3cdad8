// Profiles are made once for an algorithm and evaluated for every size and protocol, which takes microseconds; plans are
// remembered by size.

#include "interconnect/analytic/model_planner.h"

#include "interconnect/collective/chunk_sizes.h"
#include "sim/error/error.h"
#include "sim/units/quantity_text.h"

#include <algorithm>
#include <set>

#include <fmt/core.h>

namespace myriad {

namespace {

std::string family_key(const CommunicatorSpec& spec, const GroupShape& shape, std::size_t fresh_number) {
    // Without a dimension, or with blocks or a schedule of its own, a communicator has no siblings.
    const bool alone = spec.dimension.empty() || !spec.block_weights.empty() || spec.schedule != nullptr;
    std::string key = alone ? fmt::format("#{}", fresh_number) : spec.dimension;
    key += fmt::format("|{}|{}", name_of(spec.algorithm), hierarchy_text(shape.hierarchy));
    key += shape.on_reducing_switch ? "|switch" : "";
    for (const CollectiveAlgorithm algorithm : shape.per_dimension) {
        key += fmt::format("|{}", name_of(algorithm));
    }
    return key;
}

// What one rank sends in all and how it is delayed, without looking at paths: for groups too large to walk.
Picoseconds rough_time(const Schedule& schedule, Bytes size, const CallCost& cost, BytesPerSecond rate,
                       std::vector<Transfer>& transfers) {
    const ChunkSizes sizes(size, schedule.chunks());
    Picoseconds total = cost.start;
    for (int step = 0; step < schedule.steps(); ++step) {
        schedule.sends(0, step, transfers);
        Bytes sum;
        Bytes largest;
        for (const Transfer& transfer : transfers) {
            sum += sizes.of(transfer);
            largest = std::max(largest, sizes.of(transfer));
        }
        total += cost.step_delay(largest) + transfer_time_ceil(cost.wire(sum), rate);
    }
    return total;
}

std::string option_text(CollectiveAlgorithm algorithm, const std::string& protocol) {
    return protocol.empty() ? std::string(name_of(algorithm)) : fmt::format("{} with {}", name_of(algorithm), protocol);
}

std::string microseconds_text(Picoseconds time) {
    return fmt::format("{:.2f} us", static_cast<double>(time.count()) * 1e-6);
}

}  // namespace

ModelPlanner::ModelPlanner(const Topology& topology, Router& router, CollectiveLibrary library)
    : topology_(topology), model_(topology, router), library_(std::move(library)) {}

CommunicatorId ModelPlanner::add_group(const CommunicatorSpec& spec) {
    const GroupShape shape = shape_of_group(topology_, spec);
    const std::string key = family_key(spec, shape, groups_.size());
    const auto [found, fresh] = family_by_key_.try_emplace(key, families_.size());
    if (fresh) {
        families_.push_back(std::make_unique<Family>(Family{.wanted = spec.algorithm, .shape = shape}));
    }
    Family& family = *families_[found->second];
    for (auto& [run_key, run] : family.runs) {
        run.profile.reset();
        run.transfers = 0;
    }
    family.plans.clear();
    groups_.push_back({spec.name, found->second, family.groups.size()});
    family.groups.push_back(spec.cards);
    return CommunicatorId{static_cast<std::uint32_t>(groups_.size() - 1)};
}

ModelPlanner::Family& ModelPlanner::family_of(CommunicatorId group) {
    MYRIAD_CHECK(static_cast<std::size_t>(group) < groups_.size(), "no such communicator");
    return *families_[groups_[static_cast<std::size_t>(group)].family];
}

const std::vector<CardId>& ModelPlanner::cards(CommunicatorId group) const {
    const Group& known = groups_[static_cast<std::size_t>(group)];
    return families_[known.family]->groups[known.member];
}

ModelPlanner::Run& ModelPlanner::run_of(Family& family, const CollectiveCall& call, CollectiveAlgorithm algorithm) {
    Run& run =
        family.runs[{call.op, call.root, algorithm, depends_on_size(call.op, algorithm) ? call.size.count() : 0}];
    if (run.schedule == nullptr) {
        run.schedule = make_schedule({call.op, algorithm, family.shape, call.root, call.size});
    }
    if (run.transfers == 0) {
        std::set<int> patterns;
        for (int step = 0; step < run.schedule->steps(); ++step) {
            if (patterns.insert(run.schedule->pattern(step)).second) {
                run.schedule->sends(call.root, step, transfers_);
                run.transfers += static_cast<std::int64_t>(transfers_.size());
            }
        }
        run.transfers *=
            static_cast<std::int64_t>(run.schedule->ranks()) * static_cast<std::int64_t>(family.groups.size());
    }
    return run;
}

const CollectiveProfile& ModelPlanner::profile_of(Family& family, Run& run) {
    if (run.profile == nullptr) {
        run.profile = std::make_unique<CollectiveProfile>(model_.profile(*run.schedule, family.groups));
    }
    return *run.profile;
}

std::vector<CollectiveAlgorithm> ModelPlanner::compared(CollectiveOp op, const Family& family) const {
    if (family.wanted != CollectiveAlgorithm::automatic) {
        return {family.wanted};
    }
    const CollectiveAlgorithm by_structure = choose_algorithm(op, family.wanted, family.shape).algorithm;
    if (library_.algorithms.empty() || op == CollectiveOp::all_to_all || op == CollectiveOp::all_to_allv) {
        return {by_structure};
    }
    std::vector<CollectiveAlgorithm> algorithms;
    const auto dimensions =
        std::count_if(family.shape.hierarchy.begin(), family.shape.hierarchy.end(), [](int size) { return size > 1; });
    for (const CollectiveAlgorithm algorithm : library_.algorithms) {
        const bool flat = algorithm == CollectiveAlgorithm::hierarchical && dimensions < 2;  // the same as direct
        if (!flat && obstacle(op, algorithm, family.shape).empty()) {
            algorithms.push_back(algorithm);
        }
    }
    return algorithms.empty() ? std::vector{by_structure} : algorithms;
}

const std::vector<ProtocolCost>& ModelPlanner::protocols_of(CollectiveOp op, CollectiveAlgorithm algorithm) const {
    static const std::vector<ProtocolCost> free_of_cost(1);
    if (algorithm == CollectiveAlgorithm::in_network && !library_.switch_protocols.empty()) {
        return library_.switch_protocols;
    }
    const bool peers =
        op == CollectiveOp::all_to_all || op == CollectiveOp::all_to_allv || algorithm == CollectiveAlgorithm::direct;
    const std::vector<ProtocolCost>& stated =
        peers && !library_.peer_protocols.empty() ? library_.peer_protocols : library_.protocols;
    return stated.empty() ? free_of_cost : stated;
}

Picoseconds ModelPlanner::modelled_time(Family& family, const Option& option, Bytes size) {
    if (option.run->transfers <= kComparedTransfersMax) {
        return profile_of(family, *option.run).time(size, option.cost);
    }
    const NodeId node = topology_.cards[index(family.groups.front().front())];
    BytesPerSecond rate{0};
    for (const EdgeId edge : topology_.nodes[index(node)].ports) {
        rate = std::max(rate, class_of(topology_, edge).bandwidth);
    }
    return rough_time(*option.run->schedule, size, option.cost, rate, transfers_);
}

std::vector<ModelPlanner::Option> ModelPlanner::options(Family& family, const CollectiveCall& call) {
    const int ranks = family.shape.ranks();
    std::vector<CollectiveAlgorithm> algorithms = compared(call.op, family);
    if (algorithms.size() > 1) {
        const auto too_large = [&](CollectiveAlgorithm algorithm) {
            return run_of(family, call, algorithm).transfers > kComparedTransfersMax;
        };
        std::erase_if(algorithms, too_large);
        if (algorithms.empty()) {
            algorithms = {choose_algorithm(call.op, family.wanted, family.shape).algorithm};
        }
    }
    std::vector<Option> all;
    for (const CollectiveAlgorithm algorithm : algorithms) {
        Run& run = run_of(family, call, algorithm);
        for (const ProtocolCost& protocol : protocols_of(call.op, algorithm)) {
            all.push_back({&run, algorithm, &protocol, call_cost(library_, protocol, call.op, call.size, ranks), {}});
        }
    }
    return all;
}

CollectivePlan ModelPlanner::choose(Family& family, const CollectiveCall& call) {
    std::vector<Option> all = options(family, call);
    if (all.size() > 1) {
        for (Option& option : all) {
            option.time = modelled_time(family, option, call.size);
        }
        std::stable_sort(all.begin(), all.end(), [](const Option& a, const Option& b) { return a.time < b.time; });
    }
    const Option& best = all.front();
    CollectivePlan plan{best.run->schedule.get(), best.cost, {best.algorithm, {}, best.protocol->name}};
    if (family.wanted != CollectiveAlgorithm::automatic) {
        return plan;
    }
    if (all.size() == 1) {
        plan.choice.reason = choose_algorithm(call.op, family.wanted, family.shape).reason;
        return plan;
    }
    plan.choice.reason = fmt::format("picked {}: {} modelled for {}, the next best {} {}",
                                     option_text(best.algorithm, best.protocol->name), microseconds_text(best.time),
                                     human_text(call.size), option_text(all[1].algorithm, all[1].protocol->name),
                                     microseconds_text(all[1].time));
    return plan;
}

const CollectivePlan& ModelPlanner::plan(CommunicatorId id, const CollectiveCall& call) {
    Family& family = family_of(id);
    const CallKey key{call.op, call.root, call.size.count()};
    auto known = family.plans.find(key);
    if (known == family.plans.end()) {
        known = family.plans.emplace(key, choose(family, call)).first;
        // Told once for the family, by the group that asks first, for each way of running an operation.
        const AlgorithmChoice& choice = known->second.choice;
        if (family.told.insert({call.op, choice.algorithm, choice.protocol}).second) {
            choices_.push_back({groups_[static_cast<std::size_t>(id)].name, call.op, choice});
        }
    }
    return known->second;
}

Picoseconds ModelPlanner::time(CommunicatorId group, const CollectiveCall& call) {
    const CollectivePlan& plan = this->plan(group, call);
    Family& family = family_of(group);
    Run& run = run_of(family, call, plan.choice.algorithm);
    return profile_of(family, run).time(call.size, plan.cost);
}

CallCost ModelPlanner::message_cost(CardId from, CardId to, Bytes size) {
    CallCost best;
    Picoseconds least = Picoseconds::max();
    for (const ProtocolCost& protocol : library_.peer_protocols) {
        CallCost cost = call_cost({}, protocol, CollectiveOp::broadcast, size, 2);
        cost.start += cost.step_delay(size);
        if (protocol.round_trips > 0) {
            cost.start += 2 * protocol.round_trips * model_.message_time(from, to, Bytes{0});
        }
        const Picoseconds time = cost.start + model_.message_time(from, to, cost.wire(size));
        if (time < least) {
            least = time;
            best = cost;
        }
    }
    return best;
}

}  // namespace myriad
