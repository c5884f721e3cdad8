// Every rank has its groups created in the same order, which folding relies on (interconnect/foldable_network.h).

#include "workloads/training/step_groups.h"

#include <fmt/core.h>

#include <algorithm>
#include <functional>
#include <string>
#include <utility>

namespace myriad {
namespace {

class GroupMaker {
public:
    GroupMaker(const LlmConfig& model, const ParallelPlan& plan, const Layout& layout, const ExpertLoads& loads,
               const std::vector<CardId>& placement, Network& network)
        : model_(model), plan_(plan), layout_(layout), loads_(loads), placement_(placement), network_(network) {
        groups_.of_rank.resize(placement.size());
        seats_.resize(placement.size());
        lanes_ = plan.schedule == PipelineSchedule::dualpipe ? kLanes : 1;
    }

    StepGroups make() {
        for (const GroupKind kind : {GroupKind::tensor, GroupKind::context, GroupKind::expert_tensor}) {
            for (std::size_t lane = 0; lane < lanes_; ++lane) {
                make_lists(kind, lane);
            }
        }
        make_rings();
        make_expert_groups();
        make_data_groups(GroupKind::data, &RankGroups::data);
        make_data_groups(GroupKind::expert_data, &RankGroups::expert_data);
        make_data_groups(GroupKind::data, &RankGroups::weights);
        make_data_groups(GroupKind::expert_data, &RankGroups::expert_weights);
        if (plan_.clip_gradients) {
            make_lists(GroupKind::model, 0);
        }
        if (model_.tied_embeddings && plan_.pipeline_parallel > 1) {
            make_lists(GroupKind::embedding, 0);
        }
        return std::move(groups_);
    }

private:
    using Seat = std::function<void(RankGroups&, const Member&)>;

    // A communicator of `ranks`, and their seats in it; none where there is one rank.
    void seat(const GroupRecord& about, std::int64_t number, const std::vector<std::int64_t>& ranks,
              const std::vector<std::int64_t>& weights, const Seat& take) {
        if (ranks.size() < 2) {
            return;
        }
        CommunicatorSpec spec;
        spec.name = fmt::format("{}[{}]", name_of(about.kind), number);
        spec.dimension = name_of(about.kind);
        spec.block_weights = weights;
        for (const std::int64_t rank : ranks) {
            spec.cards.push_back(placement_[static_cast<std::size_t>(rank)]);
        }
        const CommunicatorId id = network_.create_communicator(std::move(spec));
        GroupRecord record = about;
        record.id = id;
        record.ranks = ranks;
        groups_.records.push_back(std::move(record));
        for (std::size_t i = 0; i < ranks.size(); ++i) {
            const auto rank = static_cast<std::size_t>(ranks[i]);
            take(groups_.of_rank[rank], {id, static_cast<int>(i), seats_[rank]++});
        }
    }

    void make_lists(GroupKind kind, std::size_t lane) {
        for (std::int64_t number = 0; layout_.size(kind) > 1 && number < layout_.groups(kind); ++number) {
            seat({.kind = kind, .lane = lane}, number, layout_.members(kind, number), {},
                 [&](RankGroups& groups, const Member& member) {
                     groups.of[static_cast<std::size_t>(kind)][lane] = member;
                 });
        }
    }

    void make_rings() {
        if (plan_.context_parallel == 1) {
            return;
        }
        for (std::int64_t number = 0; number < layout_.groups(GroupKind::context); ++number) {
            groups_.rings.push_back(layout_.members(GroupKind::context, number));
            for (const std::int64_t rank : groups_.rings.back()) {
                groups_.of_rank[static_cast<std::size_t>(rank)].ring = groups_.rings.size() - 1;
            }
        }
    }

