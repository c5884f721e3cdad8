// A few words of state a rank and one record of the agenda a block: no coroutine is needed for so plain a program.

#include "workloads/iteration/iteration.h"

#include "sim/error/error.h"

#include <fmt/core.h>

namespace myriad {

Iteration::Iteration(const IterationSpec& spec, Network& network, Agenda& agenda, ComponentId self, SpanSink* spans)
    : spec_(spec),
      network_(network),
      agenda_(agenda),
      self_(self),
      ranks_(static_cast<std::size_t>(spec.ranks())),
      spans_(spans),
      reductions_began_(spans != nullptr ? ranks_.size() : 0) {
    MYRIAD_CHECK(spec.layers > 0 && spec.blocks > 0 && spec.tensor_parallel > 0 && spec.data_parallel > 0,
                 "an iteration has layers, blocks and ranks");
    agenda.enroll(self, *this);
    create_groups();
}

void Iteration::create_groups() {
    const auto card = [](int rank) { return CardId{static_cast<std::uint32_t>(rank)}; };
    const int tensor = spec_.tensor_parallel;
    for (int group = 0; spec_.tensor_size.count() > 0 && tensor > 1 && group < spec_.data_parallel; ++group) {
        CommunicatorSpec spec{fmt::format("tp[{}]", group), "tp", {}, spec_.tensor_algorithm, {}};
        for (int r = 0; r < tensor; ++r) {
            spec.cards.push_back(card(group * tensor + r));
        }
        tensor_groups_.push_back(network_.create_communicator(std::move(spec)));
    }
    for (int group = 0; spec_.data_size.count() > 0 && spec_.data_parallel > 1 && group < tensor; ++group) {
        CommunicatorSpec spec{fmt::format("dp[{}]", group), "dp", {}, spec_.data_algorithm, {}};
        for (int r = 0; r < spec_.data_parallel; ++r) {
            spec.cards.push_back(card(group + r * tensor));
        }
        data_groups_.push_back(network_.create_communicator(std::move(spec)));
    }
}

void Iteration::start() {
    started_ = agenda_.now();
    unfinished_ = spec_.ranks();
    for (std::size_t rank = 0; rank < ranks_.size(); ++rank) {
        compute(rank);
    }
}

void Iteration::compute(std::size_t rank) {
    const bool forward = ranks_[rank].block < spec_.layers * spec_.blocks;
    agenda_.schedule(agenda_.now() + (forward ? spec_.forward_compute : spec_.backward_compute), Phase::deliver, self_,
                     self_, rank);
}

void Iteration::on_agenda(const AgendaRecord& record) {
    const auto rank = static_cast<std::size_t>(record.payload);
    if (spans_ != nullptr) {
        const bool forward = ranks_[rank].block < spec_.layers * spec_.blocks;
        tell(rank, SpanKind::compute, forward ? "forward block" : "backward block",
             agenda_.now() - (forward ? spec_.forward_compute : spec_.backward_compute));
    }
    if (tensor_groups_.empty()) {
        end_block(rank);
        return;
    }
    ranks_[rank].waiting_since = agenda_.now();
    ++collectives_;
    const auto tensor = static_cast<std::size_t>(spec_.tensor_parallel);
    network_.collective(tensor_groups_[rank / tensor], static_cast<int>(rank % tensor),
                        {CollectiveOp::all_reduce, spec_.tensor_size}, {&Iteration::tensor_done, this, rank});
}

void Iteration::tensor_done(void* self, std::uint64_t rank) {
    auto& iteration = *static_cast<Iteration*>(self);
    Rank& state = iteration.ranks_[rank];
    state.tensor_exposed += iteration.agenda_.now() - state.waiting_since;
    iteration.tell(rank, SpanKind::tensor, "all_reduce", state.waiting_since);
    iteration.end_block(rank);
}

void Iteration::end_block(std::size_t rank) {
    Rank& state = ranks_[rank];
    ++state.block;
    const std::int64_t forward = spec_.layers * spec_.blocks;
    const bool layer_ends = state.block > forward && (state.block - forward) % spec_.blocks == 0;
    state.at_end = state.block == 2 * forward;
    if (layer_ends && !data_groups_.empty()) {
        ++state.reductions;
        ++collectives_;
        if (spans_ != nullptr) {
            reductions_began_[rank].push_back(agenda_.now());
        }
        const auto tensor = static_cast<std::size_t>(spec_.tensor_parallel);
        network_.collective(data_groups_[rank % tensor], static_cast<int>(rank / tensor),
                            {CollectiveOp::all_reduce, spec_.data_size}, {&Iteration::data_done, this, rank});
    }
    if (state.reductions > 0 && (state.at_end || (layer_ends && !spec_.overlap_gradient_reduction))) {
        state.waits = true;
        state.waiting_since = agenda_.now();
        return;
    }
    go_on(rank);
}

void Iteration::data_done(void* self, std::uint64_t rank) {
    auto& iteration = *static_cast<Iteration*>(self);
    Rank& state = iteration.ranks_[rank];
    if (iteration.spans_ != nullptr) {  // calls of one group end in the order in which they began
        std::deque<TimePoint>& began = iteration.reductions_began_[rank];
        iteration.tell(rank, SpanKind::data, "all_reduce", began.front(), kBesideLane);
        began.pop_front();
    }
    if (--state.reductions > 0 || !state.waits) {
        return;
    }
    state.waits = false;
    state.data_exposed += iteration.agenda_.now() - state.waiting_since;
    iteration.tell(rank, SpanKind::data, "waits for gradients", state.waiting_since);
    iteration.go_on(rank);
}

void Iteration::go_on(std::size_t rank) {
    if (!ranks_[rank].at_end) {
        compute(rank);
    } else if (--unfinished_ == 0) {
        ended_ = agenda_.now();
    }
}

void Iteration::tell(std::size_t rank, SpanKind kind, std::string_view label, TimePoint start, std::uint8_t lane) {
    if (spans_ == nullptr || agenda_.now() <= start) {
        return;
    }
    Span span;
    span.rank = static_cast<std::int64_t>(rank);
    span.kind = kind;
    span.label = label;
    span.start = start;
    span.end = agenda_.now();
    span.lane = lane;
    span.beside = lane == kBesideLane;
    spans_->on_span(span);
}

IterationResult Iteration::result() const {
    MYRIAD_CHECK(finished(), "an iteration has a result when all ranks are done");
    IterationResult result{ended_ - started_, spec_.compute(), {}, {}, collectives_};
    for (const Rank& rank : ranks_) {
        result.tensor_exposed += rank.tensor_exposed;
        result.data_exposed += rank.data_exposed;
    }
    result.tensor_exposed /= spec_.ranks();
    result.data_exposed /= spec_.ranks();
    return result;
}

}  // namespace myriad
