// Assumptions are left out by where they stand in the tree, which names the model that reads them.

#include "app/run/assumptions.h"

namespace myriad {

std::vector<SourcedText> assumptions(const Loaded<Scenario>& loaded) {
    std::vector<SourcedText> assumed = loaded.document.assumed();
    if (loaded.value.fidelity.card == CardLevel::roofline) {
        std::erase_if(assumed, [](const SourcedText& value) {
            return value.path.find(".hbm.preset.") != std::string::npos ||
                   value.path.find(".chip.core.") != std::string::npos || value.path.ends_with(".hbm.refresh_rate");
        });
    }
    if (!loaded.value.fidelity.interference) {
        std::erase_if(assumed,
                      [](const SourcedText& value) { return value.path.find(".communication.") != std::string::npos; });
    }
    if (!loaded.value.fidelity.queueing.control.modelled) {
        std::erase_if(assumed,
                      [](const SourcedText& value) { return value.path.find(".flow_control.") != std::string::npos; });
    }
    return assumed;
}

}  // namespace myriad
