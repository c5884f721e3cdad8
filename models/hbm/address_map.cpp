// The maps of HbmAddressMap: which bits of an address below a row go where.

#include "models/hbm/address_map.h"

#include <bit>

namespace myriad {
namespace {

std::int32_t bits(std::int64_t power) { return std::countr_zero(static_cast<std::uint64_t>(power)); }

}  // namespace

LocalMap::LocalMap(const HbmPreset& preset) {
    const HbmOrganisation& o = preset.organisation;
    const std::int32_t burst_bits = bits(o.burst().count());
    page_bits = bits(o.page.count());
    group_bits = bits(o.bank_groups);
    bank_bits = group_bits + bits(o.banks_per_group);
    row_bits = bits(o.rows);
    way_bits = group_bits;
    granule_bits = burst_bits + 1;
    switch (preset.controller.map) {
        case HbmAddressMap::reference:
            break;
        case HbmAddressMap::channel_256:
            granule_bits = burst_bits + 3;
            break;
        case HbmAddressMap::row_linear:
            granule_bits = page_bits;
            way_bits = 0;
            break;
        case HbmAddressMap::banks_low:
            way_bits = bank_bits;
            break;
        case HbmAddressMap::burst_interleave:
            granule_bits = burst_bits;
            break;
    }
}

StackMap::StackMap(const HbmPreset& preset) {
    const LocalMap local(preset);
    const std::int32_t burst_bits = bits(preset.organisation.burst().count());
    // Under row_linear a channel takes 64 B turns, but a pseudo channel a whole row.
    channel_low = preset.controller.map == HbmAddressMap::row_linear ? burst_bits + 1 : local.granule_bits;
    channel_bits = bits(preset.organisation.channels);
    pseudo_low = local.granule_bits;
    pseudo_bits = bits(preset.organisation.pseudo_channels);
}

}  // namespace myriad