    void make_expert_groups() {
        if (plan_.dispatch == ExpertDispatch::per_server) {
            for (std::size_t lane = 0; lane < lanes_; ++lane) {
                make_lists(GroupKind::expert_server, lane);
                make_lists(GroupKind::expert_rail, lane);
            }
            return;
        }
        if (!loads_.uneven()) {
            for (std::size_t lane = 0; lane < lanes_; ++lane) {
                make_lists(GroupKind::expert, lane);
            }
            return;
        }
        const auto ranks = layout_.size(GroupKind::expert);
        for (std::int64_t number = 0; ranks > 1 && number < layout_.groups(GroupKind::expert); ++number) {
            const std::vector<std::int64_t> members = layout_.members(GroupKind::expert, number);
            for (const std::int64_t rank : members) {
                RankGroups& groups = groups_.of_rank[static_cast<std::size_t>(rank)];
                groups.dispatch.resize(static_cast<std::size_t>(loads_.samples()));
                groups.combine.resize(static_cast<std::size_t>(loads_.samples()));
            }
            for (int sample = 0; sample < loads_.samples(); ++sample) {
                const std::vector<std::int64_t>& copies = loads_.counts(number, sample).copies;
                const auto index = static_cast<std::size_t>(sample);
                for (std::size_t lane = 0; lane < lanes_; ++lane) {
                    GroupRecord about{.kind = GroupKind::expert, .lane = lane, .routing = sample};
                    seat(about, number, members, copies,
                         [&](RankGroups& groups, const Member& member) { groups.dispatch[index][lane] = member; });
                    about.returns = true;
                    seat(about, number, members, transposed(copies, ranks),
                         [&](RankGroups& groups, const Member& member) { groups.combine[index][lane] = member; });
                }
            }
        }
    }

    static std::vector<std::int64_t> transposed(const std::vector<std::int64_t>& counts, std::int64_t ranks) {
        std::vector<std::int64_t> result(counts.size());
        for (std::int64_t r = 0; r < ranks; ++r) {
            for (std::int64_t c = 0; c < ranks; ++c) {
                result[static_cast<std::size_t>(c * ranks + r)] = counts[static_cast<std::size_t>(r * ranks + c)];
            }
        }
        return result;
    }

    void make_data_groups(GroupKind kind, std::vector<Member> RankGroups::*seats) {
        const auto chunks = static_cast<std::size_t>(plan_.pipeline().chunks);
        for (RankGroups& groups : groups_.of_rank) {
            (groups.*seats).resize(chunks);
        }
        const bool weights = seats == &RankGroups::weights || seats == &RankGroups::expert_weights;
        if ((weights && plan_.zero_stage < 3) || (kind == GroupKind::expert_data && !model_.has_experts())) {
            return;
        }
        const bool mirrored = plan_.schedule == PipelineSchedule::dualpipe;
        for (std::int64_t number = 0; number < layout_.groups(kind); ++number) {
            std::vector<std::int64_t> ranks = layout_.members(kind, number);
            const std::int64_t own = layout_.place_of(ranks.front()).pp;
            if (mirrored) {
                const std::size_t here = ranks.size();
                for (std::size_t i = 0; i < here; ++i) {
                    ranks.push_back(layout_.at_stage(ranks[i], plan_.pipeline_parallel - 1 - own));
                }
            }
            // Seats come in the order of `ranks`: the first half is the stage's own chunk 0.
            std::size_t next = 0;
            const std::size_t half = mirrored ? ranks.size() / 2 : ranks.size();
            seat({.kind = kind, .weights = weights}, number, ranks, {}, [&](RankGroups& groups, const Member& member) {
                if (mirrored) {
                    (groups.*seats)[next++ < half ? 0 : 1] = member;
                } else {
                    std::fill((groups.*seats).begin(), (groups.*seats).end(), member);
                }
            });
        }
    }

    const LlmConfig& model_;
    const ParallelPlan& plan_;
    const Layout& layout_;
    const ExpertLoads& loads_;
    const std::vector<CardId>& placement_;
    Network& network_;
    StepGroups groups_;
    std::vector<std::uint16_t> seats_;  // taken, by rank
    std::size_t lanes_ = 1;
};

}  // namespace

StepGroups create_groups(const LlmConfig& model, const ParallelPlan& plan, const Layout& layout,
                         const ExpertLoads& loads, const std::vector<CardId>& placement, Network& network) {
    return GroupMaker(model, plan, layout, loads, placement, network).make();
}

}  // namespace myriad
