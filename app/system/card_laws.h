#pragma once
// Laws that hold on every card at the end of a run.

#include "models/ppu/ppu_card.h"

#include <memory>
#include <string>
#include <vector>

namespace myriad {

// Nothing waits, and nothing was used twice: no card computed for longer than the run; with interference, neither HBM
// nor cores gave more than they have, and every byte that HBM counted was given its share. Throws LawError; adds what
// held to `held`.
void check_card_laws(const std::vector<std::unique_ptr<PpuCard>>& cards, Picoseconds elapsed,
                     std::vector<std::string>& held);

}  // namespace myriad
