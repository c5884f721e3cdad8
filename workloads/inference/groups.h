#pragma once
// The communicators of an inference plan and every rank's seats in them. Internal to inference/.

#include "interconnect/network.h"
#include "workloads/training/collective_stream.h"
#include "workloads/training/expert_loads.h"
#include "workloads/training/layout.h"

#include <array>
#include <vector>

namespace myriad {

struct InferenceSeats {
    std::array<Member, kGroupKinds> of;
    std::vector<Member> dispatch;  // by routing sample; empty: even
    std::vector<Member> combine;
};

// Tensor, expert and expert-tensor groups, each where it has more than one rank. By rank.
[[nodiscard]] std::vector<InferenceSeats> create_seats(const Layout& layout, const ExpertLoads& loads, bool experts,
                                                       const std::vector<CardId>& placement, Network& network);

}  // namespace myriad
