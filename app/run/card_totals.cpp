// Every card counts by its own chip; one whose figure is not known makes the sum unknown.

#include "app/run/card_totals.h"

#include <variant>

namespace myriad {
namespace {

std::int64_t cards_taking_part(const Scenario& scenario) {
    if (const auto* training = std::get_if<TrainingWorkload>(&scenario.workload)) {
        return static_cast<std::int64_t>(training->cards.size());
    }
    if (const auto* inference = std::get_if<InferenceWorkload>(&scenario.workload)) {
        return static_cast<std::int64_t>(inference->cards.size());
    }
    if (const auto* collective = std::get_if<CollectiveWorkload>(&scenario.workload)) {
        return static_cast<std::int64_t>(collective->cards.size());
    }
    return scenario.cluster.cards();
}

}  // namespace

CardTotals card_totals(const Scenario& scenario) {
    CardTotals totals;
    totals.cards = cards_taking_part(scenario);
    const auto cards = static_cast<double>(totals.cards);
    const ChipFile& chip = scenario.cluster.chip;
    if (chip.chip.tdp.count() > 0.0) {
        totals.power = Watts{chip.chip.tdp.count() * cards};
    }
    if (chip.rent) {
        totals.rent = UsDollarsPerHour{chip.rent->value.count() * cards};
    }
    return totals;
}

}  // namespace myriad
