// Tells the network what every rank will do, and takes its word for which ranks are alike. Ranks of one pipeline stage
// with one load of experts run the same program up to the names of peers.

#include "workloads/training/step_folding.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>
#include <utility>

namespace myriad {
namespace {

// Kinds of messages: 2 x boundary + direction for the pipeline; shifts above.
constexpr std::uint64_t kShiftKind = std::uint64_t{1} << 32;

RankFolding unfolded(std::size_t ranks, std::string why) {
    RankFolding folding;
    folding.representative.resize(ranks);
    std::iota(folding.representative.begin(), folding.representative.end(), std::int64_t{0});
    folding.multiplicity.assign(ranks, 1);
    folding.text = std::move(why);
    return folding;
}

void tell_calls(const StepContext& context, const StepGroups& groups, FoldableNetwork& network) {
    // Groups of one kind and stage make the same calls.
    std::map<std::tuple<GroupKind, int, bool, bool, std::int64_t>, std::vector<CollectiveCall>> known;
    for (const GroupRecord& group : groups.records) {
        const std::int64_t stage = context.layout.place_of(group.ranks.front()).pp;
        const auto key = std::tuple{group.kind, group.routing, group.returns, group.weights, stage};
        auto found = known.find(key);
        if (found == known.end()) {
            found = known.emplace(key, calls_of(context, group)).first;
        }
        for (const CollectiveCall& call : found->second) {
            network.will_call(group.id, call);
        }
    }
}

void tell_messages(const StepContext& context, FoldableNetwork& network) {
    const Bytes size = pipeline_message(context.model, context.plan);
    const PipelineShape& shape = context.pipeline;
    const std::int64_t half = shape.micro_batches / 2;
    const auto card = [&](std::int64_t rank) { return context.placement[static_cast<std::size_t>(rank)]; };
    for (std::int64_t rank = 0; rank < context.plan.ranks(); ++rank) {
        const std::int64_t stage = context.layout.place_of(rank).pp;
        for (const ChunkContent& chunk : context.stages[static_cast<std::size_t>(stage)].chunks) {
            if (chunk.last) {
                continue;
            }
            // A micro-batch that visits the chunk (DualPipe: of the half that walks its way).
            const bool second =
                shape.schedule == PipelineSchedule::dualpipe && place_at(shape, 0, chunk.position).stage != stage;
            const ChunkPlace next = place_at(shape, second ? half : 0, chunk.position + 1);
            const std::int64_t peer = context.layout.at_stage(rank, next.stage);
            const auto kind = static_cast<std::uint64_t>(4 * chunk.position + (second ? 2 : 0));
            network.will_send(card(rank), card(peer), size, kind);
            network.will_send(card(peer), card(rank), size, kind + 1);
        }
    }
    for (const std::vector<std::int64_t>& ring : context.rings) {
        const std::vector<Bytes> sizes = shifts_of(context, context.layout.place_of(ring.front()).pp);
        for (std::size_t i = 0; i < ring.size(); ++i) {
            for (const Bytes shift : sizes) {
                network.will_send(card(ring[i]), card(ring[(i + 1) % ring.size()]), shift, kShiftKind);
            }
        }
    }
}

std::vector<std::uint32_t> programs_by_card(const StepContext& context) {
    CardId last{};
    for (const CardId card : context.placement) {
        last = std::max(last, card);
    }
    std::vector<std::uint32_t> program(index(last) + 1, 0);
    std::map<std::pair<std::int64_t, std::size_t>, std::uint32_t> numbers;
    for (std::int64_t rank = 0; rank < context.plan.ranks(); ++rank) {
        const RankPlace place = context.layout.place_of(rank);
        const std::size_t load = context.loads.of(context.layout.group_of(GroupKind::expert, rank), place.ep, 0, 0);
        const auto r = static_cast<std::size_t>(rank);
        const auto number = static_cast<std::uint32_t>(numbers.size() + 1);  // 0: cards without a rank
        program[index(context.placement[r])] = numbers.emplace(std::pair{place.pp, load}, number).first->second;
    }
    return program;
}

// Groups whose members are of the same classes, in whatever order.
std::vector<std::uint32_t> classes_of_groups(const StepGroups& groups, const StepContext& context,
                                             const Folding& folding) {
    std::vector<std::uint32_t> result;
    std::map<std::pair<std::tuple<GroupKind, std::size_t, int, bool, bool>, std::vector<std::uint32_t>>, std::uint32_t>
        known;
    for (const GroupRecord& group : groups.records) {
        std::vector<std::uint32_t> members;
        for (const std::int64_t rank : group.ranks) {
            members.push_back(folding.class_of[index(context.placement[static_cast<std::size_t>(rank)])]);
        }
        std::sort(members.begin(), members.end());
        const auto key = std::tuple{group.kind, group.lane, group.routing, group.returns, group.weights};
        const auto number = static_cast<std::uint32_t>(known.size());
        const auto id = static_cast<std::size_t>(group.id);
        result.resize(std::max(result.size(), id + 1));
        result[id] = known.emplace(std::pair{key, std::move(members)}, number).first->second;
    }
    return result;
}

}  // namespace

RankFolding fold_ranks(const StepContext& context, const StepGroups& groups, const TrainingPlatform& platform) {
    const std::size_t ranks = context.placement.size();
    if (platform.foldable == nullptr) {
        return unfolded(ranks, "");
    }
    FoldableNetwork& network = *platform.foldable;
    tell_calls(context, groups, network);
    tell_messages(context, network);
    const Folding& folding = platform.fold(programs_by_card(context));
    if (!folding.folded) {
        return unfolded(ranks, folding.why_not);
    }
    RankFolding result;
    result.representative.resize(ranks);
    result.multiplicity.assign(ranks, 0);
    std::map<CardId, std::int64_t> rank_of_card;
    for (std::size_t rank = 0; rank < ranks; ++rank) {
        rank_of_card[context.placement[rank]] = static_cast<std::int64_t>(rank);
    }
    std::int64_t classes = 0;
    for (std::size_t rank = 0; rank < ranks; ++rank) {
        const std::uint32_t number = folding.class_of[index(context.placement[rank])];
        const std::int64_t runs = rank_of_card.at(folding.representatives[number]);
        result.representative[rank] = runs;
        classes += runs == static_cast<std::int64_t>(rank) ? 1 : 0;
        ++result.multiplicity[static_cast<std::size_t>(runs)];
    }
    result.group_class = classes_of_groups(groups, context, folding);
    result.text = fmt::format("{} classes of {} ranks", classes, ranks);
    return result;
}

}  // namespace myriad
