#pragma once
// Which assumed values of its files a run rests on.

#include "app/config_files/load.h"
#include "sim/config/document.h"

#include <vector>

namespace myriad {

// At roofline level the banks of a stack and the inside of a core have no say, so their values are no assumption of it;
// likewise what interference and flow control alone ask for.
[[nodiscard]] std::vector<SourcedText> assumptions(const Loaded<Scenario>& loaded);

}  // namespace myriad
