#pragma once
// What the cards of a run counted, summed and as a spread over cards.

#include "models/ppu/ppu_card.h"
#include "sim/statistics/report.h"

#include <memory>
#include <vector>

namespace myriad {

// `copies`: how many cards each stands for; empty: one.
void add_card_statistics(const std::vector<std::unique_ptr<PpuCard>>& cards, StatisticReport& report,
                         const std::vector<std::int64_t>& copies = {});

}  // namespace myriad
