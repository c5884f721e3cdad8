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

}  // namespace myriad
